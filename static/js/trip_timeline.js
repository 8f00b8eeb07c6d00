// Choosing a trip, by the list or by a click on its bar: table, timeline and map follow.
"use strict";

const form = document.querySelector("[data-trip-choice]");
const trips = [...document.querySelectorAll("[data-trip]")];
const bars = [...document.querySelectorAll(".timeline .bar")];

function choose(routeNo) {
  for (const trip of trips) {
    const isChosen = Number(trip.dataset.trip) === routeNo;
    trip.hidden = Boolean(routeNo) && !isChosen;
    trip.open = trip.open || isChosen;
  }
  for (const bar of bars) {
    bar.classList.toggle("is-dim", Boolean(routeNo) && Number(bar.dataset.route) !== routeNo);
  }
  document.dispatchEvent(new CustomEvent("trip-chosen", { detail: routeNo }));
}

// Paper cannot be unfolded.
window.addEventListener("beforeprint", () => {
  for (const trip of trips) {
    trip.open = true;
  }
});

if (form) {
  const list = form.elements.trip;
  // A page asked for with ?trip= holds one trip only; the others need a new page.
  const hasAll = trips.length === list.options.length - 1;
  list.addEventListener("change", () => {
    if (hasAll) {
      choose(Number(list.value));
    } else {
      form.submit();
    }
  });
  for (const bar of bars.filter((candidate) => candidate.dataset.route)) {
    bar.addEventListener("click", () => {
      list.value = list.value === bar.dataset.route ? "" : bar.dataset.route;
      list.dispatchEvent(new Event("change"));
    });
  }
}
