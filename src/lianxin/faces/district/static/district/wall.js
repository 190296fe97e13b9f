// The wall screen's clock, its turning acts, and what it says when it stands still. htmx brings the figures.
(() => {
  "use strict";

  const place = document.querySelector("[data-wall]");
  const clock = document.querySelector("[data-wall-clock]");
  const stale = document.getElementById("wall-stale");
  const words = stale.dataset.words;
  const STALE = Number(place.dataset.stale) * 1000;
  const TURN = 6000;
  // The server's clock counts: a screen's own may be wrong. `seen` is measured by a clock that nobody sets.
  let ahead = 0, said = "", seen = 0, act = 0;

  const read = () => {
    const now = place.querySelector("[data-now]");
    if (!now) return;
    ahead = Date.parse(now.dataset.now) - Date.now();
    said = now.dataset.said;
    seen = performance.now();
    stale.textContent = "";
    // A new version is installed: begin anew, so that the old page does not show new parts.
    if (now.dataset.assets !== place.dataset.assets) window.location.reload();
    turn();
  };

  const turn = () => {
    for (const list of place.querySelectorAll("[data-wall-turning]")) {
      const all = [...list.children];
      const shown = Math.floor(act / Number(list.dataset.wallTurning)) % all.length;
      list.classList.add("turning");
      all.forEach((one, number) => one.classList.toggle("now", number === shown));
    }
  };

  const tick = () => {
    const shown = new Date(Date.now() + ahead).toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false, hour: "2-digit", minute: "2-digit", second: "2-digit" });
    clock.textContent = shown;
    if (performance.now() - seen > STALE && !stale.textContent) stale.textContent = words.replace("{time}", said);
  };

  // What is no answer of this page (a problem, a login, a proxy's words) is not hung on the wall.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const text = event.detail.serverResponse || "";
    if (event.detail.xhr.status !== 200 || !text.includes("data-now")) {
      event.detail.shouldSwap = false;
      if (!stale.textContent) stale.textContent = words.replace("{time}", said);
    }
  });
  document.body.addEventListener("htmx:sendError", () => { if (!stale.textContent) stale.textContent = words.replace("{time}", said); });
  document.body.addEventListener("htmx:afterSettle", read);

  read();
  tick();
  setInterval(tick, 1000);
  setInterval(() => { act += 1; turn(); }, TURN);
})();
