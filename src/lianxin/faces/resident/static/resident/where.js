// Where I am: the phone is asked only when somebody presses the button, and what it told can be taken away again.
(() => {
  "use strict";
  const box = document.querySelector("[data-where]");
  if (!box || !navigator.geolocation) return;
  const form = box.closest("form");
  const ask = box.querySelector("[data-where-ask]");
  const away = box.querySelector("[data-where-away]");
  const said = box.querySelector("[data-where-said]");
  const show = (words, isNoted) => {
    said.textContent = words;
    ask.hidden = isNoted;
    away.hidden = !isNoted;
  };
  const put = (lng, lat) => { form.elements.lng.value = lng; form.elements.lat.value = lat; };
  show(form.elements.lat.value ? box.dataset.noted : "", Boolean(form.elements.lat.value));
  ask.addEventListener("click", () => {
    said.textContent = box.dataset.waiting;
    navigator.geolocation.getCurrentPosition((found) => {
      put(found.coords.longitude.toFixed(5), found.coords.latitude.toFixed(5));
      show(box.dataset.noted, true);
    }, () => show(box.dataset.refused, false), { timeout: 15000, maximumAge: 60000, enableHighAccuracy: true });
  });
  away.addEventListener("click", () => { put("", ""); show("", false); });
})();
