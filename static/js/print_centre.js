// Keeps the day's progress up to date while the day is still going on.
"use strict";

const REFRESH_MS = 10_000;
const card = document.querySelector("#progress[data-refresh]");

async function refresh() {
  const answer = await fetch(card.dataset.refresh, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const day = page.querySelector(".day");
  card.replaceChildren(day);
  if (day.hasAttribute("data-finished")) {
    window.location.reload();
  }
}

if (card) {
  // A lost connection in the warehouse is no news: the next round tries again.
  setInterval(() => refresh().catch(() => {}), REFRESH_MS);
}
