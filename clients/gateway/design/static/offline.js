// On the page without a connection: when this tab last saved a draft, and the page itself again once there is a connection.
"use strict";
const saved = sessionStorage.getItem("saved");
if (saved) {
  document.getElementById("saved").textContent = saved;
}
const again = () => navigator.onLine && location.reload();
addEventListener("online", again);
setInterval(again, 5000); // the network may need a moment more than the browser knows
