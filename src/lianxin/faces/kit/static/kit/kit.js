// Small comforts; every page works without them.
(() => {
  "use strict";

  const boxes = (form) => [...form.querySelectorAll('input[name="chosen"]')];

  const recount = (form) => {
    const count = boxes(form).filter((box) => box.checked).length;
    form.querySelectorAll("[data-chosen-count]").forEach((place) => {
      place.dataset.words ??= place.textContent;
      place.textContent = count ? `${count} ${place.dataset.chosenCount}` : place.dataset.words;
    });
    const all = form.querySelector("[data-choose-all]");
    if (all) {
      all.checked = count > 0 && count === boxes(form).length;
      all.indeterminate = count > 0 && !all.checked;
    }
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form");
    if (!form) return;
    if (event.target.matches("[data-choose-all]")) boxes(form).forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches('[data-choose-all], input[name="chosen"]')) recount(form);
  });

  const menus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });

  document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
  document.getElementById("form-errors")?.focus();
})();
