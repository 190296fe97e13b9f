// Copies the text of a field; where the browser will not, the text is marked so that a long press copies it.
(() => {
  "use strict";
  const button = document.querySelector("[data-copy]");
  const field = button && document.getElementById(button.dataset.copy);
  if (!field) return;
  const said = document.querySelector("[data-copy-said]");
  const tell = (words) => { said.textContent = words; };
  const mark = () => { field.focus(); field.setSelectionRange(0, field.value.length); };
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      tell(button.dataset.done);
    } catch {
      mark();
      tell(document.execCommand("copy") ? button.dataset.done : button.dataset.byHand);
    }
  });
})();
