// Fills a questionnaire offline: the same forms, trees and rules as lianxin.engines.xforms, checked against the same fixture.
// Needs xforms-values.js and xforms-paths.js before it.
(() => {
  "use strict";

  const { NUMBER, Moment, Node, Evaluator, momentFromText, bare, words, letters, between, toNumber } = window.lianxinForms;
  const LARGEST_INT = 2147483647;
  const LONGEST = 10000;
  const MOST_REPETITIONS = 200;

  // --- answers

  const decimalText = (number) => {
    const [digits, exponent = "0"] = String(Math.abs(number)).split("e");
    let [whole, fraction = ""] = digits.split(".");
    for (let at = Number(exponent); at > 0; at -= 1) { whole += fraction[0] ?? "0"; fraction = fraction.slice(1); }
    for (let at = Number(exponent); at < 0; at += 1) { fraction = whole.slice(-1) + fraction; whole = whole.slice(0, -1) || "0"; }
    return `${number < 0 ? "-" : ""}${whole.replace(/^0+(?=\d)/, "")}.${fraction || "0"}`;
  };
  const isPlace = (text) => {
    const parts = words(text);
    if (parts.length < 2 || parts.length > 4 || !parts.every((part) => NUMBER.test(part))) return false;
    return Math.abs(Number(parts[0])) <= 90 && Math.abs(Number(parts[1])) <= 180;
  };
  const cut = (definition, text) => {
    const number = NUMBER.test(bare(text)) ? Number(bare(text)) : NaN;
    const { type = "string", control = "" } = definition;
    if (type === "int") {
      const whole = Math.trunc(number) + 0;
      return Number.isNaN(whole) || whole < -LARGEST_INT - 1 || whole > LARGEST_INT ? "" : String(whole);
    }
    if (type === "decimal") return Number.isFinite(number) ? decimalText(number) : "";
    if (type === "date") return momentFromText(text.split("T")[0], 0) ? text.split("T")[0] : "";
    if (type === "dateTime") return text.includes("T") && momentFromText(text, 0) ? text : "";
    if (type === "geopoint") return isPlace(text) ? words(text).map((part) => decimalText(Number(part))).join(" ") : "";
    if (control === "select") return words(text).join(" ");
    if (control === "trigger") return text.toLowerCase() === "ok" ? "OK" : "";
    return text;
  };
  const CODES = { decimal: "not_a_number", date: "not_a_date", dateTime: "not_a_date", geopoint: "not_a_place" };
  const take = (definition, given) => {
    // eslint-disable-next-line no-control-regex
    const text = given.replace(/\r\n/g, "\n").replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "");
    const { type = "string" } = definition;
    if (type === "string" || type === "binary") return letters(text).length <= LONGEST ? [text, ""] : ["", "too_long"];
    const typed = text.normalize("NFKC").trim();
    if (!typed) return ["", ""];
    if (type === "int" && !/^[-+]?\d+$/.test(typed)) return ["", "not_an_integer"];
    const value = cut(definition, typed);
    return value ? [value, ""] : ["", type === "int" ? "too_large" : CODES[type]];
  };

  // --- a form being filled

  class Instance {
    constructor(form, { now = Date.now(), uuid = () => crypto.randomUUID(), random = Math.random, offset = 480, language, device = "" } = {}) {
      this.form = form;
      this.language = form.languages.includes(language) ? language : form.default_language;
      this.device = device;
      this.world = { now, uuid, random, offset };
      this.below = form.nodes.map(() => []);
      form.nodes.forEach((definition, at) => { if (at) this.below[definition.parent].push(at); });
      this.rank = new Map(form.order.map((key, at) => [key, at]));
      this.itemOf = new Map();
      this.lists = {};
      for (const [name, items] of Object.entries(form.lists)) {
        const document = new Node("");
        const root = document.add(new Node("root"));
        for (const item of items) {
          const node = root.add(new Node("item"));
          for (const [cell, value] of Object.entries(item.cells)) node.add(new Node(cell, -1, value));
          this.itemOf.set(node, item);
        }
        this.lists[name] = document;
      }
      this.evaluator = new Evaluator(this.world, this.lists, (node, value) => this.choiceName(node, value));
      this.document = new Node("");
      this.nodes = form.nodes.map(() => []);
      this.offered = new Map();
      this.fresh = [];
      this.received = false;
    }
    definition(node) { return this.form.nodes[node.definition]; }
    kind(number) { return this.form.nodes[number].kind ?? "leaf"; }

    start() {
      this.grow(0, this.document);
      const moment = new Moment(this.world.now, this.world.offset);
      for (const node of this.document.walk()) {
        const preload = node.definition >= 0 && this.definition(node).preload;
        if (!preload) continue;
        node.stored = { uid: () => `uuid:${this.world.uuid()}`, deviceid: () => this.device, today: () => moment.day(),
          start: () => moment.stamp(), end: () => "" }[preload]();
      }
      this.calculate(this.form.order);
      this.fresh = [this.document];
      this.freshen();
      return this;
    }
    grow(number, parent, before, first = true) {
      const definition = this.form.nodes[number];
      const node = parent.add(new Node(definition.name, number), before);
      this.nodes[number].push(node);
      node.stored = cut(definition, definition.default ?? "");
      for (const below of this.below[number]) {
        if (this.kind(below) !== "repeat" || (first && !this.form.nodes[below].count)) this.grow(below, node, undefined, first);
      }
      return node;
    }
    growRepetition(number, parent) {
      const order = this.below[parent.definition];
      const later = new Set(order.slice(order.indexOf(number) + 1).map((below) => this.form.nodes[below].name));
      const before = parent.children.findIndex((child) => later.has(child.name));
      const { name, count } = this.form.nodes[number];
      const node = this.grow(number, parent, before < 0 ? undefined : before, Boolean(count) && !parent.named(name).length);
      this.fresh.push(node);
      return node;
    }
    wither(node) {
      for (const below of node.walk()) {
        this.nodes[below.definition].splice(this.nodes[below.definition].indexOf(below), 1);
        this.offered.delete(below);
      }
      node.parent.children.splice(node.parent.children.indexOf(node), 1);
    }
    freshen() {
      while (this.fresh.length) {
        for (const node of [...this.fresh.shift().walk()]) {
          const ast = node.definition >= 0 && this.definition(node).first_value;
          if (ast && node.relevant) this.store(node, cut(this.definition(node), this.evaluator.text(ast, node)));
        }
      }
    }
    calculate(keys) {
      const waiting = new Set(keys);
      const { order, feeds } = this.form;
      let at = Math.min(...[...waiting].map((key) => this.rank.get(key)), order.length);
      for (; waiting.size && at < order.length; at += 1) {
        const key = order[at];
        if (!waiting.delete(key)) continue;
        const changed = this[{ r: "stepRelevance", v: "stepValue", s: "stepRepetitions" }[key[0]]](Number(key.slice(1)));
        for (const fed of changed === true ? feeds[key] ?? [] : changed || []) if (fed !== key) waiting.add(fed);
      }
    }
    stepRelevance(number) {
      const ast = this.form.nodes[number].relevant;
      let changed = false;
      for (const node of this.nodes[number]) {
        const relevant = node.parent.relevant && (!ast || this.evaluator.truth(ast, node));
        changed ||= relevant !== node.relevant;
        node.relevant = relevant;
      }
      return changed;
    }
    stepValue(number) {
      const definition = this.form.nodes[number];
      let changed = false;
      for (const node of this.nodes[number]) {
        this.offered.delete(node);
        if (definition.calculate && node.relevant && !this.received) {
          node.stored = cut(definition, this.evaluator.text(definition.calculate, node));
          node.refused = null;
        }
        changed = this.settle(node) || changed;
      }
      return changed;
    }
    settle(node) {
      let value = node.relevant ? node.stored : "";
      if (value && this.definition(node).items) {
        const offered = this.choices(node).map((item) => item.cells.name);
        value = words(value).filter((word) => offered.includes(word)).join(" ");
      }
      const changed = value !== node.value;
      node.value = value;
      return changed;
    }
    stepRepetitions(number) {
      const { count, parent, name } = this.form.nodes[number];
      if (!count || this.received) return [];
      let [grown, shrunk] = [false, false];
      for (const above of this.nodes[parent]) {
        const wanted = toNumber(this.evaluator.at(count, above), this.world.offset);
        if (Number.isNaN(wanted)) continue;
        const most = Math.trunc(between(0, wanted, MOST_REPETITIONS));
        for (let there = above.named(name); there.length > most; shrunk = true) this.wither(there.pop());
        while (above.named(name).length < most) { this.growRepetition(number, above); grown = true; }
      }
      return grown || shrunk ? this.afterChange(number, grown) : [];
    }
    afterChange(number, grown) {
      const all = (at) => [at, ...this.below[at].flatMap(all)];
      const steps = grown ? all(number).flatMap((at) => [`r${at}`, `v${at}`, `s${at}`]) : [];
      return [...(this.form.feeds[`s${number}`] ?? []), ...steps].filter((key) => this.rank.has(key));
    }
    store(node, stored) {
      node.stored = stored;
      if (this.settle(node)) this.calculate(this.form.feeds[`v${node.definition}`] ?? []);
    }

    choices(node) {
      if (!this.offered.has(node)) {
        const ast = this.definition(node).items;
        this.offered.set(node, (ast ? this.evaluator.at(ast, node) : []).map((item) => this.itemOf.get(item)).filter(Boolean));
      }
      return this.offered.get(node);
    }
    choiceName(node, value) {
      if (node.definition < 0 || !this.definition(node).items) return "";
      const item = this.choices(node).find((one) => one.cells.name === value);
      return item ? this.say(item.label, node) || value : "";
    }
    inLanguage(texts = {}) {
      const language = [this.language, this.form.default_language, ""].find((one) => Object.hasOwn(texts, one));
      return language === undefined ? Object.values(texts)[0] : texts[language];
    }
    say(texts, node) {
      return (this.inLanguage(texts) ?? []).map((piece) => (typeof piece === "string" ? piece : this.evaluator.text(piece, node))).join("");
    }

    find(path) {
      let node = this.document;
      for (const part of path.replace(/^\/|\/$/g, "").split("/")) {
        const [, name, number = "1"] = /^([^[]+)(?:\[(\d+)\])?$/.exec(part) ?? [];
        node = name && node.named(name)[Number(number) - 1];
        if (!node) throw new Error(`no question ${path}`);
      }
      return node;
    }
    path(node) {
      if (node.definition < 0) return "";
      return `${this.path(node.parent)}/${node.name}${this.kind(node.definition) === "repeat" ? `[${node.position()}]` : ""}`;
    }
    set(path, given) {
      const node = this.find(path);
      const definition = this.definition(node);
      if (["", "group", "note"].includes(definition.control ?? "") || this.isReadonly(node)) throw new Error(`not to be answered: ${path}`);
      let [stored, code] = take(definition, Array.isArray(given) ? given.join(" ") : given);
      if (!code && definition.items) {
        const chosen = words(stored);
        const offered = this.choices(node).map((item) => item.cells.name);
        if (chosen.some((one) => !offered.includes(one)) || (definition.control === "select1" && chosen.length > 1)) code = "unknown_choice";
        stored = offered.filter((one) => chosen.includes(one)).join(" ");
      }
      node.refused = code ? [Array.isArray(given) ? given.join(" ") : given, code] : null;
      this.store(node, code ? "" : cut(definition, stored));
      this.freshen();
    }
    addRepetition(path) {
      const parent = this.find(path.slice(0, path.lastIndexOf("/")));
      const name = path.slice(path.lastIndexOf("/") + 1).replace(/\[.*/, "");
      const number = this.below[parent.definition].find((below) => this.form.nodes[below].name === name);
      if (number === undefined || this.kind(number) !== "repeat" || this.form.nodes[number].count) throw new Error(`no repeat ${path}`);
      if (parent.named(name).length >= MOST_REPETITIONS) throw new Error(`too many ${path}`);
      const node = this.growRepetition(number, parent);
      this.calculate(this.afterChange(number, true));
      this.freshen();
      return this.path(node);
    }
    removeRepetition(path) {
      const node = this.find(path);
      if (this.kind(node.definition) !== "repeat" || this.definition(node).count) throw new Error(`no repetition ${path}`);
      this.wither(node);
      this.calculate(this.afterChange(node.definition, false));
      this.freshen();
    }
    speak(language) {
      if (!this.form.languages.includes(language)) return;
      this.language = language;
      const names = (ast) => Array.isArray(ast) && ((ast[0] === "f" && ast[1] === "jr:choice-name") || ast.some(names));
      this.calculate(this.form.nodes.flatMap(({ relevant, calculate, count }, at) =>
        [[`r${at}`, relevant], [`v${at}`, calculate], [`s${at}`, count]].filter(([, ast]) => names(ast)).map(([key]) => key)));
      this.freshen();
    }
    finish(now = Date.now()) {
      this.form.nodes.forEach((definition, at) => {
        if (definition.preload === "end") this.nodes[at].forEach((node) => this.store(node, new Moment(now, this.world.offset).stamp()));
      });
    }

    holds(ast, node) { return Boolean(ast) && this.evaluator.truth(ast, node); }
    isReadonly(node) {
      return node.definition >= 0 && (this.holds(this.definition(node).readonly, node) || this.isReadonly(node.parent));
    }
    problem(node) {
      const definition = this.definition(node);
      if (!node.relevant || this.kind(node.definition) !== "leaf") return null;
      const path = this.path(node);
      if (node.refused) return { path, code: node.refused[1], message: "" };
      if (node.value === "") {
        return this.holds(definition.required, node) ? { path, code: "required", message: this.say(definition.required_message, node) } : null;
      }
      if (!definition.constraint || this.evaluator.truth(definition.constraint, node)) return null;
      return { path, code: "constraint", message: this.say(definition.constraint_message, node) };
    }
    problems() { return [...this.document.walk()].slice(1).map((node) => this.problem(node)).filter(Boolean); }

    view(parent = this.document.children[0], depth = 0) {
      return this.below[parent.definition].flatMap((number) => {
        const definition = this.form.nodes[number];
        const nodes = parent.named(definition.name);
        const asked = nodes.filter((node) => node.relevant);
        if (this.kind(number) === "repeat") return this.viewRepeat(parent, number, nodes, asked, depth);
        if (definition.control === "group" || this.kind(number) === "group") {
          return definition.name === "meta" ? [] : asked.map((node) => ({ path: this.path(node), kind: "group", depth,
            appearance: definition.appearance ?? "", label: this.say(definition.label, node), children: this.view(node, depth + 1) }));
        }
        return definition.control ? asked.map((node) => this.viewQuestion(node, depth)) : [];
      });
    }
    viewRepeat(parent, number, nodes, asked, depth) {
      const definition = this.form.nodes[number];
      if (nodes.length ? !asked.length : definition.relevant && !this.holds(definition.relevant, parent)) return [];
      return [{ path: `${this.path(parent)}/${definition.name}`, kind: "repeat", depth, appearance: definition.appearance ?? "",
        label: this.say(definition.label, nodes[0] ?? parent), can_add: !definition.count,
        children: asked.map((node) => ({ path: this.path(node), kind: "repetition", depth: depth + 1,
          label: this.say(definition.label, node), can_remove: !definition.count, children: this.view(node, depth + 2) })) }];
    }
    viewQuestion(node, depth) {
      const { type = "string", control, appearance = "", label, hint, image, items, required } = this.definition(node);
      const chosen = words(node.value);
      const value = node.refused ? node.refused[0] : type === "decimal" ? node.value.replace(/\.0$/, "") : node.value;
      return { path: this.path(node), kind: control === "note" ? "note" : "question", depth, type, control, appearance,
        label: this.say(label, node), hint: this.say(hint, node), image: this.inLanguage(image) ?? "", value,
        choices: items ? this.choices(node).map((item) => ({ value: item.cells.name, label: this.say(item.label, node) || item.cells.name,
          image: this.inLanguage(item.image) ?? "", chosen: chosen.includes(item.cells.name) })) : [],
        required: this.holds(required, node), readonly: this.isReadonly(node), problem: this.problem(node), children: [] };
    }

    toXml({ instanceId = "", deprecatedId = "" } = {}) {
      const safe = (text) => text.replace(/[&<>"\r]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;" })[sign]);
      const replaced = { instanceID: instanceId, deprecatedID: deprecatedId };
      const element = (node) => {
        if (!node.relevant) return "";
        if (this.kind(node.definition) !== "leaf") return `<${node.name}>${node.children.map(element).join("")}</${node.name}>`;
        const text = safe((node.parent.name === "meta" && replaced[node.name]) || node.value);
        return text ? `<${node.name}>${text}</${node.name}>` : `<${node.name}/>`;
      };
      const [root] = this.document.children;
      let body = root.children.map(element).join("");
      if (deprecatedId && !body.includes("<deprecatedID>")) {
        body = body.replace("</meta>", () => `<deprecatedID>${safe(deprecatedId)}</deprecatedID></meta>`);
      }
      const version = this.form.version ? ` version="${safe(this.form.version)}"` : "";
      const spaces = 'xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"';
      return `<?xml version='1.0' encoding='UTF-8'?><${root.name} ${spaces} id="${safe(this.form.id)}"${version}>${body}</${root.name}>`;
    }
    fill(number, source, parent) {
      const definition = this.form.nodes[number];
      const node = parent.add(new Node(definition.name, number));
      this.nodes[number].push(node);
      if (this.kind(number) === "leaf") { node.stored = cut(definition, source?.textContent ?? ""); return; }
      for (const child of this.below[number]) {
        const there = [...(source?.children ?? [])].filter((one) => one.localName === this.form.nodes[child].name);
        if (this.kind(child) !== "repeat") this.fill(child, there[0], node);
        else there.slice(0, MOST_REPETITIONS).forEach((one) => this.fill(child, one, node));
      }
    }
  }

  Object.assign(window.lianxinForms, {
    /** Begin to fill a form; the world has now (ms), uuid, random, offset (minutes), language and device. */
    begin: (form, world) => new Instance(form, world).start(),
    /** Go on with a document that `toXml` wrote. */
    restore: (form, xml, world) => {
      const root = new DOMParser().parseFromString(xml, "application/xml").documentElement;
      if (root.getAttribute("id") !== form.id) throw new Error("another form");
      const instance = new Instance(form, world);
      instance.fill(0, root, instance.document);
      instance.received = true;
      instance.calculate(form.order.filter((key) => key[0] !== "s"));
      instance.received = false;
      return instance;
    },
  });
})();
