// @asyncapi/parser reads the description of all messages.
import { Parser } from "@asyncapi/parser";

const text = await (await fetch(`${process.env.PORTAL}/api/asyncapi.json`)).text();
const { document, diagnostics } = await new Parser().parse(text);
const count = (severity) => diagnostics.filter((one) => one.severity === severity).length;
if (!document || count(0)) {
  console.error(diagnostics.filter((one) => one.severity === 0).slice(0, 10));
  process.exit(1);
}
for (const one of diagnostics.slice(0, 10)) console.error(one.code, one.path.join("/"), one.message);
console.log(
  `valid AsyncAPI ${document.version()}: ${document.allChannels().length} channels, ` +
    `${document.allOperations().length} operations, ${document.allMessages().length} messages, ` +
    `${document.securitySchemes().length} security schemes; ${count(0)} errors, ${count(1)} warnings`,
);
