// Standard Webhooks and Svix verify the same messages of a webhook of ours; a changed body neither of them believes.
import { createServer } from "node:http";
import { Webhook as Standard } from "standardwebhooks";
import { Webhook as Svix } from "svix";

const { PORT, SECRET, EVENTS } = process.env;
const verifiers = [new Standard(SECRET), new Svix(SECRET)];
const awaited = new Set(EVENTS.split(" "));
const seen = [];

function believes(verifier, body, headers) {
  try {
    return verifier.verify(body, headers);
  } catch {
    return null;
  }
}

const server = createServer(async (request, answer) => {
  let body = "";
  for await (const part of request) body += part;
  const read = verifiers.map((one) => believes(one, body, request.headers));
  const forged = verifiers.map((one) => believes(one, body.replace("{", "{ "), request.headers));
  const isGood = read.every((one) => one?.data.id === request.headers["webhook-id"]) && forged.every((one) => !one);
  answer.writeHead(isGood ? 204 : 400).end();
  if (isGood && awaited.delete(read[0].type)) seen.push(read[0].type);
  if (!awaited.size) {
    console.log(`both verify ${seen.sort().join(", ")}, and refuse a changed body`);
    process.exit(0);
  }
});
server.listen(Number(PORT), "127.0.0.1");
setTimeout(() => {
  console.error(`nothing came of ${[...awaited].join(", ")}`);
  process.exit(1);
}, 120_000);
