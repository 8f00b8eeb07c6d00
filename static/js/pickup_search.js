/* Finds whose goods are meant, as fulfillment/domain/pickups.py does on the server: the likeliest
   reading of a code that means anybody decides; else doors and names are searched. */

"use strict";

const PickupSearch = (() => {
  const NUMBER_MAX = 6;
  const plain = (text) => text.normalize("NFKC");
  const squeezed = (text) => plain(text).replace(/[\s-]+/g, "").toLowerCase();

  /* The ways to read a text as a pickup code: { number, last4 }, what is not said null. */
  function codes(text) {
    const dashed = plain(text)
      .replace(/[‐-―−－_.·/]/g, "-")
      .replace(/^[ -]+|[ -]+$/g, "");
    const parted = dashed.match(/^(\d{1,6})[\s-]+(\d{4})$/);
    if (parted) {
      return [{ number: Number(parted[1]), last4: parted[2] }];
    }
    const digits = dashed.replace(/[\s-]+/g, "");
    if (!/^\d{1,10}$/.test(digits)) {
      return [];
    }
    const read = [];
    if (digits.length > 4) {
      read.push({ number: Number(digits.slice(0, -4)), last4: digits.slice(-4) });
    }
    if (digits.length === 4) {
      read.push({ number: null, last4: digits });
    }
    if (digits.length <= NUMBER_MAX) {
      read.push({ number: Number(digits), last4: null });
    }
    return read;
  }

  /* The cards a text means; each has data-no, data-last4 and data-find (door and name). */
  function found(text, cards) {
    for (const { number, last4 } of codes(text)) {
      const hits = cards.filter(
        ({ dataset }) =>
          (number === null || (dataset.no !== "" && Number(dataset.no) === number)) &&
          (last4 === null || dataset.last4 === last4),
      );
      if (hits.length) {
        return hits;
      }
    }
    const wanted = squeezed(text);
    return wanted ? cards.filter((card) => squeezed(card.dataset.find).includes(wanted)) : cards;
  }

  return { found, isCode: (text) => codes(text).length > 0 };
})();
