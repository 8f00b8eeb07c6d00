/* The queue of the driver's pages: what is told of a trip, and the pictures that prove it. */

"use strict";

const DriverQueue = (() => {
  const root = document.querySelector("[data-drive]");

  const batchBody = (rows) => ({
    events: rows.map((row) => ({
      event_id: row.id,
      kind: row.kind,
      stop: row.stop ?? null,
      device_at: row.at,
      device: navigator.userAgent.slice(-60),
      body: row.body,
      ...row.place,
    })),
  });

  function pictureForm(row) {
    const form = new FormData();
    form.set("proof_id", row.id);
    form.set("stop", row.stop);
    form.set("kind", row.kind);
    form.set("device_at", row.at);
    form.set("picture", row.picture, row.kind === "photo" ? "photo.jpg" : "signature.png");
    return form;
  }

  const pages = root?.dataset.tripUrl ? [root.dataset.tripUrl] : [];
  return phoneQueue({ root, name: "drive", keptDays: 3, pages, batchBody, pictureForm });
})();
