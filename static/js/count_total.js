/* Adds up full packs and loose pieces while they are typed; the server adds them up again. */

"use strict";

document.querySelectorAll("[data-count]").forEach((count) => {
  const packs = count.querySelector("[name=packs]");
  const loose = count.querySelector("[name=loose_qty]");
  const line = count.querySelector("[data-count-line]");
  const total = count.querySelector("[data-count-total]");
  const show = () => {
    const isTyped = packs.value !== "" || loose.value !== "";
    line.hidden = !isTyped;
    total.textContent = Number(packs.value) * Number(count.dataset.factor) + Number(loose.value);
  };
  packs.addEventListener("input", show);
  loose.addEventListener("input", show);
  show();
});
