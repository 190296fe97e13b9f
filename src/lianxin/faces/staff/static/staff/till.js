// A till that goes on without a network: what it took along and what it sold lie on this device until they are sent.
(() => {
  "use strict";

  const root = document.querySelector("[data-till]");
  if (!root) return;
  const STORE = "lianxin-till";
  const SECRET = "X-Till-Secret";
  const TRY_AGAIN = 15_000;
  const words = JSON.parse(document.getElementById("till-words").textContent);
  const part = (name) => root.querySelector(`[data-${name}]`);
  const say = (word, values = {}) => words[word].replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
  let basket = {};
  let home = null;
  let sending = false;
  // Whether the office signed what lies here: null while it is not known, or where this device cannot tell.
  let signed = null;

  // What this device keeps: {token, package, sales, wants_to_send, result}.
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(STORE)) ?? null;
    } catch {
      return null;
    }
  };
  const write = (kept) => localStorage.setItem(STORE, JSON.stringify(kept));
  // Two windows of one till must not sell the same piece: every change reads again under one lock.
  const change = async (how) => {
    const run = () => {
      const kept = read();
      const next = how(kept);
      if (next) write(next);
      return next;
    };
    return navigator.locks ? navigator.locks.request(STORE, run) : run();
  };

  const publicKeys = JSON.parse(document.getElementById("till-keys").textContent);
  const octets = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (two) => Number.parseInt(two, 16));
  // The text that was signed: keys in order, no spaces.
  const plainText = (value) => {
    if (Array.isArray(value)) return `[${value.map(plainText).join(",")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${plainText(value[name])}`).join(",")}}`;
  };
  const isSigned = async ({ package: said, algorithm, key_id, signature }) => {
    if (!publicKeys[key_id] || !signature) return false;
    if (algorithm !== "ed25519" || !crypto.subtle) return null;
    let key;
    try {
      key = await crypto.subtle.importKey("raw", octets(publicKeys[key_id]), "Ed25519", false, ["verify"]);
    } catch {
      return null;
    }
    return crypto.subtle.verify("Ed25519", key, octets(signature), new TextEncoder().encode(`lianxin till 1\n${plainText(said)}`));
  };
  const examine = async () => {
    const kept = read();
    signed = kept?.package && !kept.result ? await isSigned(kept) : null;
    if (signed === false) tell(words.forged);
  };

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

  const sum = (rows, what) => rows.reduce((total, row) => total + row[what], 0);
  const piecesLeft = (kept, item) => item.pieces - sum(kept.sales.filter((sale) => sale.item === item.id), "quantity");
  const pointsLeft = (kept, household) => household.points - sum(kept.sales.filter((sale) => sale.household === household.id), "points");
  const mostOf = (kept, household, item) => {
    const taken = sum(kept.sales.filter((sale) => sale.household === household.id && sale.item === item.id), "quantity");
    return Math.max(0, Math.min(piecesLeft(kept, item), item.limit === null ? Infinity : item.limit - taken));
  };
  const wanted = (kept) => kept.package.items.filter((item) => basket[item.id]);
  const cost = (kept) => wanted(kept).reduce((total, item) => total + item.points * basket[item.id], 0);

  const tell = (text, tone = "") => {
    part("said").textContent = text;
    part("said").dataset.tone = tone;
  };
  const node = (tag, text = "", props = {}) => Object.assign(document.createElement(tag), { textContent: text, ...props });
  const button = (text, press, props = {}) => {
    const made = node("button", text, { type: "button", className: "button button-quiet", ...props });
    made.addEventListener("click", press);
    return made;
  };
  const show = (...names) => {
    for (const section of root.querySelectorAll("[data-part]")) section.hidden = !names.includes(section.dataset.part);
  };

  const draw = () => {
    const kept = read();
    const online = navigator.onLine;
    const about = [online ? words.online : words.offline];
    if (kept?.package && !kept.result) about.push(say("until", { day: new Date(kept.package.expires_at).toLocaleString(document.documentElement.lang) }));
    if (kept?.package && !kept.result && signed === null) about.push(words.unchecked);
    part("state").textContent = about.join(" · ");
    if (kept?.package) document.querySelector("[data-name]").textContent = kept.package.name;
    if (!kept?.package) {
      show("empty");
      part("fetch").hidden = !kept?.token;
    } else if (kept.result) {
      drawResult(kept);
    } else {
      home ? drawSelling(kept) : show("find", "sold");
      drawSold(kept);
    }
  };

  const drawSelling = (kept) => {
    show("sell", "sold");
    part("home").textContent = say("household", { number: home.number });
    part("people").textContent = home.people.map((one) => one.name).join(" · ");
    part("left").textContent = say("left", { n: pointsLeft(kept, home) });
    const goods = kept.package.items.map((item) => {
      const row = node("li");
      const name = node("span", item.name, { className: "name" });
      const notes = [say("each", { n: item.points }), say("pieces", { n: piecesLeft(kept, item) })];
      if (item.limit !== null) notes.push(say("limit", { n: item.limit }));
      name.append(node("small", notes.join(" · ")));
      const amount = node("span", "", { className: "till-amount" });
      const most = mostOf(kept, home, item);
      const now = Math.min(basket[item.id] ?? 0, most);
      basket[item.id] = now;
      const step = (by) => {
        basket[item.id] = Math.max(0, Math.min(now + by, most));
        draw();
        root.querySelector(`[data-step="${item.id}${by}"]`)?.focus();
      };
      const less = button("−", () => step(-1), { disabled: !now, ariaLabel: say("less", { name: item.name }) });
      const more = button("+", () => step(1), { disabled: now >= most, ariaLabel: say("more", { name: item.name }) });
      less.dataset.step = `${item.id}-1`;
      more.dataset.step = `${item.id}1`;
      amount.append(less, node("output", String(now)), more);
      row.append(name, amount);
      return row;
    });
    part("goods").replaceChildren(...goods);
    const points = cost(kept);
    const missing = points - pointsLeft(kept, home);
    part("total").textContent = points ? say("total", { n: points }) : "";
    if (missing > 0) part("total").append(node("span", ` ${say("missing", { n: missing })}`, { className: "till-late" }));
    part("second-line").hidden = points <= kept.package.identity_check_above;
  };

  const drawSold = (kept) => {
    part("count").textContent = say("count", { n: kept.sales.length });
    const rows = [...kept.sales].reverse().map((sale) => {
      const item = kept.package.items.find((one) => one.id === sale.item);
      const buyer = kept.package.households.find((one) => one.id === sale.household);
      const row = node("li", `${buyer?.number ?? ""} · ${item?.name ?? ""} × ${sale.quantity} · ${say("each", { n: sale.points })}`);
      if (!kept.wants_to_send) row.append(button(words.undo, () => undo(sale.id)));
      return row;
    });
    part("list").replaceChildren(...rows);
    part("finish").hidden = Boolean(kept.wants_to_send);
    if (kept.wants_to_send) {
      show("sold");
      part("sure").hidden = true;
    }
  };

  const drawResult = (kept) => {
    show("done");
    const { booked, known, differences } = kept.result;
    part("done").textContent = say("sent", { n: booked + known - (known ? differences.length : 0) });
    part("wrong").textContent = differences.length ? say("wrong", { n: differences.length }) : "";
    part("reasons").replaceChildren(...differences.map((one) => node("li", one.reason)));
  };

  const find = (typed) => {
    const kept = read();
    // A card's code begins with its number, then a dot and a secret.
    const text = typed.trim().replace(/^(\d{8})\..*$/, "$1").replace(/[\s-]/g, "");
    const padded = text.padStart(6, "0");
    const found = kept.package.households.filter(
      (one) => one.number === typed.trim() || one.number === padded || one.people.some((person) => person.card && person.card === text),
    );
    part("homes").replaceChildren();
    if (found.length === 1) return choose(found[0]);
    tell(found.length ? words.several : words.unknown);
    part("homes").replaceChildren(
      ...found.map((one) => {
        const row = node("li");
        row.append(button(`${one.number} · ${one.people.map((person) => person.name).join(" · ")}`, () => choose(one)));
        return row;
      }),
    );
  };

  const choose = (household) => {
    home = household;
    basket = {};
    tell("");
    part("homes").replaceChildren();
    part("second").checked = false;
    draw();
    part("home").scrollIntoView({ block: "nearest" });
  };

  const next = () => {
    home = null;
    basket = {};
    draw();
    part("find").reset();
    root.querySelector("#shown").focus();
  };

  const give = async () => {
    const kept = read();
    const points = cost(kept);
    if (signed === false) return tell(words.forged);
    if (!wanted(kept).length) return tell(words.nothing);
    if (new Date(kept.package.expires_at) <= new Date()) return tell(words.late);
    if (points > kept.package.identity_check_above && !part("second").checked) return tell(words.second);
    let problem = "";
    try {
      await change((fresh) => {
        const missing = points - pointsLeft(fresh, home);
        if (missing > 0) problem = say("missing", { n: missing });
        else if (fresh.result || fresh.wants_to_send || wanted(fresh).some((item) => basket[item.id] > mostOf(fresh, home, item))) problem = words.taken;
        if (problem) return null;
        const sold_at = new Date().toISOString();
        const made = wanted(fresh).map((item) => ({
          id: newId(),
          household: home.id,
          item: item.id,
          quantity: basket[item.id],
          points: item.points * basket[item.id],
          sold_at,
        }));
        return { ...fresh, sales: [...fresh.sales, ...made] };
      });
    } catch {
      problem = words.full;
    }
    if (problem) {
      tell(problem);
      return draw();
    }
    next();
    tell(say("given", { n: points }), "done");
  };

  const undo = async (id) => {
    await change((fresh) => (fresh.wants_to_send || fresh.result ? null : { ...fresh, sales: fresh.sales.filter((sale) => sale.id !== id) }));
    tell("");
    draw();
  };

  const send = async () => {
    const kept = read();
    if (sending || !kept?.package || !kept.wants_to_send) return;
    sending = true;
    try {
      const answer = await fetch(root.dataset.sales, {
        method: "POST",
        headers: { [SECRET]: kept.token, "Content-Type": "application/json" },
        body: JSON.stringify({ sales: kept.sales }),
      });
      const said = await answer.json();
      if (answer.ok) {
        // Who lives where is not needed any more, so the device forgets it.
        await change((fresh) => ({ ...fresh, wants_to_send: false, result: said, package: { ...fresh.package, households: [] } }));
        tell("");
      } else {
        // Busy (503): nothing was refused, the same sales go again.
        tell(answer.status === 503 ? said.error : say("refused", { why: said.error ?? answer.status }));
      }
    } catch {
      tell(words.waiting);
    } finally {
      sending = false;
      draw();
    }
  };

  const fetchPackage = async () => {
    const kept = read();
    if (!kept?.token || kept.package) return;
    try {
      const answer = await fetch(root.dataset.package, { headers: { [SECRET]: kept.token } });
      const said = await answer.json();
      if (answer.ok && (await isSigned(said)) === false) {
        tell(words.forged);
      } else if (answer.ok) {
        await change((fresh) => ({ ...fresh, ...said }));
        tell("");
        await examine();
      } else {
        tell(answer.status === 409 ? words.not_ready : said.error);
      }
    } catch {
      tell(words.no_network);
    }
    draw();
  };

  const takeToken = async () => {
    const token = decodeURIComponent(location.hash.slice(1));
    if (!token) return;
    history.replaceState(null, "", location.pathname);
    await change((kept) => {
      if (kept?.token === token) return null;
      if (kept?.sales?.length && !kept.result) {
        tell(words.other);
        return null;
      }
      return { token, sales: [] };
    });
  };

  const keepPage = async () => {
    if (!("serviceWorker" in navigator)) return;
    try {
      await navigator.serviceWorker.register(root.dataset.worker);
      const ready = await navigator.serviceWorker.ready;
      const drawn = performance.getEntriesByType("resource").map((one) => one.name);
      const linked = [...document.querySelectorAll("link[rel~='stylesheet'], script[src]")].map((one) => one.href ?? one.src);
      const keep = [...new Set([...drawn, ...linked, ...[...document.scripts].map((one) => one.src)])].filter(
        (url) => url.startsWith(`${location.origin}/static/`),
      );
      const channel = new MessageChannel();
      channel.port1.onmessage = () => document.documentElement.setAttribute("data-kept", "yes");
      ready.active.postMessage({ keep }, [channel.port2]);
    } catch {
      // Without a worker (a site without https) the page works as long as it stays open.
    }
  };

  part("find").addEventListener("submit", (event) => {
    event.preventDefault();
    find(root.querySelector("#shown").value);
  });
  part("fetch").addEventListener("click", fetchPackage);
  part("next").addEventListener("click", () => (tell(""), next()));
  part("give").addEventListener("click", give);
  part("finish").addEventListener("click", () => (part("sure").hidden = false));
  part("not-yet").addEventListener("click", () => (part("sure").hidden = true));
  part("send").addEventListener("click", async () => {
    await change((fresh) => ({ ...fresh, wants_to_send: true }));
    home = null;
    draw();
    send();
  });
  part("again").addEventListener("click", async () => {
    await change((fresh) => ({ ...fresh, wants_to_send: true }));
    send();
  });
  window.addEventListener("online", () => (draw(), fetchPackage(), send()));
  window.addEventListener("offline", draw);
  window.addEventListener("storage", draw);
  window.addEventListener("hashchange", () => takeToken().then(fetchPackage));
  window.setInterval(send, TRY_AGAIN);

  takeToken().then(examine).then(() => {
    draw();
    fetchPackage();
    send();
    keepPage();
  });
})();
