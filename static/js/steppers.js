// Big buttons beside a figure: [data-step] adds its number to the field [data-for] names.
// Without scripts they stay hidden and the figure is typed.

"use strict";

document.querySelectorAll("[data-step]").forEach((button) => {
  const field = document.getElementById(button.dataset.for);
  button.hidden = false;
  button.addEventListener("click", () => {
    const least = Number(field.min || 0);
    const most = field.max === "" ? Infinity : Number(field.max);
    const next = Number(field.value || 0) + Number(button.dataset.step);
    field.value = Math.min(most, Math.max(least, next));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
