// Draws a route plan: one line per trip, a numbered mark per stop, the warehouse.
// Nothing leaves the page unless a tile address is set.
"use strict";

// With more stops than this in view, numbers would cover one another.
const STOPS_NUMBERED_MAX = 60;
const ZOOM_CLOSER = 1.5;

const box = document.querySelector("#plan-map");
const choice = document.querySelector("[data-trip-choice]");

function clock(moment) {
  return moment.slice(11, 16);
}

function paragraph(text, className) {
  const element = document.createElement("p");
  element.textContent = text;
  element.className = className || "";
  return element;
}

function stopCard(trip, stop) {
  const words = box.dataset;
  const card = document.createElement("div");
  card.className = "stop-card";
  const row = document.createElement("a");
  row.href = `#stop-${trip.route_no}-${stop.stop_seq}`;
  row.textContent = `${trip.route} · ${stop.slot_code}`;
  card.append(
    paragraph(`${stop.leader_name} · ${stop.point_name}`, "stop-card__title"),
    paragraph(stop.address),
    paragraph(`${words.labelArrive} ${clock(stop.arrive_at)} · ${words.labelDepart} ${clock(stop.depart_at)}`),
    paragraph(`${words.labelOpen} ${stop.opens_at}–${stop.closes_at}`),
    paragraph(`${stop.totes} ${words.labelTotes} · ${(stop.weight_g / 1000).toFixed(1)} kg`),
    row,
  );
  return card;
}

function mark(place, className, text, size, title) {
  const icon = L.divIcon({ className, html: text, iconSize: [size, size] });
  return L.marker([place.lat, place.lng], { icon, title, alt: title });
}

function tripLayer(trip, warehouse) {
  const base = [warehouse.lat, warehouse.lng];
  const places = trip.stops.map((stop) => [stop.lat, stop.lng]);
  const colour = TripLook.colour(trip.route_no);
  const line = L.polyline(places, {
    color: colour,
    weight: 3,
    dashArray: TripLook.dash(trip.route_no),
    className: "trip-line",
  });
  // The ways out and back would hide the tours they lead to.
  const legs = L.polyline([[base, places[0]], [places[places.length - 1], base]], {
    color: colour,
    weight: 1.5,
    opacity: 0.4,
    dashArray: TripLook.dash(trip.route_no),
    className: "trip-leg",
  });
  for (const path of [line, legs]) {
    path.bindTooltip(`${trip.route} ${trip.plate}`, { sticky: true });
  }
  const marks = trip.stops.map((stop) => {
    const title = `${stop.slot_code} ${stop.leader_name}`;
    const marker = mark(stop, "stop-mark", String(stop.stop_seq), 24, title);
    marker.bindPopup(() => stopCard(trip, stop));
    marker.on("add", () => { marker.getElement().style.backgroundColor = colour; });
    marker.on("popupopen", () => markRow(trip.route_no, stop.stop_seq));
    return marker;
  });
  return L.featureGroup([legs, line, ...marks]);
}

function markRow(routeNo, stopSeq) {
  for (const row of document.querySelectorAll(".stops tr.is-chosen")) {
    row.classList.remove("is-chosen");
  }
  const row = document.querySelector(`#stop-${routeNo}-${stopSeq}`);
  if (row) {
    row.classList.add("is-chosen");
    row.closest("details").open = true;
  }
}

function draw(plan) {
  const map = L.map(box, { attributionControl: Boolean(box.dataset.tiles), scrollWheelZoom: false, zoomSnap: 0.25 });
  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, { attribution: box.dataset.attribution }).addTo(map);
  }
  L.control.scale({ imperial: false }).addTo(map);
  const { warehouse } = plan;
  const base = mark(warehouse, "warehouse-mark", warehouse.name.slice(0, 1), 30, warehouse.name);
  base.setZIndexOffset(1000).addTo(map).bindTooltip(warehouse.name);
  const layers = new Map(plan.trips.map((trip) => [trip.route_no, tripLayer(trip, warehouse)]));
  const unserved = plan.unserved.map((drop) =>
    mark(drop, "unserved-mark", "!", 24, drop.point_name)
      .bindPopup(() => paragraph(`${drop.leader_name} · ${drop.point_name}: ${drop.reason}`)));
  for (const marker of unserved) {
    marker.addTo(map);
  }
  let fitted = 0;
  let stopsShown = 0;
  const thin = () => {
    const isCrowded = stopsShown > STOPS_NUMBERED_MAX && map.getZoom() < fitted + ZOOM_CLOSER;
    box.classList.toggle("is-crowded", isCrowded);
  };
  map.on("zoomend", thin);
  const show = (routeNo) => {
    for (const [no, layer] of layers) {
      if (routeNo && no !== routeNo) {
        layer.remove();
      } else {
        layer.addTo(map);
      }
    }
    const shown = routeNo ? [layers.get(routeNo)] : [...layers.values(), ...unserved];
    const bounds = L.featureGroup([base, ...shown.filter(Boolean)]).getBounds();
    stopsShown = plan.trips
      .filter((trip) => !routeNo || trip.route_no === routeNo)
      .reduce((sum, trip) => sum + trip.stops.length, 0);
    map.fitBounds(bounds, { padding: [28, 28] });
    fitted = map.getBoundsZoom(bounds, false, L.point(56, 56));
    thin();
  };
  show(Number(choice.elements.trip.value));
  document.addEventListener("trip-chosen", (event) => show(event.detail));
}

async function start() {
  const answer = await fetch(box.dataset.plan, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    throw new Error(`the plan answered ${answer.status}`);
  }
  draw(await answer.json());
}

if (box) {
  document.documentElement.classList.add("has-script");
  TripLook.paint(document);
  start().catch((error) => {
    box.replaceChildren(paragraph(box.dataset.labelFailed, "notice"));
    console.error(error);
  });
}
