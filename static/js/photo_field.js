// Photos are made small on the phone before they are sent; without this script they go as they are.
"use strict";

(() => {
  const SIDE_MAX = 1280;
  const QUALITY = 0.82;

  async function shrunk(file) {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, SIDE_MAX / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
      return blob ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
    } catch {
      // What cannot be drawn here is judged by the server.
      return file;
    }
  }

  for (const form of document.querySelectorAll("form[enctype='multipart/form-data']")) {
    form.addEventListener("submit", async (event) => {
      const field = form.querySelector("input[type=file]");
      if (form.dataset.shrunk || !field.files.length) {
        return;
      }
      event.preventDefault();
      const small = new DataTransfer();
      for (const file of field.files) {
        small.items.add(await shrunk(file));
      }
      field.files = small.files;
      form.dataset.shrunk = "yes";
      form.requestSubmit();
    });
  }
})();
