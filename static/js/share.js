// Copies a link or a text; where that is not allowed, it is marked to be copied by hand.
"use strict";

const SHOWN_MS = 2000;

for (const button of document.querySelectorAll("[data-copy]")) {
  const word = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copy);
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
    } catch {
      return;
    }
    button.dispatchEvent(new CustomEvent("copied", { bubbles: true }));
    button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = word;
    }, SHOWN_MS);
  });
}
