/* Photos are made small on the phone before they are kept; a signature is drawn on a canvas. */

"use strict";

const DriverPictures = (() => {
  const SIDE_MAX = 1280;
  const QUALITY = 0.8;

  const toBlob = (canvas, type) =>
    new Promise((resolve) => canvas.toBlob(resolve, type, QUALITY));

  /* A JPEG of at most 1280 pixels a side; what cannot be drawn here is sent as it is. */
  async function shrunk(file) {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, SIDE_MAX / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      return (await toBlob(canvas, "image/jpeg")) ?? file;
    } catch {
      return file;
    }
  }

  /* Let a finger draw; the form asks `signature` whether anybody has. */
  function listen(canvas) {
    const pen = canvas.getContext("2d");
    let last = null;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      const scale = canvas.width / box.width;
      return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    };
    pen.lineWidth = 5;
    pen.lineCap = "round";
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      last = at(event);
      const chosen = canvas.closest("form").querySelector('[value="signature"]');
      chosen.checked = true;
      chosen.dispatchEvent(new Event("change", { bubbles: true }));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (last) {
        const next = at(event);
        pen.beginPath();
        pen.moveTo(...last);
        pen.lineTo(...next);
        pen.stroke();
        last = next;
        canvas.dataset.drawn = "";
      }
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        last = null;
      });
    }
    canvas.parentElement.querySelector("[data-sign-clear]").addEventListener("click", () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      delete canvas.dataset.drawn;
    });
  }

  /* The drawing as a PNG, or nothing where nobody has signed. */
  async function signature(canvas) {
    return canvas && "drawn" in canvas.dataset ? toBlob(canvas, "image/png") : null;
  }

  if (DriverQueue) {
    document.querySelectorAll("[data-sign]").forEach(listen);
    document.querySelectorAll("[data-needs-canvas]").forEach((part) => {
      part.hidden = false;
    });
  }

  return { shrunk, signature };
})();
