// Keeps the till's page and what it is drawn with, so that it opens again without a network.
"use strict";

const KEPT = "lianxin-till-1";
const PAGE = "{% url "staff:till_app" %}";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.add(PAGE)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  const urls = event.data?.keep ?? [];
  event.waitUntil(caches.open(KEPT).then((kept) => Promise.all(urls.map((url) => kept.add(url).catch(() => null)))).then(() => event.ports[0]?.postMessage("kept")));
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  const isPage = event.request.mode === "navigate" && url.pathname === PAGE;
  if (!isPage && url.pathname.startsWith(PAGE)) return;
  const key = isPage ? PAGE : event.request;
  event.respondWith(
    fetch(event.request)
      .then(async (answer) => {
        if (isPage && answer.ok) (await caches.open(KEPT)).put(PAGE, answer.clone());
        return answer;
      })
      .catch(async (problem) => {
        const kept = await caches.match(key, { ignoreVary: true });
        if (kept) return kept;
        throw problem;
      }),
  );
});
