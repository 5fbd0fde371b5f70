// In place of the security phrase the browser does a proof of work: it looks for a number with which PBKDF2 of the phrase's challenge begins
// with enough zero bits. Where that is not possible (no WebCrypto: it needs https or the own machine), the phrase stays.
"use strict";
const phrase = document.getElementById("phrase");
if (window.crypto && crypto.subtle) {
  const form = phrase.closest("form");
  const answer = form.elements.captcha_answer;
  const bytes = (text) => new TextEncoder().encode(text);
  let waiting = null;

  const find = async ({ work, bits, iterations }) => {
    const key = await crypto.subtle.importKey("raw", bytes(work), "PBKDF2", false, ["deriveBits"]);
    for (let number = 0; ; number += 1) {
      const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(String(number)), iterations: Number(iterations) };
      const begin = new DataView(await crypto.subtle.deriveBits(how, key, 32)).getUint32(0);
      if (begin >>> (32 - bits) === 0) {
        return number;
      }
    }
  };
  const show = (isWorking) => {
    phrase.hidden = isWorking;
    document.getElementById("working").hidden = !isWorking;
  };

  show(true);
  // Before once.js hears of it: a form that waits for the work was not sent yet.
  form.addEventListener("submit", (event) => {
    if (!phrase.hidden || answer.value) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    waiting = { button: event.submitter };
  });
  find(phrase.dataset).then((number) => {
    answer.value = `work:${number}`;
    if (waiting) {
      form.requestSubmit(waiting.button);
    }
  }).catch(() => show(false));
}
