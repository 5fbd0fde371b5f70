"""Payment: invoices of approved renewals, attempts to pay them at a bank, and the manager's confirmation.

Streams: `invoice/{member}/{year}`, `bank/{name}` (outages), `statement/{digest}`, `day/{bank}/{date}`.
Publishes events of invoices (`InvoiceIssued`, `InvoiceReplaced`, `InvoiceExtended`, `InvoiceCancelled`), of attempts
(`PaymentStarted`, `PaymentSettled`, `PaymentFailed`, `PaymentHeld`, `DuplicatePaymentFound`, `PaymentReversed`, `RefundDue`), of
what officers request and grant (refunds, write-offs, slips and taking those back), of credit, of confirmations (`PaymentConfirmed`,
`ConfirmationWithdrawn`), of banks' outages, of statements and closed days.
Consumes renewal (an approval gets an invoice), bank (a notice has the bank asked at once) and auth (a member is erased).

`invoices` the aggregate · `attempts` from checkout to the outcome · `banks` the port and its adapters · `refunds` by the bank and by
people · `fees` tariffs and bills · `accounting` ledger, receipts, bank statements, daily reconciliation · `tables` all rows.
"""
