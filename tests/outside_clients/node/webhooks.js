// Standard Webhooks and Svix sign a bank's notice, and the receiver believes them; another secret it does not believe.
import { Webhook as Standard } from "standardwebhooks";
import { Webhook as Svix } from "svix";

async function send(Webhook, secret, id) {
  const body = JSON.stringify({ type: "payment.changed", authority: `A${"0".repeat(35)}` });
  const at = new Date();
  const signature = new Webhook(secret).sign(id, at, body);
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": signature,
  };
  return (await fetch(`${process.env.BANK}/webhooks/bank`, { method: "POST", headers, body })).status;
}

const { SECRET } = process.env;
const other = `whsec_${Buffer.from("somebody else's secret here").toString("base64")}`;
const seen = [];
for (const [name, Webhook] of [["standardwebhooks", Standard], ["svix", Svix]]) {
  const accepted = await send(Webhook, SECRET, `msg_${name}`);
  const refused = await send(Webhook, other, `msg_${name}_other`);
  if (accepted !== 202 || refused < 400 || refused > 499) throw new Error(`${name}: ${accepted}, ${refused}`);
  seen.push(`${name} ${accepted}, with another secret ${refused}`);
}
console.log(seen.join("; "));
