// Shows a page of our own where there is no connection. It keeps that page and its files, and never any other answer.
"use strict";
self.addEventListener("install", (event) => {
  const asked = FILES.map((file) => new Request(file, { credentials: "omit", cache: "no-cache" })); // nobody's session
  event.waitUntil(caches.open(NAME).then((kept) => kept.addAll(asked)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  const forget = (names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(forget));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetch(request).catch(() => caches.match(FILES[0])));
  } else if (origin === location.origin && FILES.includes(pathname + search)) {
    event.respondWith(fetch(request).catch(() => caches.match(request.url)));
  }
});
