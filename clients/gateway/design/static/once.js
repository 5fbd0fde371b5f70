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

// Back shows the page of a form as it was. Once that form was sent, the server is asked for what became of it instead.
window.addEventListener("pageshow", () => {
  const sent = /^#sent-([0-9a-f-]+)$/.exec(location.hash);
  if (sent) {
    sessionStorage.setItem("sent", sent[1]);
  }
  for (const form of document.querySelectorAll("form[data-sent]")) {
    if (form.elements.command_id.value === sessionStorage.getItem("sent")) {
      location.replace(form.dataset.sent);
    }
  }
});

// The service worker shows a page of our own where there is no connection.
navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
