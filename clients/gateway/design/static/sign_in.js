// On the sign-in page: a button that shows the secret that was typed, and the keyboard of numbers for those who sign in with a number.
"use strict";
for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  const show = (shows) => {
    field.type = shows ? "text" : "password";
    button.setAttribute("aria-pressed", String(shows));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(field.type === "password"));
  field.form.addEventListener("submit", () => show(false));
}

const kinds = [...document.querySelectorAll("[name=principal_kind]")];
const number = document.getElementById("name");
const choose = () => {
  const isMember = kinds.some((one) => one.checked && one.value === "member");
  number.inputMode = isMember ? "numeric" : "text";
};
kinds.forEach((one) => one.addEventListener("change", choose));
choose();
