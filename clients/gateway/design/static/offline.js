// On the page without a connection: when this tab last saved a draft, and the page itself again once there is a connection.
"use strict";
const saved = sessionStorage.getItem("saved");
if (saved) {
  document.getElementById("saved").textContent = saved;
}
addEventListener("online", () => location.reload());
