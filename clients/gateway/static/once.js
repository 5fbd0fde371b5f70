// A second press of a form's button within two seconds does nothing; the server would do nothing twice either.
"use strict";
document.addEventListener("submit", (event) => {
  const form = event.target;
  const pressed = Number(form.dataset.pressedAt || 0);
  if (Date.now() - pressed < 2000) {
    event.preventDefault();
  }
  form.dataset.pressedAt = String(Date.now());
});
