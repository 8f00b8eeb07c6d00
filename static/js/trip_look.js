// The colour and the dashes of a trip by its number, alike on every map and list.
"use strict";

const TripLook = {
  colours: [
    "#0a6a4c", "#b3421b", "#23548b", "#7b3fa0", "#806500",
    "#b8174f", "#00696e", "#5d4037", "#3f5d00", "#46468c",
  ],
  // After ten trips the colours start again with another line.
  dashes: [null, "10 6", "2 7", "14 5 2 5"],

  colour(number) {
    return this.colours[(number - 1) % this.colours.length];
  },

  dash(number) {
    return this.dashes[Math.floor((number - 1) / this.colours.length) % this.dashes.length];
  },

  paint(root) {
    for (const element of root.querySelectorAll("[data-mark]")) {
      element.style.backgroundColor = this.colour(Number(element.dataset.mark));
    }
  },
};
