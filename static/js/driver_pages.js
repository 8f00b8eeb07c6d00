/* The forms of the driver's pages become rows of the queue; what is queued shows at once, on top
   of what the server knew when it made the page (a page may come from the phone's own store). */

"use strict";

(() => {
  if (!DriverQueue) {
    return;
  }
  const { root } = DriverQueue;
  const known = new Set(JSON.parse(document.querySelector("#known-events")?.textContent ?? "[]"));
  const ENDINGS = ["hand_over", "fail"];
  const GOES_ON = [...ENDINGS, "return"];
  const PATIENCE_MS = 3000;
  const PLACE_MS = 2500;

  /* --- What the queue adds to the page --- */

  /* The standing ending and the phase of a stop, from what the page does not know yet. */
  function storyOf(stop, rows) {
    const fresh = rows.filter(
      (row) => row.stop === stop && !row.proof && !known.has(row.id) && row.status !== "refused",
    );
    const undone = new Set(fresh.filter((row) => row.kind === "undo").map((row) => row.body.event));
    const live = fresh.filter((row) => !undone.has(row.id) && row.status !== "undone");
    return {
      fresh,
      undone,
      ending: live.find((row) => ENDINGS.includes(row.kind)),
      hasArrived: live.some((row) => row.kind === "arrive"),
      isBack: undone.size > 0,
    };
  }

  function phaseOf(element, story) {
    const served = element.dataset.served;
    if (served === "entered") {
      return served;
    }
    if (story.ending) {
      return "ended";
    }
    if (served === "ended" && !story.isBack) {
      return served;
    }
    return served === "planned" && !story.hasArrived && !story.isBack ? "planned" : "arrived";
  }

  function show(element, rows) {
    element.dataset.served ??= element.dataset.phase;
    const story = storyOf(Number(element.dataset.stop), rows);
    element.dataset.phase = phaseOf(element, story);
    const { phase } = element.dataset;
    element.querySelectorAll("[data-when]").forEach((part) => {
      part.hidden = !part.dataset.when.split(" ").includes(phase);
    });
    const failed = story.ending ? story.ending.kind === "fail" : "failedStop" in element.dataset;
    const isOver = phase === "ended" || phase === "entered";
    const states = {
      arrived: phase === "arrived",
      delivered: isOver && !failed,
      failed: isOver && failed,
      unsent: story.fresh.some((row) => row.status === "unsent"),
    };
    element.querySelectorAll("[data-state]").forEach((part) => {
      part.hidden = !states[part.dataset.state];
    });
    if (story.ending) {
      const field = element.querySelector('[data-event="undo"] [name="event"]');
      if (field) {
        field.value = story.ending.id;
        element.querySelector("[data-undo-until]").dataset.undoUntil =
          story.ending.told?.applies_at ?? "";
        element.querySelector("[data-ended]").textContent = [
          DriverQueue.word(`kind-${story.ending.kind}`),
          DriverQueue.word(story.ending.status === "unsent" ? "is-unsent" : "is-sent"),
        ].join(" · ");
      }
    }
    return { isOver, failed };
  }

  function showTrip(rows) {
    const cards = [...document.querySelectorAll("li[data-stop]")];
    if (!cards.length) {
      return;
    }
    const ends = cards.map((card) => show(card, rows));
    const next = ends.findIndex((end) => !end.isOver);
    cards.forEach((card, nth) => card.toggleAttribute("data-next", nth === next));
    const failed = ends.filter((end) => end.isOver && end.failed).length;
    document.querySelector("[data-failed]").textContent = failed;
    document.querySelector("[data-failed-line]").hidden = !failed;
    document.querySelector("[data-delivered]").textContent =
      ends.filter((end) => end.isOver).length - failed;
    const mine = rows.filter(
      (row) => row.trip === Number(root.dataset.trip) && row.status !== "refused",
    );
    const did = (...kinds) => mine.some((row) => kinds.includes(row.kind));
    const served = document.querySelector("[data-has-left]").dataset;
    const hasLeft = served.hasLeft === "yes" || did("depart", "arrive");
    const isBack = served.isBack === "yes" || did("return");
    document.querySelector('[data-event="depart"]').hidden = hasLeft || isBack;
    document.querySelector('[data-event="return"]').hidden = !hasLeft || isBack;
  }

  function countDown() {
    document.querySelectorAll("[data-undo-until]").forEach((line) => {
      const left = Math.ceil((Date.parse(line.dataset.undoUntil) - Date.now()) / 1000);
      if (Number.isNaN(left)) {
        return;
      }
      const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      line.textContent = left > 0 ? DriverQueue.word("until").replace("{n}", clock) : "";
    });
  }

  /* --- What a form says --- */

  const number = (value) => (value === "" || value === null ? null : Number(value));

  function keysOf(form, fate) {
    return [...form.querySelectorAll('select[name^="fate_"]')]
      .filter((select) => select.value === fate)
      .map((select) => Number(select.name.slice(5)));
  }

  function differencesOf(form) {
    return [...form.querySelectorAll('input[name^="qty_"]')]
      .filter((field) => Number(field.value) > 0)
      .map((field) => {
        const sku = Number(field.name.slice(4));
        return { sku, qty: Number(field.value), cause: form.elements[`cause_${sku}`].value };
      });
  }

  function bodyOf(form, kind) {
    const said = new FormData(form);
    if (kind === "undo") {
      return { event: said.get("event") };
    }
    if (kind === "fail") {
      return { reason: said.get("reason"), note: said.get("note") };
    }
    if (kind === "note") {
      return { note: said.get("note") };
    }
    if (kind !== "hand_over") {
      return {};
    }
    return {
      method: said.get("method"),
      code: said.get("code"),
      totes: number(said.get("totes")),
      empties: number(said.get("empties")) ?? 0,
      back: keysOf(form, "back"),
      lost: keysOf(form, "lost"),
      differences: differencesOf(form),
      note: said.get("note"),
    };
  }

  /* The picture of a form with its kind, made small; null where there is none. */
  async function pictureOf(form, body) {
    if (body.method === "signature") {
      const drawn = await DriverPictures.signature(form.querySelector("[data-sign]"));
      return drawn && { kind: "signature", picture: drawn };
    }
    const file = form.elements.photo?.files[0];
    return file ? { kind: "photo", picture: await DriverPictures.shrunk(file) } : null;
  }

  /* What is wrong with an entry, found before the driver leaves the door. */
  function problemOf(form, kind, body, picture) {
    if (kind === "hand_over") {
      const here = Number(form.closest("[data-expected]").dataset.expected);
      const due = here - body.back.length - body.lost.length;
      if (here && body.totes !== due) {
        form.querySelector("details").open = true;
        return DriverQueue.word("miscounted").replace("{n}", due);
      }
      if (body.method === "code" && !body.code.trim()) {
        return DriverQueue.word("code");
      }
      if (body.method === "tap" && !navigator.onLine) {
        return DriverQueue.word("online");
      }
      if (body.method === "signature" && !picture) {
        return DriverQueue.word("sign");
      }
    }
    const isLeft = kind === "hand_over" && body.method === "left";
    if ((isLeft || (kind === "fail" && body.reason !== "nothing_loaded")) && !picture) {
      return DriverQueue.word("photo");
    }
    const needsNote = isLeft || body.reason === "other" || (kind === "note" && !picture);
    return needsNote && !body.note.trim() ? DriverQueue.word("note") : "";
  }

  /* Where the phone is, if it may say so and soon; the work never waits long for it. */
  function placeOf(kind) {
    if (!navigator.geolocation || !["depart", "arrive", ...ENDINGS].includes(kind)) {
      return {};
    }
    return new Promise((resolve) => {
      const give = () => resolve({});
      setTimeout(give, PLACE_MS);
      navigator.geolocation.getCurrentPosition(
        ({ coords }) =>
          resolve({
            lng: coords.longitude,
            lat: coords.latitude,
            accuracy_m: Math.round(coords.accuracy),
          }),
        give,
        { maximumAge: 60000, timeout: PLACE_MS, enableHighAccuracy: true },
      );
    });
  }

  function complain(form, text) {
    const line = form.querySelector("[data-problem]");
    if (line) {
      line.textContent = text;
      line.hidden = !text;
      if (text) {
        line.scrollIntoView({ block: "center" });
      }
    }
  }

  function rowsOf(form, kind, body, picture, place) {
    const page = form.closest("[data-page-of-stop]");
    const shared = {
      trip: Number(root.dataset.trip),
      stop: page ? Number(page.dataset.stop) : null,
      where: document.querySelector(".drive-slot")?.textContent ?? "",
      at: new Date().toISOString(),
      eventsUrl: root.dataset.eventsUrl,
      proofsUrl: root.dataset.proofsUrl,
    };
    const made = [];
    if (picture) {
      const id = crypto.randomUUID();
      body.proof = id;
      made.push({ ...shared, ...picture, id, proof: true });
    }
    made.push({ ...shared, kind, id: crypto.randomUUID(), body, place });
    return made;
  }

  async function submit(form) {
    const kind = form.dataset.event;
    const body = bodyOf(form, kind);
    const picture = await pictureOf(form, body);
    const problem = problemOf(form, kind, body, picture);
    complain(form, problem);
    if (problem) {
      return;
    }
    const made = rowsOf(form, kind, body, picture, await placeOf(kind));
    try {
      await DriverQueue.add(...made);
    } catch {
      // The phone keeps nothing: send the form as one without scripts would.
      form.submit();
      return;
    }
    await Promise.race([DriverQueue.send(), new Promise((go) => setTimeout(go, PATIENCE_MS))]);
    const id = made.at(-1).id;
    const row = (await DriverQueue.rows()).find((one) => one.id === id);
    if (row?.status === "refused") {
      complain(form, row.said);
    } else if (GOES_ON.includes(kind)) {
      location.assign(root.dataset.tripUrl);
    } else if (kind === "note") {
      form.reset();
    }
  }

  document.querySelectorAll("form[data-event]").forEach((form) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = event.submitter ?? form.querySelector("[type=submit]");
      if (button.disabled) {
        return;
      }
      button.disabled = true;
      try {
        await submit(form);
      } finally {
        button.disabled = false;
      }
    });
  });

  /* A map app is tried first; where there is none, the page is still there and goes to the web. */
  document.querySelectorAll("[data-android]").forEach((link) => {
    const isApple = /iPhone|iPad/.test(navigator.userAgent);
    const isAndroid = /Android/.test(navigator.userAgent);
    const app = isApple ? link.dataset.ios : isAndroid ? link.dataset.android : "";
    if (!app) {
      return;
    }
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const fallback = setTimeout(() => document.hidden || location.assign(link.href), 1800);
      addEventListener("pagehide", () => clearTimeout(fallback), { once: true });
      location.assign(app);
    });
  });

  DriverQueue.onChange((rows) => {
    showTrip(rows);
    const page = document.querySelector("[data-page-of-stop]");
    if (page) {
      show(page, rows);
    }
    if (root.dataset.trip) {
      DriverQueue.showLog(rows.filter((row) => row.trip === Number(root.dataset.trip)));
    }
    countDown();
  });
  setInterval(countDown, 1000);
  DriverQueue.send();
})();
