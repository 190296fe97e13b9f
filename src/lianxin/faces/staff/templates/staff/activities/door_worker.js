// Keeps the door's page and what it is drawn with, so that it opens again without a network. It keeps no names.
"use strict";

const KEPT = "lianxin-door-1";
const isDoor = (url) => /\/dates\/[0-9a-f-]{36}\/check-in\/offline\/$/.test(url.pathname);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  const urls = event.data?.keep ?? [];
  event.waitUntil(caches.open(KEPT).then((kept) => Promise.all(urls.map((url) => kept.add(url).catch(() => null)))).then(() => event.ports[0]?.postMessage("kept")));
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  const isPage = event.request.mode === "navigate" && isDoor(url);
  if (event.request.mode === "navigate" && !isPage) return;
  if (!isPage && !url.pathname.startsWith("/static/")) return;
  const key = isPage ? url.pathname : event.request;
  event.respondWith(
    fetch(event.request)
      .then(async (answer) => {
        if (isPage && answer.ok && !answer.redirected) (await caches.open(KEPT)).put(key, answer.clone());
        return answer;
      })
      .catch(async (problem) => {
        const kept = await caches.match(key, { ignoreVary: true });
        if (kept) return kept;
        throw problem;
      }),
  );
});
