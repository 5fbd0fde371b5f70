// Passkeys: a button that has the browser make or use one, and sends its answer with the button's form.
"use strict";
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

async function answer(options) {
  const challenge = bytes(options.challenge);
  if (!options.user) {
    const allowCredentials = known(options.allowCredentials);
    return navigator.credentials.get({ publicKey: { ...options, challenge, allowCredentials } });
  }
  const user = { ...options.user, id: bytes(options.user.id) };
  const excludeCredentials = known(options.excludeCredentials);
  return navigator.credentials.create({ publicKey: { ...options, challenge, user, excludeCredentials } });
}

function asJson(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature"]) {
    if (credential.response[name]) {
      response[name] = text(credential.response[name]);
    }
  }
  return JSON.stringify({ id: credential.id, rawId: credential.id, type: credential.type, response });
}

async function press(button, failed) {
  button.disabled = true;
  failed.hidden = true;
  try {
    const options = button.dataset.options || (await (await fetch(button.dataset.url)).text());
    button.form.elements.passkey.value = asJson(await answer(JSON.parse(options)));
    if (button.form.dataset.sent) {
      // Back leads on: made again by options that are used up, a passkey would take the place of this one in the device only.
      sessionStorage.setItem("sent", button.form.elements.command_id.value);
    }
    button.form.requestSubmit(); // the button stays off: another press would ask for another answer while this one is on its way
  } catch {
    failed.hidden = false;
    button.disabled = false;
  }
}

for (const place of document.querySelectorAll("[data-passkey]")) {
  place.hidden = !window.PublicKeyCredential;
  const button = place.querySelector("button");
  button.addEventListener("click", () => press(button, place.querySelector("[role=alert]")));
  addEventListener("pageshow", () => {
    button.disabled = false; // Back shows this page as it was left
  });
}
