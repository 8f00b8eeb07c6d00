/* What is done on a phone is kept there first and sent when there is a network.

   One row per report or picture in the order it was made, under an id made here; the server
   counts each id once, so sending twice does no harm. A row stays until the server has answered,
   and some days after that, with the answer. Rows belong to a log-in: a phone that is handed on
   sends nobody else's.

   phoneQueue({ root, name, keptDays, pages, batchBody, pictureForm }) starts the queue of a page
   and returns its handle, or null where a browser keeps nothing (no https, a private window):
   there the pages work as plain forms.
     root         the element with the notices, the words and data-user, data-worker
     name         of the queue: pages of one kind share it
     keptDays     how long a row stays once it is answered
     pages        addresses to keep beside this one; links with data-keep are kept, too
     batchBody    what to post for rows of one eventsUrl; answered { answers: [{ event_id, … }] }
     pictureForm  what to post to a row's proofsUrl for its picture
   A row has id, at, kind and eventsUrl; its status is "unsent", and then the outcome told. */

"use strict";

const phoneQueue = ({ root, name, keptDays, pages = [], batchBody, pictureForm }) => {
  if (!root || !window.isSecureContext || !("indexedDB" in window)) {
    return null;
  }
  const STORE = "queue";
  const KEPT_MS = keptDays * 24 * 3600 * 1000;
  const RETRY_MS = 15000;
  const BATCH = 50;
  const LOGGED_OUT = "logged out";
  const LATER = "later";
  const heard = [];
  let opened = null;
  let sending = null;
  let isAsked = false;

  const user = () => Number(root.dataset.user);
  const word = (name) => root.querySelector(`[data-word="${name}"]`).textContent;

  function open() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () =>
        request.result.createObjectStore(STORE, { keyPath: "n", autoIncrement: true });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return opened;
  }

  /* Run one transaction; it counts only when the disk has it. */
  async function change(work) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
      const result = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(result && result.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  async function rows() {
    const all = await change((store) => store.getAll());
    return all.filter((row) => row.user === user());
  }

  /* Keep rows together or not at all; they are safe when this resolves. */
  async function add(...added) {
    await change((store) => {
      for (const row of added) {
        store.add({ user: user(), status: "unsent", made: Date.now(), ...row });
      }
    });
    await tell();
  }

  async function answer(row, status, said, told, madeAt) {
    Object.assign(row, { status, said: said ?? "", told: told ?? null, madeAt: madeAt ?? 0 });
    if (status !== "unsent") {
      // The server has the picture now; the phone need not keep it.
      delete row.picture;
    }
    await change((store) => store.put(row));
  }

  async function forgetOld() {
    const old = (await rows()).filter(
      (row) => row.status !== "unsent" && row.made < Date.now() - KEPT_MS,
    );
    if (old.length) {
      await change((store) => {
        for (const row of old) {
          store.delete(row.n);
        }
      });
    }
  }

  function cookie(name) {
    const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  async function post(url, body, headers) {
    const response = await fetch(url, {
      method: "POST",
      body,
      redirect: "error",
      headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken"), ...headers },
    });
    if (response.ok) {
      return { data: await response.json() };
    }
    if (response.status === 403 || response.status === 401) {
      return { problem: LOGGED_OUT };
    }
    if (response.status === 404) {
      return { refused: word("not-yours") };
    }
    if ([409, 413, 422].includes(response.status)) {
      const said = await response.json().catch(() => ({}));
      return { refused: said.message ?? word("is-refused") };
    }
    return { problem: LATER };
  }

  async function sendPicture(row) {
    const done = await post(row.proofsUrl, pictureForm(row), {});
    if (done.problem) {
      return done.problem;
    }
    await answer(row, done.refused ? "refused" : "kept", done.refused);
    return "";
  }

  async function sendBatch(batch) {
    const done = await post(batch[0].eventsUrl, JSON.stringify(batchBody(batch)), {
      "Content-Type": "application/json",
    });
    if (done.problem) {
      return done.problem;
    }
    for (const row of batch) {
      const told = done.data?.answers.find((one) => one.event_id === row.id);
      if (told) {
        await answer(row, told.outcome, told.said, told, done.data.made);
      } else {
        await answer(row, "refused", done.refused);
      }
    }
    return "";
  }

  /* Send what waits, in its order; stop at the first that does not get through. */
  async function sendAll() {
    await forgetOld();
    let waiting = (await rows()).filter((row) => row.status === "unsent");
    while (waiting.length) {
      const [first] = waiting;
      let problem = "";
      if (first.picture) {
        problem = await sendPicture(first);
      } else {
        const end = waiting.findIndex((row) => row.picture || row.eventsUrl !== first.eventsUrl);
        problem = await sendBatch(waiting.slice(0, end < 0 ? BATCH : Math.min(end, BATCH)));
      }
      if (problem) {
        return problem;
      }
      waiting = (await rows()).filter((row) => row.status === "unsent");
    }
    return "";
  }

  /* Resolves when everything that was waiting at the call has been tried. */
  function send() {
    isAsked = true;
    sending ??= sendWhileAsked().finally(() => {
      sending = null;
    });
    return sending;
  }

  async function sendWhileAsked() {
    while (isAsked) {
      isAsked = false;
      const run = async () => {
        const problem = await sendAll().catch(() => LATER);
        root.querySelector("[data-login-again]").hidden = problem !== LOGGED_OUT;
      };
      // Two tabs of one phone send one after the other.
      await (navigator.locks ? navigator.locks.request(`${name}-send`, run) : run());
      await tell();
    }
  }

  async function tell() {
    const all = await rows();
    const unsent = all.filter((row) => row.status === "unsent").length;
    const line = root.querySelector("[data-queue]");
    line.hidden = unsent === 0;
    line.dataset.unsent = unsent;
    line.textContent = word("unsent").replace("{n}", unsent);
    if (!unsent) {
      root.querySelector("[data-login-again]").hidden = true;
    }
    for (const listener of heard) {
      listener(all);
    }
  }

  /* Ask before a log-out that would leave something behind; then forget the pages, too. */
  function guardLogOut() {
    const form = document.querySelector('form[action$="/logout/"]');
    form?.addEventListener("submit", (event) => {
      const unsent = Number(root.querySelector("[data-queue]").dataset.unsent ?? 0);
      if (unsent && !confirm(word("leave").replace("{n}", unsent))) {
        event.preventDefault();
        return;
      }
      navigator.serviceWorker?.controller?.postMessage({ do: "forget" });
    });
  }

  /* Let the pages and all they need be there without a network. */
  async function keepPages() {
    if (!("serviceWorker" in navigator)) {
      return;
    }
    await navigator.serviceWorker.register(root.dataset.worker);
    const { active } = await navigator.serviceWorker.ready;
    navigator.serviceWorker.addEventListener("message", ({ data }) => {
      root.querySelector("[data-kept]").hidden = !data.kept;
    });
    navigator.serviceWorker.startMessages();
    const links = [...document.querySelectorAll("a[data-keep]")].map((link) => link.href);
    const parts = [...document.querySelectorAll("link[rel=stylesheet], script[src], img[src]")];
    const icon = document.querySelector("svg use")?.getAttribute("href");
    active.postMessage({
      do: "keep",
      pages: [location.href.split("#")[0], ...pages, ...links],
      parts: [...parts.map((part) => part.href || part.src), icon?.split("#")[0]].filter(Boolean),
    });
  }

  /* What this phone has sent, the newest first. */
  function showLog(shown) {
    const log = document.querySelector("[data-log]");
    const states = { unsent: "is-unsent", already: "is-already", undone: "is-undone" };
    states.refused = "is-refused";
    log.hidden = !shown.length;
    log.querySelector("[data-log-rows]").replaceChildren(
      ...[...shown].reverse().map((row) => {
        const line = document.createElement("li");
        line.className = "phone-log__row small";
        line.dataset.status = row.status;
        line.textContent = [
          new Date(row.at).toTimeString().slice(0, 5),
          row.where ?? "",
          word(`kind-${row.kind}`),
          "·",
          word(states[row.status] ?? "is-sent"),
          row.said ? `(${row.said})` : "",
        ].join(" ");
        return line;
      }),
    );
  }

  navigator.storage?.persist?.();
  guardLogOut();
  keepPages().catch(() => undefined);
  addEventListener("online", send);
  addEventListener("pageshow", send);
  document.addEventListener("visibilitychange", () => document.hidden || send());
  setInterval(send, RETRY_MS);

  return { root, add, rows, send, word, showLog, onChange: (listener) => heard.push(listener) };
};
