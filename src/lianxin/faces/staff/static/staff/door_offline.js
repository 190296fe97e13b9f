// The door of one date without a network: the list it took along and its scans lie on this phone until they are sent.
(() => {
  "use strict";

  const root = document.querySelector("[data-door]");
  if (!root) return;
  const STORE = `lianxin-door-${root.dataset.occurrence}`;
  const TRY_AGAIN = 15_000;
  const AT_ONCE = 100;
  const TICKET = /^(?:LXA:)?([A-Z2-7]{26})$/;
  const words = JSON.parse(document.getElementById("door-words").textContent);
  const publicKeys = JSON.parse(document.getElementById("door-keys").textContent);
  const part = (name) => root.querySelector(`[data-${name}]`);
  const say = (word, values = {}) => words[word].replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
  let sending = false;

  // What this phone keeps: {roster, scans: [{id, came_at, text | sign_up | name + phone, shown, state, said}]}.
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(STORE)) ?? { roster: null, scans: [] };
    } catch {
      return { roster: null, scans: [] };
    }
  };
  const change = async (how) => {
    const run = () => {
      const next = how(read());
      if (next) localStorage.setItem(STORE, JSON.stringify(next));
      return next;
    };
    return navigator.locks ? navigator.locks.request(STORE, run) : run();
  };
  const waiting = (kept) => kept.scans.filter((scan) => !scan.state);

  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let time = Date.now();
    for (let at = 5; at >= 0; at -= 1) {
      bytes[at] = time % 256;
      time = Math.floor(time / 256);
    }
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };
  const octets = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (two) => Number.parseInt(two, 16));
  const digest = async (text) => {
    const made = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return [...new Uint8Array(made)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  // False when the list was changed; null where this phone cannot tell.
  const isSigned = async ({ text, algorithm, key_id, signature }) => {
    if (!publicKeys[key_id] || !signature) return false;
    if (algorithm !== "ed25519" || !crypto.subtle) return null;
    try {
      const key = await crypto.subtle.importKey("raw", octets(publicKeys[key_id]), "Ed25519", false, ["verify"]);
      return await crypto.subtle.verify("Ed25519", key, octets(signature), new TextEncoder().encode(text));
    } catch {
      return null;
    }
  };

  const tell = (text, tone = "") => {
    part("said").textContent = text;
    part("said").dataset.tone = tone;
  };
  const node = (tag, text = "", props = {}) => Object.assign(document.createElement(tag), { textContent: text, ...props });

  const draw = () => {
    const kept = read();
    const about = [navigator.onLine ? words.online : words.offline];
    about.push(kept.roster ? say("fetched", { n: kept.roster.people.length }) : words.no_roster);
    part("state").textContent = about.join(" · ");
    const left = waiting(kept).length;
    part("count").textContent = say("count", { n: kept.scans.filter((scan) => scan.state !== "refused").length });
    part("waiting").textContent = left ? say("waiting", { n: left }) : kept.scans.length ? words.all_sent : "";
    const rows = [...kept.scans].reverse().map((scan) => {
      const state = scan.state ? (scan.state === "refused" ? say("refused", { why: scan.said }) : words[scan.state]) : words.unsent;
      const clock = new Date(scan.came_at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      const row = node("li", `${clock} · ${scan.shown} · ${state} `);
      if (!scan.state) {
        const out = node("button", words.undo, { type: "button", className: "button button-plain" });
        out.addEventListener("click", () => takeOut(scan.id));
        row.append(out);
      }
      return row;
    });
    part("list").replaceChildren(...rows);
  };

  const keep = async (scan, said) => {
    try {
      await change((kept) => ({ ...kept, scans: [...kept.scans, { id: newId(), came_at: new Date().toISOString(), ...scan }] }));
      tell(said, "done");
    } catch {
      tell(words.full);
    }
    draw();
    send();
  };

  const takeOut = async (id) => {
    await change((kept) => ({ ...kept, scans: kept.scans.filter((scan) => scan.id !== id || scan.state) }));
    tell("");
    draw();
  };

  const seen = (kept, sign_up) => kept.scans.some((scan) => scan.sign_up_shown === sign_up && scan.state !== "refused");

  const take = async (person, scan) => {
    if (person.came || seen(read(), person.sign_up)) return tell(say("again", { name: person.name }));
    await keep({ ...scan, sign_up_shown: person.sign_up, shown: `${person.no} ${person.name}` }, say("here", { name: person.name }));
  };

  const choose = (people) => {
    tell(words.several);
    part("matches").replaceChildren(
      ...people.map((person) => {
        const row = node("li");
        const made = node("button", `${person.no} · ${person.name}`, { type: "button", className: "button button-quiet" });
        made.addEventListener("click", () => {
          part("matches").replaceChildren();
          take(person, { sign_up: person.sign_up });
        });
        row.append(made);
        return row;
      }),
    );
  };

  const find = async (typed) => {
    const { roster } = read();
    const text = typed.trim();
    const digits = text.replace(/^(\d{8})\..*$/, "$1").replace(/[\s-]/g, "");
    const ticket = TICKET.exec(text.toUpperCase());
    part("matches").replaceChildren();
    if (!roster || !crypto.subtle) return keep({ text, shown: digits.slice(-4).padStart(8, "·") }, words.kept);
    if (/^\d{4}$/.test(digits)) {
      const wanted = await digest(`${roster.salt}|${digits}`);
      const found = roster.people.filter((one) => one.last4 === wanted);
      if (!found.length) return tell(words.nobody);
      return found.length === 1 ? take(found[0], { sign_up: found[0].sign_up }) : choose(found);
    }
    const wanted = ticket ? await digest(ticket[1]) : await digest(`${roster.salt}|${digits}`);
    const by = ticket ? "token" : digits.length === 6 ? "code" : "card";
    const person = roster.people.find((one) => one[by] && one[by] === wanted);
    if (person) return take(person, { text });
    if (!ticket && digits.length !== 8) return tell(words.nobody);
    // A ticket or card that is not on the list may be right all the same: the office looks when it arrives.
    return keep({ text, shown: ticket ? "LXA…" : `····${digits.slice(-4)}` }, words.kept);
  };

  const send = async () => {
    const part_of = waiting(read()).slice(0, AT_ONCE);
    if (sending || !part_of.length || !navigator.onLine) return;
    sending = true;
    let goOn = false;
    try {
      const scans = part_of.map(({ id, came_at, text, sign_up, name, phone }) => ({ id, came_at, text, sign_up, name, phone }));
      const answer = await fetch(root.dataset.sync, {
        method: "POST",
        headers: { "X-CSRFToken": root.dataset.token, "Content-Type": "application/json" },
        body: JSON.stringify({ scans }),
      });
      if (answer.redirected || answer.status === 403) {
        tell(words.log_in);
      } else {
        const said = await answer.json();
        if (answer.ok) {
          const by_id = Object.fromEntries(said.answers.map((one) => [one.id, one]));
          await change((kept) => ({ ...kept, scans: kept.scans.map((scan) => (by_id[scan.id] ? { ...scan, state: by_id[scan.id].state, said: by_id[scan.id].said } : scan)) }));
          goOn = true;
        } else {
          // Busy (503): nothing was refused, the same scans go again.
          tell(answer.status === 503 ? said.error : say("refused", { why: said.error ?? answer.status }));
        }
      }
    } catch {
      // No answer: the same scans go again, and are counted once.
    } finally {
      sending = false;
      draw();
    }
    if (goOn && waiting(read()).length) send();
  };

  const fetchRoster = async () => {
    try {
      const answer = await fetch(root.dataset.roster, { headers: { Accept: "application/json" } });
      if (answer.redirected) return tell(words.log_in);
      const said = await answer.json();
      if (!answer.ok) return tell(said.error);
      if ((await isSigned(said)) === false) return tell(words.forged);
      await change((kept) => ({ ...kept, roster: said.package }));
      tell("");
    } catch {
      // The list that was taken along before goes on.
    }
    draw();
  };

  const keepPage = async () => {
    if (!("serviceWorker" in navigator)) return;
    try {
      await navigator.serviceWorker.register(root.dataset.worker);
      const ready = await navigator.serviceWorker.ready;
      const linked = [...document.querySelectorAll("link[rel~='stylesheet'], script[src]")].map((one) => one.href ?? one.src);
      const drawn = performance.getEntriesByType("resource").map((one) => one.name);
      const keepThese = [...new Set([...drawn, ...linked, ...[...document.scripts].map((one) => one.src)])].filter((url) => url.startsWith(`${location.origin}/static/`));
      const channel = new MessageChannel();
      channel.port1.onmessage = () => document.documentElement.setAttribute("data-kept", "yes");
      ready.active.postMessage({ keep: [...keepThese, location.pathname] }, [channel.port2]);
    } catch {
      // Without a worker (a site without https) the page works as long as it stays open.
    }
  };

  part("find").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = root.querySelector("#shown");
    find(field.value).finally(() => {
      field.value = "";
      field.focus();
    });
  });
  part("walk-in").addEventListener("submit", (event) => {
    event.preventDefault();
    const [name, phone] = ["#name", "#phone"].map((one) => root.querySelector(one).value.trim());
    if (!name) return;
    event.target.reset();
    keep({ name, phone, shown: `${name[0]}＊` }, say("written", { name: `${name[0]}＊` }));
  });
  part("send").addEventListener("click", () => (tell(""), send()));
  part("fetch").addEventListener("click", fetchRoster);
  part("forget").addEventListener("click", () => {
    part("sure").hidden = !waiting(read()).length;
    if (waiting(read()).length) return;
    localStorage.removeItem(STORE);
    tell("");
    draw();
  });
  window.addEventListener("online", () => (draw(), fetchRoster(), send()));
  window.addEventListener("offline", draw);
  window.addEventListener("storage", draw);
  window.setInterval(send, TRY_AGAIN);

  draw();
  fetchRoster().then(send);
  keepPage();
})();
