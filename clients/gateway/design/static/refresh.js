// A page that waits for the bank is fetched again every few seconds; what has changed of its parts replaces them, and is read out.
"use strict";
const parts = (page) => [...page.querySelectorAll("[data-live]")];
const waits = (page) => page.querySelector("[data-refresh-seconds]");
const TIMES_MAX = 200;

async function refresh() {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || parts(page).length !== parts(document).length) {
    return waits(document);
  }
  if (answer.redirected) {
    history.replaceState(null, "", answer.url);
  }
  parts(document).forEach((part, place) => {
    const fresh = parts(page)[place];
    if (fresh.textContent !== part.textContent) {
      part.replaceChildren(...fresh.childNodes);
      document.title = page.title;
    }
  });
  return waits(page);
}

function arm(waiting, times) {
  if (!waiting || times > TIMES_MAX) {
    return;
  }
  setTimeout(async () => {
    const next = document.hidden ? waiting : await refresh().catch(() => waiting);
    arm(next, times + 1);
  }, Number(waiting.dataset.refreshSeconds) * 1000);
}

for (const note of document.querySelectorAll("[data-scripted]")) {
  note.hidden = false;
}
arm(waits(document), 1);
