// Keeps the visits' page and what it is drawn with, so that it opens again without a network. It keeps no names.
"use strict";

const NAME = "lianxin-visits-";
const KEPT = `${NAME}{{ digest }}`;
const PAGE = "{% url "staff:visits_phone" %}";
const PARTS = [{% for part in parts %}"{{ part }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
// A signal of one bar answers nobody: after so long the page that lies here is shown.
const PATIENCE = 4000;

const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds, null));
const kept = () => caches.open(KEPT);

self.addEventListener("install", (event) => {
  const all = [PAGE, ...PARTS].map((url) => new Request(url, { cache: "reload" }));
  event.waitUntil(kept().then((cache) => cache.addAll(all)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(NAME) && name !== KEPT;
  const tidy = caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))));
  event.waitUntil(tidy.then(() => self.clients.claim()));
});

const fetchAndKeep = async (request, key) => {
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) (await kept()).put(key, answer.clone());
  return answer;
};
const openPage = async (event) => {
  const there = await (await kept()).match(PAGE, { ignoreVary: true });
  const fresh = fetchAndKeep(event.request, PAGE);
  event.waitUntil(fresh.catch(() => null));
  if (!there) return fresh;
  const answer = await Promise.race([fresh.catch(() => null), later(PATIENCE)]);
  return answer?.ok && !answer.redirected ? answer : there;
};
const openPart = async (event) => {
  const there = await (await kept()).match(event.request, { ignoreVary: true });
  const fresh = fetchAndKeep(event.request, event.request);
  event.waitUntil(fresh.catch(() => null));
  return there ?? fresh;
};

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname === PAGE) event.respondWith(openPage(event));
  else if (PARTS.includes(url.pathname)) event.respondWith(openPart(event));
});
