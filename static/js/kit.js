// Notes what is taken to post and says when the group has heard enough; the form does the same.
"use strict";

const count = document.querySelector("[data-restraint-count]");
const warning = document.querySelector("[data-restraint-warning]");

async function note(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
    keepalive: true,
  });
  if (!answer.ok) {
    return;
  }
  const noted = await answer.json();
  if (count) {
    count.textContent = noted.count;
  }
  if (warning && noted.warning) {
    warning.textContent = noted.warning;
    warning.hidden = false;
    warning.scrollIntoView({ block: "nearest" });
  }
}

for (const post of document.querySelectorAll("[data-post]")) {
  const form = post.querySelector("form");
  post.addEventListener("copied", () => note(form));
  for (const link of post.querySelectorAll("[data-takes]")) {
    link.addEventListener("click", () => note(form));
  }
}
