// The SDK of CloudEvents reads events of renewal's log in the structured mode.
import { readFileSync } from "node:fs";
import { HTTP } from "cloudevents";

const lines = readFileSync(process.env.EVENTS, "utf8").trim().split("\n");
let last = 0;
for (const body of lines) {
  const event = HTTP.toEvent({ headers: { "content-type": "application/cloudevents+json" }, body });
  event.validate();
  if (event.sequence !== last + 1 || !event.data) throw new Error(`${event.type} is ${event.sequence} after ${last}`);
  last = event.sequence;
}
console.log(`${lines.length} events valid, sequence 1 to ${last} without a gap`);
