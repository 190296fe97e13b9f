// The visits' page on a phone, put together: its screens, what is in memory while it is open, sending, locking itself.
(() => {
  "use strict";

  const visits = window.lianxinVisits;
  if (!visits) return;
  const { root, words, say, part, today, show, tell, list, lock: door, Store, Outbox, Visit } = visits;
  const TRY_AGAIN = 30_000;
  const LOOKED_AT = 15_000;
  const LEFT_ALONE = 10 * 60_000;
  // Nothing of what was shown stays in a locked page.
  const LISTS = ["homes", "records", "members", "home-flags", "promise-list", "made-list", "wishes-list", "questions"];
  const TEXTS = ["label", "address", "reason", "last-words", "last-note", "place", "who", "until"];
  const NOTHING = { pack: null, forms: {}, device: null, records: [] };

  const app = { store: null, outbox: null, visit: null, screen: "", ...NOTHING };
  let touchedAt = Date.now();
  let drawnOn = today();

  // --- screens

  const stay = (screen) => {
    app.screen = screen;
    part("to-login").hidden = true;
    show(screen);
  };
  const go = (screen) => {
    if (app.screen !== screen) history.pushState({ screen }, "");
    stay(screen);
  };
  const load = async () => {
    const { store } = app;
    const records = (await store.records()).sort((one, other) => (one.id < other.id ? -1 : 1));
    Object.assign(app, { pack: await store.kept("pack"), forms: (await store.kept("forms")) ?? {}, device: await store.kept("device"), records });
  };
  const drawList = () => list.drawList(app, openVisit);
  const drawOutbox = () => list.drawOutbox(app, acts);
  const refresh = async () => {
    if (!app.store.isOpen) return;
    await load();
    list.drawState(app);
    if (app.screen === "list") drawList();
    if (app.screen === "outbox") drawOutbox();
  };
  const showList = async () => {
    await app.visit?.saving;
    app.visit = null;
    await load();
    drawList();
    stay("list");
  };
  const showOutbox = () => {
    tell("");
    drawOutbox();
    go("outbox");
  };
  const openVisit = (id) => {
    const record = list.recordOf(app.records, id);
    if (record && record.state !== "draft") return showOutbox();
    const known = app.pack?.visits.find((one) => one.id === id) ?? null;
    const form = app.forms[record?.survey?.version ?? app.pack?.versions[known?.survey ?? record?.visit.survey]] ?? null;
    tell("");
    app.visit = new Visit({ store: app.store, known, record, form, device: app.device?.id ?? "", finished });
    app.visit.draw();
    return go("visit");
  };
  const finished = async () => {
    await showList();
    history.back();
    tell(words.finished, "done");
    send();
  };

  // --- the outbox

  const acts = {
    change: async (record) => {
      // It may have gone out since it was drawn.
      const fresh = (await app.store.records()).find((one) => one.id === record.id);
      if (app.outbox.sending || !fresh || (fresh.state === "ready" && fresh.tried)) return refresh();
      const open = await visits.reopen(app.store, fresh);
      await load();
      history.replaceState({ screen: "visit" }, "");
      app.screen = "visit";
      return openVisit(open.visit.id);
    },
    forget: async (record) => {
      await app.store.dropRecord(record.id);
      await refresh();
    },
    leavePhotos: async (record) => {
      for (const { name } of await app.store.photosOf(record.id)) await app.store.dropPhoto(record.id, name);
      await app.store.putRecord({ ...record, photos_left: 0, photo_said: "" });
      await refresh();
    },
  };
  const send = async ({ isPressed = false } = {}) => {
    if (!app.store.isOpen || (!isPressed && !navigator.onLine) || !app.records.some(list.isToSend)) return;
    if (isPressed) tell(words.sending);
    const found = await app.outbox.send();
    if (!found || !app.store.isOpen) return;
    const { sent, asked, left, problem } = found;
    if (problem && (left || isPressed)) tell(problem, "due");
    else if (sent) tell(asked ? words.sent_with_questions : say("sent", { n: sent }), asked ? "due" : "done");
    else if (isPressed) tell("");
  };

  // --- the lock

  const enter = async () => {
    await showList();
    send();
  };
  const lockUp = async () => {
    await app.visit?.saving;
    Object.assign(app, NOTHING, { visit: null });
    app.store.close();
    for (const name of LISTS) part(name).replaceChildren();
    for (const name of TEXTS) part(name).textContent = "";
    for (const name of ["note", "search"]) part(name).value = "";
    tell("");
    await door.showDoor(app.store, stay);
  };
  const watch = async () => {
    const { store } = app;
    if (store.isOpen && Date.now() - touchedAt > LEFT_ALONE) return lockUp();
    const had = store.isOpen;
    await app.visit?.saving;
    if (await store.expire()) {
      await (had ? lockUp() : door.showDoor(store, stay));
      return tell((await store.lock()) ? words.expired : words.expired_all, "due");
    }
    if (store.isOpen && drawnOn !== today()) {
      drawnOn = today();
      await refresh();
    }
  };

  // --- the page itself

  const PRESSES = {
    "do-unlock": async () => (await door.unlock(app.store, stay)) && enter(),
    "do-recover": async () => {
      const before = await door.recover(app.store);
      if (!before) return;
      await load();
      await door.takeAlong({ ...app, device: { id: before, name: "" } });
      await enter();
    },
    "do-take": async () => (await door.takeAlong(app)) && enter(),
    "take-again": async () => (await door.takeAlong(app)) && showList(),
    "to-outbox": showOutbox,
    send: () => send({ isPressed: true }),
    lock: lockUp,
    "wipe-ask": () => (part("wipe-sure").hidden = false),
    "wipe-not": () => (part("wipe-sure").hidden = true),
    wipe: async () => {
      await app.store.wipe();
      await door.showDoor(app.store, stay);
      tell(words.wiped, "done");
    },
  };
  const listen = () => {
    for (const [name, press] of Object.entries(PRESSES)) {
      part(name).addEventListener(part(name).tagName === "FORM" ? "submit" : "click", (event) => {
        event.preventDefault();
        press();
      });
    }
    for (const one of root.querySelectorAll("[data-back]")) one.addEventListener("click", () => history.back());
    part("search").addEventListener("input", drawList);
    window.addEventListener("popstate", () => app.store.isOpen && app.screen !== "list" && showList());
    for (const name of ["pointerdown", "keydown"]) window.addEventListener(name, () => (touchedAt = Date.now()), { passive: true });
    for (const name of ["online", "offline"]) window.addEventListener(name, () => app.store.isOpen && (list.drawState(app), send()));
    document.addEventListener("visibilitychange", watch);
    window.setInterval(watch, LOOKED_AT);
    window.setInterval(send, TRY_AGAIN);
  };
  const keepPage = async () => {
    if (!("serviceWorker" in navigator)) return;
    try {
      await navigator.serviceWorker.register(root.dataset.worker);
      await navigator.serviceWorker.ready;
      document.documentElement.setAttribute("data-kept", "yes");
    } catch {
      // Without it the page works as long as it stays open.
    }
  };
  const start = async () => {
    try {
      app.store = await Store.open();
    } catch {
      return show("no-store");
    }
    app.outbox = new Outbox(app.store, { changed: refresh });
    history.replaceState({ screen: "list" }, "");
    listen();
    keepPage();
    return door.showDoor(app.store, stay);
  };

  if (!window.isSecureContext || !crypto.subtle || !navigator.locks) show("insecure");
  else {
    // Two windows writing the same visit would write over one another: the second one waits for the first to close.
    show("other-window");
    navigator.locks.request("lianxin-visits", () => new Promise(() => start()));
  }
})();
