// Adds up what lies on the counter while it is typed; without it the button does the same.
(() => {
  "use strict";

  const form = document.querySelector("[data-counter]");
  if (!form) return;
  const total = form.querySelector("[data-total]");
  const fields = [...form.querySelectorAll("[data-points]")];
  const number = (field) => Math.max(0, Number.parseInt(field.value, 10) || 0);
  const say = (words, n) => words.replace("{n}", n);

  const count = () => {
    const points = fields.reduce((sum, field) => sum + number(field) * Number(field.dataset.points), 0);
    const missing = points - Number(form.dataset.free);
    total.textContent = points ? say(total.dataset.words, points) : "";
    if (missing > 0) {
      const late = document.createElement("span");
      late.className = "late";
      late.textContent = ` ${say(total.dataset.over, missing)}`;
      total.append(late);
    }
    if (points > Number(form.dataset.above)) total.append(` ${total.dataset.second}`);
  };

  const step = (field, by) => {
    const wanted = Math.min(Math.max(number(field) + by, 0), Number(field.max));
    field.value = wanted || "";
    count();
  };

  for (const field of fields) {
    const [less, more] = ["less", "more"].map((name) => field.parentElement.querySelector(`[data-${name}]`));
    if (field.disabled) continue;
    less.hidden = more.hidden = false;
    less.addEventListener("click", () => step(field, -1));
    more.addEventListener("click", () => step(field, 1));
    field.addEventListener("input", count);
  }
  form.querySelector("[data-count]").hidden = true;
  count();
})();
