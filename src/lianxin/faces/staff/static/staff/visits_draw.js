// What the visits' pages are drawn with: parts of the page, rows made from its templates, sentences, icons, dates.
(() => {
  "use strict";

  const root = document.querySelector("[data-visits]");
  if (!root) return;
  const words = JSON.parse(document.getElementById("visits-words").textContent);
  const language = document.documentElement.lang;
  const timeZone = "Asia/Shanghai";

  const say = (word, values = {}) => words[word].replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
  const part = (name, within = root) => within.querySelector(`[data-${name}]`);
  const node = (tag, props = {}, ...children) => {
    const { dataset = {}, attributes = {}, press, ...rest } = props;
    const made = Object.assign(document.createElement(tag), rest);
    Object.assign(made.dataset, dataset);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (press) made.addEventListener("click", press);
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  };
  const icon = (name) => {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    drawn.setAttribute("class", "icon");
    drawn.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${root.dataset.icons}#${name}`);
    drawn.append(use);
    return drawn;
  };
  const TONES = { done: "circle-check", info: "info-circle", due: "clock", stop: "alert-triangle", quiet: "circle-dashed" };
  const chip = (text, tone = "quiet") => node("span", { className: `chip chip-${tone}` }, icon(TONES[tone]), text);
  const button = (text, press, { look = "quiet", mark = "", ...props } = {}) =>
    node("button", { type: "button", className: `button button-${look}`, press, ...props }, mark ? icon(mark) : "", text);
  // Gives a copy of one of the page's templates; labels and fields of a copy belong together by their own ids.
  let copies = 0;
  const copyOf = (name) => {
    const made = root.querySelector(`template[data-row="${name}"]`).content.firstElementChild.cloneNode(true);
    copies += 1;
    for (const one of made.querySelectorAll("[id]")) one.id += `-${copies}`;
    for (const one of made.querySelectorAll("[for]")) one.htmlFor += `-${copies}`;
    for (const one of made.querySelectorAll("input[type=radio][name]")) one.name += `-${copies}`;
    return made;
  };

  const day = (text) =>
    new Date(`${text}T12:00:00+08:00`).toLocaleDateString(language, { timeZone, month: "long", day: "numeric", weekday: "short" });
  const moment = (at) =>
    new Date(at).toLocaleString(language, { timeZone, month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const clock = (at) => new Date(at).toLocaleTimeString(language, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const today = () => new Date().toLocaleDateString("sv-SE", { timeZone });
  const span = (seconds) => (seconds < 90 ? say("seconds", { n: Math.ceil(seconds) }) : say("minutes", { n: Math.ceil(seconds / 60) }));

  const show = (screen) => {
    for (const one of root.querySelectorAll("[data-screen]")) one.hidden = one.dataset.screen !== screen;
    window.scrollTo(0, 0);
  };
  const tell = (text, tone = "") => {
    part("said").textContent = text;
    part("said").dataset.tone = tone;
    if (text) part("said").scrollIntoView({ block: "nearest" });
  };

  window.lianxinVisits = { root, words, say, part, node, icon, chip, button, copyOf, day, moment, clock, today, span, show, tell };
})();
