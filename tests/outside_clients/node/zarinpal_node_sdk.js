// A shop that pays by the bank's own SDK at the sandbox bank, in rials and in toman.
import sdk from "zarinpal-node-sdk";
import { BANK, CALLBACK, MERCHANT, must, pay } from "./shop.js";

const shop = new sdk.ZarinPal({ merchantId: MERCHANT, sandbox: true });
shop.httpClient.defaults.baseURL = BANK; // loopback instead of the bank's own sandbox
const seen = [];
for (const [currency, amount] of [["IRR", 1500000], ["IRT", 150000]]) {
  const order = { amount, currency, callback_url: CALLBACK, description: "سفارش ۷" };
  const { authority, fee } = (await shop.payments.create(order)).data;
  await pay(authority);
  const status = async () => (await shop.inquiries.inquire({ authority })).data.status;
  must((await status()) === "PAID", "it is not paid");
  const waiting = (await shop.unverified.list()).data.authorities;
  must(waiting.some((one) => one.authority === authority), "it is not among the unverified");
  must((await shop.verifications.verify({ authority, amount })).data.code === 100, "it is not verified");
  must((await status()) === "VERIFIED", "it is not verified");
  must((await shop.reversals.reverse({ authority })).data.code === 100, "it is not reversed");
  seen.push(`${amount} ${currency}, fee ${fee}`);
}
console.log(`requested, paid, verified, reversed: ${seen.join("; ")}`);
