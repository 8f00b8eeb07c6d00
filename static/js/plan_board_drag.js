// Dragging a stop to another place, by mouse anywhere on its row, by touch at its grip, so that
// a finger on the row still scrolls. Where it is let go is sent as "board-move".
"use strict";

(() => {
  const board = document.querySelector("#board");
  // Less than this is a click.
  const START_PX = 6;
  const EDGE_PX = 90;
  const SCROLL_PX = 14;

  const here = document.createElement("li");
  here.className = "drop-here";
  let lift = null;

  function isHold(event, row) {
    if (event.button !== 0 || !event.isPrimary || event.target.closest("button, form")) {
      return false;
    }
    return event.pointerType === "mouse" || Boolean(event.target.closest(".drop__grip")) && row;
  }

  function begin(event) {
    const { row } = lift;
    const box = row.getBoundingClientRect();
    lift.ghost = row.cloneNode(true);
    lift.ghost.removeAttribute("id");
    lift.ghost.classList.add("drop--ghost");
    lift.ghost.style.width = `${box.width}px`;
    lift.offsetX = event.clientX - box.left;
    lift.offsetY = event.clientY - box.top;
    document.body.append(lift.ghost);
    row.classList.add("is-lifted");
    document.documentElement.classList.add("is-dragging");
    lift.scroller = setInterval(scrollAtEdge, 16);
  }

  function scrollAtEdge() {
    if (lift.y < EDGE_PX) {
      window.scrollBy(0, -SCROLL_PX);
    } else if (lift.y > window.innerHeight - EDGE_PX) {
      window.scrollBy(0, SCROLL_PX);
    } else {
      return;
    }
    aim();
  }

  function aim() {
    lift.ghost.style.transform = `translate(${lift.x - lift.offsetX}px, ${lift.y - lift.offsetY}px)`;
    const under = document.elementFromPoint(lift.x, lift.y);
    const section = under?.closest(".trip-card, .day--unserved, .drops--new");
    const list = section?.matches("[data-to]") ? section : section?.querySelector("[data-to]");
    lift.list?.classList.remove("is-target");
    lift.list = list || null;
    if (!list) {
      here.remove();
      return;
    }
    list.classList.add("is-target");
    const rows = [...list.querySelectorAll(":scope > .drop")].filter((row) => row !== lift.row);
    const next = rows.find((row) => {
      const box = row.getBoundingClientRect();
      return lift.y < box.top + box.height / 2;
    });
    lift.position = next ? rows.indexOf(next) + 1 : rows.length + 1;
    list.insertBefore(here, next || null);
  }

  function end(isDropped) {
    const done = lift;
    lift = null;
    clearInterval(done.scroller);
    here.remove();
    done.list?.classList.remove("is-target");
    document.documentElement.classList.remove("is-dragging");
    done.row.classList.remove("is-lifted");
    done.ghost?.remove();
    if (!isDropped || !done.ghost || !done.list) {
      return;
    }
    const isSame = done.list === done.from && done.position === done.wasAt;
    if (!isSame) {
      const detail = {
        stopKey: done.row.dataset.stop,
        to: done.list.dataset.to,
        position: done.position,
      };
      document.dispatchEvent(new CustomEvent("board-move", { detail }));
    }
  }

  board.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("[data-movable]");
    if (!row || !isHold(event, row)) {
      return;
    }
    const from = row.parentElement;
    const wasAt = [...from.querySelectorAll(":scope > .drop")].indexOf(row) + 1;
    lift = { row, from, wasAt, x: event.clientX, y: event.clientY, pointer: event.pointerId };
  });

  document.addEventListener("pointermove", (event) => {
    if (!lift || event.pointerId !== lift.pointer) {
      return;
    }
    const isFar = Math.hypot(event.clientX - lift.x, event.clientY - lift.y) > START_PX;
    if (!lift.ghost && !isFar) {
      return;
    }
    if (!lift.ghost) {
      begin(event);
    }
    event.preventDefault();
    lift.x = event.clientX;
    lift.y = event.clientY;
    aim();
  });

  document.addEventListener("pointerup", (event) => {
    if (lift && event.pointerId === lift.pointer) {
      if (lift.ghost) {
        // The click that ends a drag opens nothing.
        const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
        window.addEventListener("click", swallow, { capture: true, once: true });
        setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
      }
      end(true);
    }
  });

  document.addEventListener("pointercancel", () => lift && end(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && lift) {
      end(false);
    }
  });
  board.addEventListener("dragstart", (event) => event.preventDefault());
})();
