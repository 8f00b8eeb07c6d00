// The builder's table by keyboard: Enter and the arrows go up and down a column, as in a
// spreadsheet. Leaving a changed field saves its line; without scripts every line has a button.

"use strict";

const table = document.querySelector("[data-bench]");

if (table) {
  table.querySelectorAll("[data-plain]").forEach((button) => {
    button.hidden = true;
  });
  table.addEventListener("keydown", (event) => {
    const field = event.target;
    const column = field.dataset.column;
    if (!column || event.isComposing) {
      return;
    }
    const isList = field.tagName === "SELECT";
    const steps = { Enter: event.shiftKey ? -1 : 1, ArrowDown: isList ? 0 : 1, ArrowUp: isList ? 0 : -1 };
    const step = steps[event.key];
    if (!step) {
      return;
    }
    event.preventDefault();
    const fields = [...table.querySelectorAll(`[data-column="${column}"]`)];
    const next = fields[fields.indexOf(field) + step];
    if (next) {
      next.focus();
      if (next.select) {
        next.select();
      }
    } else {
      field.blur();
    }
  });
}
