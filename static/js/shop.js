// Counts down to a close, lets a form be sent once, and waits for a payment.
"use strict";

const SECOND_MS = 1000;
const HOUR_S = 3600;
const DAY_S = 86_400;
const ASK_EVERY_MS = 5000;
// As long as goods are held for a payment.
const ROUNDS_MAX = 60;

// What is left comes from the server: a phone's own clock may be wrong.
for (const shown of document.querySelectorAll("[data-countdown]")) {
  const endsAt = performance.now() + Number(shown.dataset.countdown) * SECOND_MS;
  const tick = () => {
    const left = Math.max(0, Math.round((endsAt - performance.now()) / SECOND_MS));
    shown.textContent = wording(left, shown.dataset.day);
    if (left === 0) {
      clearInterval(timer);
      // A little later, so that the server agrees that it is over.
      setTimeout(() => window.location.replace(window.location.href), 2 * SECOND_MS);
    }
  };
  const timer = setInterval(tick, SECOND_MS);
  if (Number(shown.dataset.countdown) > 0) {
    tick();
  } else {
    clearInterval(timer);
  }
}

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("button[type=submit]")) {
      button.disabled = true;
    }
  });
}

// Who comes back by the back button may press again.
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form[data-once] button[type=submit]")) {
    button.disabled = false;
  }
});

// A payment under way: whoever comes back from the cashier sees what became of it.
const awaiting = document.querySelector("[data-awaiting]");

if (awaiting) {
  let rounds = 0;
  const asking = setInterval(async () => {
    rounds += 1;
    if (rounds > ROUNDS_MAX) {
      clearInterval(asking);
    } else if (document.visibilityState === "visible") {
      // A lost connection is no news: the next round asks again.
      const state = await stateNow().catch(() => awaiting.dataset.state);
      if (state !== awaiting.dataset.state) {
        clearInterval(asking);
        window.location.reload();
      }
    }
  }, ASK_EVERY_MS);
}

async function stateNow() {
  const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-state]").dataset.state;
}

function wording(left, dayWord) {
  const days = Math.floor(left / DAY_S);
  const rest = left % DAY_S;
  const two = (figure) => String(figure).padStart(2, "0");
  const clock = [Math.floor(rest / HOUR_S), Math.floor((rest % HOUR_S) / 60), rest % 60].map(two);
  return (days ? `${days} ${dayWord} ` : "") + clock.join(":");
}
