/* Handing out with or without a network. The cards on the page are the list; what this phone did is
   in the queue, what the server knows comes with the page, with answers, and when it is asked. A
   card shows the newest of these; what is not sent yet counts on top. */

"use strict";

(() => {
  const root = document.querySelector("[data-pickups]");
  const cards = [...document.querySelectorAll("li[data-order]")];
  const search = document.querySelector("form.scan");
  const beaten = root?.querySelector("[data-beaten]");
  const line = document.querySelector("[data-found]");
  const FEW = 3;
  const REFRESH_MS = 20000;

  const batchBody = (rows) => ({
    reports: rows.map((row) => ({
      event_id: row.id,
      kind: row.kind,
      order: row.order,
      device_at: row.at,
      method: row.method,
      undoes: row.undoes ?? null,
    })),
  });
  const queue = phoneQueue({ root, name: "pickups", keptDays: 1, batchBody });
  if (!queue) {
    return;
  }
  const { word } = queue;
  // What the server knew, and when: of the page at first, of the last question after that.
  let known = new Map(cards.map((card) => [Number(card.dataset.order), served(card)]));
  let knownAt = Number(root.dataset.made);
  let method = "name";

  function served(card) {
    const { standing } = card.dataset;
    return standing ? { standing, how: card.querySelector("[data-how]").textContent } : null;
  }

  /* --- What a card shows --- */

  const clock = (at) => new Date(at).toTimeString().slice(0, 5);
  const told = ({ at, by }) => word("fetched").replace("{at}", clock(at)).replace("{who}", by);

  /* What became of an order by what the server knew and what this phone did since. */
  function storyOf(order, rows) {
    let now = known.get(order) ?? null;
    let problem = "";
    let isUnsent = false;
    for (const row of rows.filter((one) => one.order === order)) {
      if (row.status === "unsent") {
        isUnsent = true;
        problem = "";
        now =
          row.kind === "fetch"
            ? { standing: row.id, how: word("fetched-here").replace("{at}", clock(row.at)) }
            : null;
      } else {
        const isProblem = ["already", "refused"].includes(row.status);
        problem = isProblem ? row.said : "";
        if (row.told && row.status !== "refused" && row.madeAt >= knownAt) {
          now = row.told.standing && { standing: row.told.standing, how: told(row.told) };
        }
      }
    }
    return { now, problem, isUnsent };
  }

  function show(card, rows) {
    const { now, problem, isUnsent } = storyOf(Number(card.dataset.order), rows);
    const states = { waiting: !now, fetched: Boolean(now), unsent: isUnsent };
    card.querySelectorAll("[data-when]").forEach((part) => {
      part.hidden = !states[part.dataset.when];
    });
    card.toggleAttribute("data-fetched-card", Boolean(now));
    card.dataset.standing = now?.standing ?? "";
    card.querySelector("[data-how]").textContent = now?.how ?? "";
    const complaint = card.querySelector("[data-problem]");
    complaint.textContent = problem;
    complaint.hidden = !problem;
    return Boolean(now);
  }

  queue.onChange((rows) => {
    const fetched = cards.filter((card) => show(card, rows)).length;
    document.querySelector("[data-fetched]").textContent = fetched;
    const last = rows.filter((row) => row.status !== "unsent").at(-1);
    const isBeaten = ["already", "refused"].includes(last?.status);
    beaten.hidden = !isBeaten;
    beaten.textContent = isBeaten ? `${last.where}: ${last.said}` : "";
    queue.showLog(rows);
  });

  /* Ask what other phones handed out meanwhile. */
  async function refresh() {
    if (document.hidden || !navigator.onLine) {
      return;
    }
    const response = await fetch(root.dataset.eventsUrl, { headers: { Accept: "application/json" } });
    if (!response.ok) {
      return;
    }
    const { made, fetched } = await response.json();
    known = new Map(
      fetched.map((row) => [row.order, { standing: row.standing, how: told(row) }]),
    );
    knownAt = made;
    await queue.send();
  }

  /* --- Whose goods --- */

  function find(text) {
    const hits = new Set(PickupSearch.found(text, cards));
    const isFew = Boolean(text) && hits.size <= FEW;
    for (const card of cards) {
      card.hidden = !hits.has(card);
      card.querySelector("details").open = isFew && hits.has(card);
    }
    line.hidden = !text;
    line.textContent = hits.size ? word("found").replace("{n}", hits.size) : word("none-found");
    return hits;
  }

  const typed = () => search.elements.q.value.trim();

  search.addEventListener("input", () => {
    method = PickupSearch.isCode(typed()) ? "code" : "name";
    find(typed());
  });
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    // A scanner sends the form by itself; a finger or a key leaves its button.
    if (!event.submitter) {
      method = "scan";
    }
    const [card] = find(typed());
    card?.scrollIntoView({ block: "nearest" });
    card?.querySelector('[name="fetch"]').focus();
    search.elements.q.select();
  });

  /* --- The tap --- */

  function rowOf(button) {
    const card = button.closest("li[data-order]");
    const shared = {
      id: crypto.randomUUID(),
      order: Number(card.dataset.order),
      where: card.dataset.no,
      at: new Date().toISOString(),
      eventsUrl: root.dataset.eventsUrl,
    };
    return button.name === "undo"
      ? { ...shared, kind: "undo", undoes: card.dataset.standing }
      : { ...shared, kind: "fetch", method };
  }

  function next() {
    search.elements.q.value = "";
    method = "name";
    find("");
    search.elements.q.focus({ preventScroll: true });
  }

  async function tap(form, button) {
    const row = rowOf(button);
    try {
      await queue.add(row);
    } catch {
      // The phone keeps nothing: send the form as one without scripts would.
      form.removeEventListener("submit", onTap);
      form.requestSubmit(button);
      return;
    }
    // The next in the queue is served while this one is on its way.
    if (row.kind === "fetch" && typed()) {
      next();
    }
    await queue.send();
  }

  async function onTap(event) {
    event.preventDefault();
    const button = event.submitter;
    if (!button || button.disabled) {
      return;
    }
    button.disabled = true;
    await tap(button.form, button).finally(() => {
      button.disabled = false;
    });
  }

  document.querySelector("[data-report]").addEventListener("submit", onTap);
  document.addEventListener("visibilitychange", () => refresh().catch(() => undefined));
  setInterval(() => refresh().catch(() => undefined), REFRESH_MS);
  queue.send();
})();
