// Draws a circle for every pickup point, larger and darker where more is sold.
// Nothing leaves the page unless a tile address is set.
"use strict";

const box = document.querySelector("#sales-map");
const marks = JSON.parse(document.querySelector("#sales-marks").textContent);
const STEPS = 5;

function draw() {
  const map = L.map(box, { attributionControl: Boolean(box.dataset.tiles), scrollWheelZoom: false, zoomSnap: 0.25 });
  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, { attribution: box.dataset.attribution }).addTo(map);
  }
  L.control.scale({ imperial: false }).addTo(map);
  const most = Math.max(...marks.map((mark) => mark.fen), 1);
  const places = [];
  for (const mark of marks) {
    const place = [mark.lat, mark.lng];
    places.push(place);
    const share = mark.fen / most;
    const step = Math.min(STEPS, Math.floor(share * STEPS) + 1);
    const yuan = (mark.fen / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2 });
    // The area of a circle, not its radius, grows with the sales.
    L.circleMarker(place, { radius: 4 + 14 * Math.sqrt(share), className: `sales-mark sales-mark--${step}` })
      .bindTooltip(`${mark.name} · ¥${yuan} · ${mark.orders} ${box.dataset.labelOrders}`)
      .addTo(map);
  }
  map.fitBounds(L.latLngBounds(places).pad(0.1), { maxZoom: 15 });
}

if (marks.length && typeof L !== "undefined") {
  draw();
} else {
  box.hidden = true;
}
