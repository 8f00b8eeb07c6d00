// Draws every pickup point with the radius it is protected by.
// Nothing leaves the page unless a tile address is set.
"use strict";

const box = document.querySelector("#points-map");
const marks = JSON.parse(document.querySelector("#points-marks").textContent);

function draw() {
  const map = L.map(box, { attributionControl: Boolean(box.dataset.tiles), scrollWheelZoom: false, zoomSnap: 0.25 });
  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, { attribution: box.dataset.attribution }).addTo(map);
  }
  L.control.scale({ imperial: false }).addTo(map);
  const places = [];
  for (const point of marks) {
    const place = [point.lat, point.lng];
    places.push(place);
    const className = point.is_crowded ? "point-radius point-radius--crowded" : "point-radius";
    L.circle(place, { radius: point.radius_m, className }).addTo(map);
    const words = `${point.name} · ${point.orders} ${box.dataset.labelOrders}`;
    L.circleMarker(place, { radius: 5, className: "point-mark" })
      .bindTooltip(words)
      .on("click", () => { location.hash = `point-${point.code}`; })
      .addTo(map);
  }
  map.fitBounds(L.latLngBounds(places).pad(0.15), { maxZoom: 15 });
}

if (marks.length && typeof L !== "undefined") {
  draw();
} else {
  box.hidden = true;
}
