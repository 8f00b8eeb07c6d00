// The board's talk with the server: every change is posted, judged there, and the parts that
// have changed are put in place. The other scripts of the board hear of it by events:
// "board-move" asks for a move, "board-drawn" says that parts are new, "board-map" has the map.
"use strict";

(() => {
  const board = document.querySelector("#board");
  const panel = board.querySelector("[data-panel]");
  const said = board.querySelector("[data-said]");
  const timeline = board.querySelector("[data-timeline]");
  const SAID_MS = 8000;
  let saidTimer = 0;
  let isBusy = false;

  function say(text, isRefusal) {
    clearTimeout(saidTimer);
    said.textContent = text;
    said.hidden = !text;
    said.classList.toggle("is-refusal", Boolean(isRefusal));
    if (text && !isRefusal) {
      saidTimer = setTimeout(() => { said.hidden = true; }, SAID_MS);
    }
  }

  function address(path) {
    return timeline.open ? `${path}?timeline=1` : path;
  }

  function put(answer) {
    for (const [id, html] of Object.entries(answer.html)) {
      const holder = document.createElement("template");
      holder.innerHTML = html;
      document.getElementById(id)?.replaceWith(holder.content.firstElementChild);
    }
    document.dispatchEvent(new CustomEvent("board-drawn"));
    document.dispatchEvent(new CustomEvent("board-map", { detail: answer.map }));
  }

  async function ask(path, options) {
    const response = await fetch(address(path), {
      ...options,
      headers: { Accept: "application/json" },
    });
    const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
    if (!isJson) {
      throw new Error(`the board answered ${response.status}`);
    }
    return { isRefused: !response.ok, answer: await response.json() };
  }

  async function refresh() {
    const { answer } = await ask(board.dataset.parts);
    put(answer);
  }

  async function send(path, data) {
    if (isBusy) {
      return;
    }
    isBusy = true;
    board.classList.add("is-busy");
    say(board.dataset.labelMoving);
    try {
      const { isRefused, answer } = await ask(path, { method: "POST", body: data });
      if (isRefused) {
        await refresh();
        say(answer.message, true);
      } else {
        put(answer);
        say("");
      }
    } catch (error) {
      say(board.dataset.labelFailed, true);
      console.warn(error);
    } finally {
      isBusy = false;
      board.classList.remove("is-busy");
    }
  }

  function stepForm() {
    const form = document.querySelector("#board-head [data-step-form]");
    return form ? new FormData(form) : null;
  }

  document.addEventListener("board-move", (event) => {
    const data = stepForm();
    if (data) {
      data.set("stop_key", event.detail.stopKey);
      data.set("to", event.detail.to);
      data.set("position", event.detail.position);
      send(board.dataset.move, data);
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-step-form]");
    if (form && board.contains(form)) {
      event.preventDefault();
      const data = new FormData(form, event.submitter);
      panel.close();
      send(form.action, data);
    }
  });

  async function openStop(path) {
    try {
      const response = await fetch(`${path}?part`);
      if (!response.ok) {
        throw new Error(`the stop answered ${response.status}`);
      }
      panel.innerHTML = await response.text();
    } catch (error) {
      say(board.dataset.labelFailed, true);
      console.warn(error);
      return;
    }
    const close = document.createElement("button");
    close.type = "button";
    close.className = "panel__close";
    close.textContent = "×";
    close.setAttribute("aria-label", board.dataset.labelClose);
    close.addEventListener("click", () => panel.close());
    panel.prepend(close);
    panel.showModal();
  }

  document.addEventListener("board-open", (event) => openStop(event.detail));

  board.addEventListener("click", (event) => {
    const link = event.target.closest("[data-open]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openStop(link.getAttribute("href"));
    } else if (event.target === panel) {
      panel.close();
    }
  });

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, select, textarea, dialog");
    if (isTyping || !(event.ctrlKey || event.metaKey) || event.altKey) {
      return;
    }
    const key = event.key.toLowerCase();
    const isRedo = key === "y" || (key === "z" && event.shiftKey);
    if (isRedo || key === "z") {
      event.preventDefault();
      document.querySelector(isRedo ? "#redo" : "#undo")?.click();
    }
  });

  timeline.addEventListener("toggle", () => {
    if (timeline.open) {
      refresh().catch((error) => console.warn(error));
    }
  });

  // The page has come with everything but the map.
  async function begin() {
    const response = await fetch(`${board.dataset.parts}?map=1`);
    const { map } = await response.json();
    document.dispatchEvent(new CustomEvent("board-map", { detail: map }));
  }

  document.documentElement.classList.add("has-script");
  document.dispatchEvent(new CustomEvent("board-drawn"));
  begin().catch((error) => {
    const map = document.querySelector("#board-map");
    map.textContent = map.dataset.labelFailed;
    console.warn(error);
  });
})();
