// The form of a declaration's topic is saved as a draft every 20 seconds, and where it counts capacity after each change.
"use strict";
const form = document.querySelector("form[data-draft]");
const said = form.querySelector("[data-live=saved]");
let changed = false;
let saving = null;
let leaving = false; // what is saved now would arrive beside the form itself, and might undo it

const show = (html) => {
  const parts = new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-live]");
  for (const part of parts) {
    document.querySelector(`[data-live=${part.dataset.live}]`).replaceChildren(...part.childNodes);
  }
  return parts.length > 0;
};

async function post() {
  const body = new URLSearchParams(new FormData(form));
  body.set("action", "save");
  changed = false;
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, redirect: "error" });
    if (answer.ok && show(await answer.text())) {
      sessionStorage.setItem("saved", said.textContent);
      return;
    }
  } catch {
    // said below
  }
  changed = true;
  said.textContent = said.dataset.failed;
}

function save() {
  if (changed && !saving && !leaving) {
    saving = post().finally(() => {
      saving = null;
    });
  }
}

form.addEventListener("input", () => {
  changed = true;
});
form.addEventListener("change", () => {
  changed = true;
  if ("counts" in form.dataset) {
    setTimeout(save, 500);
  }
});
addEventListener("online", save);
addEventListener("pageshow", () => {
  leaving = false;
});
document.addEventListener("visibilitychange", save);
setInterval(save, 20000);

// Without a connection the page stays, with all that was typed; what is just being saved is waited for.
form.addEventListener("submit", async (event) => {
  if (navigator.onLine && !saving) {
    leaving = true;
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  if (!navigator.onLine) {
    changed = true;
    said.textContent = said.dataset.failed;
    return;
  }
  await saving;
  form.requestSubmit(event.submitter);
});
