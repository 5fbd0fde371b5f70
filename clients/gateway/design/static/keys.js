// Single keys on the desk's pages, for officers who have switched them on; while somebody types in a field they do nothing.
"use strict";
const READY_MS = 500; // so that a key that is pressed twice does nothing on the page that the first press has led to
const TYPED = "input:not([type=checkbox]):not([type=radio]), select, textarea";

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const here = rows.indexOf(document.activeElement);
  const next = rows[here < 0 && step < 0 ? rows.length - 1 : here + step];
  if (next) {
    next.focus();
  }
}

function press(letter) {
  const row = document.activeElement.closest("[data-row]");
  const box = row && (row.matches("input") ? row : row.closest("tr").querySelector("[name=pick]"));
  const named = document.querySelector(`[aria-keyshortcuts="${letter}"]`);
  const pressed = letter === "o" ? row : letter === "x" ? box : named;
  if (pressed && pressed.matches(TYPED)) {
    pressed.select();
  } else if (pressed) {
    pressed.click();
  }
  return pressed;
}

setTimeout(() => document.documentElement.toggleAttribute("data-keys", true), READY_MS);

addEventListener("keydown", (event) => {
  const isOther = event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat;
  const letter = (/^Key([A-Z])$/.exec(event.code) || ["", ""])[1].toLowerCase();
  if (!letter || isOther || event.target.closest(TYPED)) {
    return;
  }
  if (letter === "j" || letter === "k") {
    move(letter === "j" ? 1 : -1);
  } else if (document.documentElement.hasAttribute("data-keys") && press(letter)) {
    event.preventDefault();
  }
});
