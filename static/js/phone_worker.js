/* Keeps the pages of its scope on the phone. Pages come from the network while there is one, and
   from the store otherwise; what they are made of comes from the store and is renewed behind it.
   Pages show who lives where, so they are kept until the end of the day after, no longer. */

"use strict";

const SCOPE = new URL(self.registration.scope).pathname;
const FAMILY = `${SCOPE.split("/").filter(Boolean).join("-")}-`;
const STORE = `${FAMILY}1`;
const PATIENCE_MS = 4000;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith(FAMILY) && name !== STORE) {
          await caches.delete(name);
        }
      }
      await self.clients.claim();
    })(),
  );
});

const isPage = (url) => url.pathname.startsWith(SCOPE) && !url.pathname.includes("/api/");
const stored = (request) => caches.match(request, { cacheName: STORE, ignoreVary: true });

/* Whether the day after a response was made is over. */
function isOld(response) {
  const made = new Date(response.headers.get("Date") ?? 0);
  return Date.now() >= new Date(made.getFullYear(), made.getMonth(), made.getDate() + 2).getTime();
}

async function forgetOld() {
  const store = await caches.open(STORE);
  for (const request of await store.keys()) {
    const response = await store.match(request, { ignoreVary: true });
    if (isPage(new URL(request.url)) && isOld(response)) {
      await store.delete(request, { ignoreVary: true });
    }
  }
}

/* Keep what is whole and meant for this address; a page that is gone is not shown any more. */
async function keep(request, response) {
  const store = await caches.open(STORE);
  if (response.status === 200 && response.type === "basic" && !response.redirected) {
    await store.put(request, response);
  } else if ([403, 404].includes(response.status)) {
    await store.delete(request, { ignoreVary: true });
  }
}

async function page(request) {
  await forgetOld();
  const known = await stored(request);
  const fresh = fetch(request).then(async (response) => {
    await keep(request, response.clone());
    return response;
  });
  if (!known) {
    return fresh;
  }
  const late = new Promise((resolve) => setTimeout(() => resolve(known), PATIENCE_MS));
  return Promise.race([fresh.catch(() => known), late]);
}

async function part(request) {
  const known = await stored(request);
  const fresh = fetch(request).then(async (response) => {
    await keep(request, response.clone());
    return response;
  });
  if (known) {
    fresh.catch(() => undefined);
    return known;
  }
  return fresh;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) {
    return;
  }
  if (isPage(url)) {
    if (url.pathname !== `${SCOPE}sw.js`) {
      event.respondWith(page(event.request));
    }
  } else if (event.request.mode !== "navigate") {
    event.respondWith(part(event.request));
  }
});

self.addEventListener("message", (event) => {
  const asked = event.data;
  if (asked.do === "forget") {
    event.waitUntil(caches.delete(STORE));
    return;
  }
  if (asked.do !== "keep") {
    return;
  }
  event.waitUntil(
    (async () => {
      await forgetOld();
      for (const address of [...asked.pages, ...asked.parts]) {
        const request = new Request(address);
        if (asked.parts.includes(address) && (await stored(request))) {
          continue;
        }
        await fetch(request)
          .then((response) => keep(request, response))
          .catch(() => undefined);
      }
      const kept = await Promise.all(asked.pages.map((address) => stored(new Request(address))));
      event.source.postMessage({ kept: kept.every(Boolean) });
    })(),
  );
});
