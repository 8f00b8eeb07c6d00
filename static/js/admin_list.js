// Keys for lists of the administration: / searches, j and k walk, Enter opens.
"use strict";

(() => {
  const rows = Array.from(document.querySelectorAll("#result_list tbody tr"));
  const search = document.getElementById("searchbar");
  const MARK = "is-at";
  let at = -1;

  const isTyping = (element) =>
    element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  const opened = (row) => row.querySelector("th a[href], td a[href]");

  function go(to) {
    if (!rows.length) return;
    if (at >= 0) rows[at].classList.remove(MARK);
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].classList.add(MARK);
    const link = opened(rows[at]);
    if (link) link.focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  }

  const keys = {
    "/": () => search && (search.focus(), search.select()),
    j: () => go(at + 1),
    k: () => go(at - 1),
    ArrowDown: () => go(at + 1),
    ArrowUp: () => go(at - 1),
    Enter: () => at >= 0 && opened(rows[at])?.click(),
    x: () => at >= 0 && rows[at].querySelector("input.action-select")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const element = event.target;
    if (event.key === "Escape" && element === search) return search.blur();
    if (isTyping(element) && element.type !== "checkbox") return;
    // A link or a button that has the focus opens by itself.
    if (event.key === "Enter" && element !== document.body) return;
    const act = keys[event.key];
    if (!act || (event.key.startsWith("Arrow") && at < 0)) return;
    event.preventDefault();
    act();
  });
})();
