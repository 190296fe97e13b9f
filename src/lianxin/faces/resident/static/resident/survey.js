// Shows at once which questions an answer brings up, by the same evaluator as on the server. Without it the server says so.
(() => {
  "use strict";
  const page = document.querySelector("form[data-survey]");
  if (!page) return;

  const buttons = [...page.querySelectorAll("[data-place]")];
  if (navigator.geolocation && window.isSecureContext) {
    for (const button of buttons) {
      const said = button.parentElement.querySelector("[data-place-said]");
      button.hidden = false;
      button.addEventListener("click", () => {
        said.textContent = button.dataset.waiting;
        navigator.geolocation.getCurrentPosition(({ coords }) => {
          const field = document.getElementById(button.dataset.place);
          field.value = `${coords.latitude.toFixed(6)} ${coords.longitude.toFixed(6)} 0 ${Math.round(coords.accuracy)}`;
          said.textContent = "";
          field.dispatchEvent(new Event("change", { bubbles: true }));
        }, () => { said.textContent = button.dataset.refused; }, { timeout: 15000, enableHighAccuracy: true });
      });
    }
  }

  const state = JSON.parse(document.getElementById("survey-state").textContent);
  const escape = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
  let filled = null;

  const boxes = () => [...page.querySelectorAll("fieldset[data-path]")];
  const typed = (path) => {
    const fields = [...page.querySelectorAll(`[name="${CSS.escape(path)}"]`)];
    const [first] = fields;
    if (!first || first.type === "file") return null;
    if (first.type === "checkbox") return fields.filter((one) => one.checked).map((one) => one.value).join(" ");
    if (first.type === "radio") return fields.find((one) => one.checked)?.value ?? "";
    return first.value;
  };
  const put = (path) => {
    const value = typed(path);
    if (value === null) return;
    try { filled.set(path, value); } catch { /* what is calculated is not typed */ }
  };
  const shownBelow = (items, found = new Map()) => {
    for (const item of items) { found.set(item.path, item); shownBelow(item.children ?? [], found); }
    return found;
  };
  const offer = (box, shown) => {
    const list = box.querySelector("[data-choices]");
    if (!list) return;
    const kind = list.dataset.choices;
    const now = [...list.querySelectorAll(kind === "select" ? "option[value]:not([value=''])" : "input")].map((one) => one.value);
    if (now.join("\n") === shown.choices.map((one) => one.value).join("\n")) return;
    if (kind === "select") {
      while (list.options.length > 1) list.remove(1);
      for (const choice of shown.choices) list.add(new Option(choice.label, choice.value, false, choice.chosen));
      return;
    }
    const reference = list.parentElement.id;
    list.replaceChildren(...shown.choices.map((choice, at) => {
      const row = document.createElement("div");
      const label = document.createElement("label");
      const input = document.createElement("input");
      const words = document.createElement("span");
      Object.assign(input, { type: kind, name: shown.path, value: choice.value, checked: choice.chosen, id: `${reference}-n${at}` });
      label.htmlFor = input.id;
      words.textContent = choice.label;
      label.append(input, words);
      row.append(label);
      return row;
    }));
  };
  const draw = () => {
    const shown = shownBelow(filled.view());
    for (const box of boxes()) {
      const path = box.dataset.path;
      if (path.endsWith("#")) continue;
      const item = shown.get(path);
      box.hidden = box.disabled = !item;
      if (!item) continue;
      const label = box.querySelector(":scope > [data-label], :scope > .field > * > [data-label], :scope > .field > * > * > [data-label]");
      if (label && item.label && label.innerText.trim() !== item.label.trim()) label.innerText = item.label;
      if (item.choices) offer(box, item);
    }
  };

  const start = async () => {
    const answer = await fetch(page.dataset.survey, { credentials: "same-origin" });
    if (!answer.ok || !window.lianxinForms) return;
    const form = await answer.json();
    const xml = `<data id="${escape(form.id)}" version="${escape(form.version)}">${state.body}</data>`;
    filled = window.lianxinForms.restore(form, xml, { language: state.language });
    // What was typed while the questions were on their way counts too.
    boxes().filter((box) => !box.disabled).forEach((box) => put(box.dataset.path));
    draw();
    page.addEventListener("input", follow);
    page.addEventListener("change", follow);
    page.dataset.ready = "yes";
  };
  const follow = ({ target }) => {
    const path = target.name;
    if (!path || !path.startsWith("/")) return;
    put(path);
    draw();
  };
  start().catch(() => { filled = null; });
})();
