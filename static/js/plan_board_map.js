// The board's map: a line per trip, a numbered mark per stop. Works without a tile server.
"use strict";

(() => {
  const box = document.querySelector("#board-map");
  // With more stops than this in view, numbers would cover one another.
  const STOPS_NUMBERED_MAX = 60;
  const days = new Map();
  let map = null;
  let base = null;
  let unserved = [];
  let looked = "";

  function mark(place, className, text, title) {
    const icon = L.divIcon({ className, html: text, iconSize: [22, 22] });
    return L.marker([place.lat, place.lng], { icon, title, alt: title, keyboard: false });
  }

  function rowOf(key) {
    return document.getElementById(`stop-${key}`);
  }

  function stopMark(stop, className, text, colour) {
    const marker = mark(stop, className, text, stop.name);
    marker.on("add", () => {
      if (colour) {
        marker.getElement().style.backgroundColor = colour;
      }
    });
    marker.on("click", () => {
      const link = rowOf(stop.key)?.querySelector("[data-open]");
      if (link) {
        document.dispatchEvent(new CustomEvent("board-open", { detail: link.getAttribute("href") }));
      }
    });
    marker.on("mouseover", () => rowOf(stop.key)?.classList.add("is-chosen"));
    marker.on("mouseout", () => rowOf(stop.key)?.classList.remove("is-chosen"));
    marker.stopKey = stop.key;
    return marker;
  }

  function tripLayer(trip) {
    const colour = TripLook.colour(trip.colour_no);
    const dashArray = TripLook.dash(trip.colour_no);
    const depot = base.getLatLng();
    const places = trip.stops.map((stop) => [stop.lat, stop.lng]);
    const line = L.polyline(places, { color: colour, weight: 3, dashArray, className: "trip-line" });
    // The ways out and back would hide the tours they lead to.
    const legs = L.polyline([[depot, places[0]], [places[places.length - 1], depot]], {
      color: colour, weight: 1.5, opacity: 0.35, dashArray, className: "trip-leg",
    });
    line.bindTooltip(trip.label, { sticky: true });
    const marks = trip.stops.map((stop) =>
      stopMark(stop, "stop-mark", String(stop.position), colour));
    const layer = L.featureGroup([legs, line, ...marks]);
    layer.label = trip.label;
    layer.stops = trip.stops.length;
    return layer;
  }

  function layers() {
    return [...days.values()].flat();
  }

  function show() {
    if (looked && !layers().some((layer) => layer.label === looked)) {
      looked = "";
    }
    let stops = 0;
    for (const layer of layers()) {
      if (looked && layer.label !== looked) {
        layer.remove();
      } else {
        layer.addTo(map);
        stops += layer.stops;
      }
    }
    box.classList.toggle("is-crowded", stops > STOPS_NUMBERED_MAX);
    for (const button of document.querySelectorAll("[data-look]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(button.dataset.look === looked));
    }
  }

  function fit() {
    const shown = layers().filter((layer) => !looked || layer.label === looked);
    const bounds = L.featureGroup([base, ...shown, ...(looked ? [] : unserved)]).getBounds();
    map.fitBounds(bounds, { padding: [24, 24] });
  }

  function begin(warehouse) {
    map = L.map(box, {
      attributionControl: Boolean(box.dataset.tiles), scrollWheelZoom: false, zoomSnap: 0.25,
    });
    if (box.dataset.tiles) {
      L.tileLayer(box.dataset.tiles, { attribution: box.dataset.attribution }).addTo(map);
    }
    L.control.scale({ imperial: false }).addTo(map);
    base = mark(warehouse, "warehouse-mark", warehouse.name.slice(0, 1), warehouse.name);
    base.setZIndexOffset(1000);
  }

  document.addEventListener("board-map", (event) => {
    const data = event.detail;
    const isFirst = map === null;
    if (isFirst) {
      begin(data.warehouse);
    }
    for (const [code, trips] of Object.entries(data.days)) {
      for (const layer of days.get(code) || []) {
        layer.remove();
      }
      days.set(code, trips.map(tripLayer));
    }
    for (const marker of unserved) {
      marker.remove();
    }
    unserved = data.unserved.map((stop) => stopMark(stop, "unserved-mark", "!"));
    if (isFirst) {
      fit();
      base.addTo(map);
    }
    for (const marker of unserved) {
      marker.addTo(map);
    }
    show();
  });

  document.addEventListener("board-drawn", () => {
    TripLook.paint(document);
    if (map) {
      show();
    }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-look]");
    if (button && map) {
      looked = looked === button.dataset.look ? "" : button.dataset.look;
      show();
      fit();
    }
  });

  function chosen(event, isChosen) {
    const key = event.target.closest?.("[data-stop]")?.dataset.stop;
    for (const layer of key ? layers() : []) {
      layer.eachLayer((marker) => {
        if (marker.stopKey === key && marker.getElement()) {
          marker.getElement().classList.toggle("is-chosen", isChosen);
        }
      });
    }
  }

  document.addEventListener("pointerover", (event) => chosen(event, true));
  document.addEventListener("pointerout", (event) => chosen(event, false));
})();
