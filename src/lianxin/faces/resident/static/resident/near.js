// Near me: asks the phone for its position only when somebody presses the button. Without it there are the filters.
(() => {
  "use strict";
  const button = document.querySelector("[data-near]");
  if (!button || !navigator.geolocation) return;
  const said = document.querySelector("[data-near-said]");
  const tell = (words) => { said.textContent = words; said.hidden = false; };
  button.hidden = false;
  button.addEventListener("click", () => {
    tell(button.dataset.waiting);
    navigator.geolocation.getCurrentPosition((found) => {
      const here = new URL(window.location.href);
      here.searchParams.set("lat", found.coords.latitude.toFixed(3));
      here.searchParams.set("lng", found.coords.longitude.toFixed(3));
      here.searchParams.delete("page");
      window.location.assign(here);
    }, () => tell(button.dataset.refused), { timeout: 15000, maximumAge: 300000 });
  });
})();
