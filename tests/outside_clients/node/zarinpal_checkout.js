// A shop that pays by zarinpal-checkout at the sandbox bank, in rials and in toman.
import { ZarinPalCheckout } from "zarinpal-checkout";
import { CALLBACK, MERCHANT, must, pay, toLoopback } from "./shop.js";

const headers = { "content-type": "application/json" };
const httpClient = {
  async request({ method, url, data }) {
    const answer = await fetch(toLoopback(url), { method, headers, body: JSON.stringify(data) });
    return { data: await answer.json() };
  },
};
const seen = [];
for (const [currency, amount] of [["IRR", 1500000], ["IRT", 150000]]) {
  const shop = new ZarinPalCheckout(MERCHANT, { sandbox: true, currency, httpClient });
  const asked = await shop.PaymentRequest({ Amount: amount, CallbackURL: CALLBACK, Description: "سفارش ۷" });
  must(asked.status === 100, `request ${asked.status}`);
  await pay(asked.authority);
  const waiting = await shop.UnverifiedTransactions();
  must(waiting.authorities.some((one) => one.authority === asked.authority), "it is not among the unverified");
  const paid = await shop.PaymentVerification({ Amount: amount, Authority: asked.authority });
  const again = await shop.PaymentVerification({ Amount: amount, Authority: asked.authority });
  must(paid.status === 100 && again.status === 101, `verify ${paid.status}, ${again.status}`);
  seen.push(`${amount} ${currency}`);
}
console.log(`requested, paid, verified, verified again: ${seen.join("; ")}`);
