// Before an idle session ends its holder is told, and may keep it open; the tabs of a browser know of each other's use.
"use strict";
const bar = document.querySelector("[data-idle-minutes]");
const MINUTE = 60000;
const use = () => localStorage.setItem("used", String(Date.now()));
const left = () => Number(bar.dataset.idleMinutes) * MINUTE - (Date.now() - Number(localStorage.getItem("used")));
use();
setInterval(() => {
  const state = left() <= 0 ? "over" : left() <= 2 * MINUTE ? "soon" : "";
  if (bar.dataset.state !== state) {
    bar.dataset.state = state;
    bar.hidden = !state;
    for (const text of bar.querySelectorAll("[data-when]")) {
      text.hidden = text.dataset.when !== state;
    }
  }
}, 10000);
bar.querySelector("button").addEventListener("click", async () => {
  if ((await fetch(bar.dataset.url)).ok) {
    use();
    bar.hidden = true;
    bar.dataset.state = "";
  }
});
