// Reads a card's code with the camera where the browser can; typing the 8 digits always works.
(() => {
  "use strict";

  const part = document.querySelector("[data-scan]");
  const target = document.querySelector("[data-scan-into]");
  if (!part || !target || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;

  const [start, stop, picture, said] = ["start", "stop", "picture", "said"].map((name) => part.querySelector(`[data-scan-${name}]`));
  let stream = null;

  const end = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    picture.hidden = stop.hidden = true;
    start.hidden = false;
  };

  const look = async (detector) => {
    if (!stream) return;
    const [found] = await detector.detect(picture).catch(() => []);
    if (!found) {
      window.setTimeout(look, 200, detector);
      return;
    }
    end();
    target.value = found.rawValue;
    said.textContent = said.dataset.found;
    document.querySelector("select[name='identity_check']")?.focus();
    if ("scanSend" in part.dataset) target.form.requestSubmit();
  };

  start.addEventListener("click", async () => {
    said.textContent = "";
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      picture.srcObject = stream;
      picture.hidden = stop.hidden = false;
      start.hidden = true;
      await picture.play();
      look(new window.BarcodeDetector({ formats: ["qr_code"] }));
    } catch {
      end();
      said.textContent = said.dataset.blocked;
    }
  });
  stop.addEventListener("click", end);
  window.addEventListener("pagehide", end);
  part.hidden = false;
})();
