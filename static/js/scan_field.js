/* A field that takes a wedge scanner, a typed code or a phone's camera.
   [data-scan] on an input: keeps it ready, sends its form on Enter or after a scan. A scanner
   types fast and may not send Enter: under 100 ms a key, silence of 50 ms after it ends a scan.
   [data-scan-camera] on a button beside it: reads codes by camera where the browser can. */

"use strict";

const KEY_MS = 100;
const SILENCE_MS = 50;
const SCAN_MS = 1500;
const SCAN_KEYS = 6;

function listen(field) {
  let started = 0;
  let last = 0;
  let keys = 0;
  let timer = 0;

  field.addEventListener("input", () => {
    const now = performance.now();
    if (!keys || now - last > KEY_MS) {
      started = now;
      keys = 0;
    }
    keys += 1;
    last = now;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (keys >= SCAN_KEYS && last - started < SCAN_MS) {
        field.form.requestSubmit();
      }
      keys = 0;
    }, SILENCE_MS);
  });
  field.form.addEventListener("submit", () => clearTimeout(timer));
}

async function readByCamera(button, field) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const video = document.createElement("video");
  video.className = "scan__video";
  video.playsInline = true;
  video.srcObject = stream;
  button.closest("form").after(video);
  await video.play();
  const detector = new BarcodeDetector({ formats: ["qr_code", "code_128"] });
  const stop = () => {
    stream.getTracks().forEach((track) => track.stop());
    video.remove();
  };
  const look = async () => {
    if (!video.isConnected) {
      return;
    }
    const [found] = await detector.detect(video);
    if (found) {
      field.value = found.rawValue;
      stop();
      field.form.requestSubmit();
      return;
    }
    requestAnimationFrame(look);
  };
  look();
  button.addEventListener("click", stop, { once: true });
}

document.querySelectorAll("[data-scan]").forEach((field) => {
  listen(field);
  if (!matchMedia("(pointer: coarse)").matches) {
    field.focus();
  }
});

if ("BarcodeDetector" in window && navigator.mediaDevices) {
  document.querySelectorAll("[data-scan-camera]").forEach((button) => {
    const field = document.getElementById(button.dataset.scanCamera);
    button.hidden = false;
    button.addEventListener("click", () => readByCamera(button, field));
  });
}
