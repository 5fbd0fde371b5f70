"""The money: invoices of approved renewals, attempts to pay them at the bank, and the manager's confirmation.

Owns the streams `invoice/{member}/{year}`, `bank/{name}` (outages), `statement/{digest}`, `day/{bank}/{date}`.
Tells of invoices (`InvoiceIssued`, `InvoiceReplaced`, `InvoiceExtended`, `InvoiceCancelled`), of attempts (`PaymentStarted`,
`PaymentSettled`, `PaymentFailed`, `PaymentHeld`, `DuplicatePaymentFound`, `PaymentReversed`, `RefundDue`), of what people ask
for and grant (refunds, write-offs, slips), of confirmations (`PaymentConfirmed`, `ConfirmationWithdrawn`), of the bank.
Hears renewal (an approval makes an invoice) and bank (a notice makes us ask the bank at once).

`invoice` and `domain` the decisions, with `issuing`, `reversals`, `requests` · `bank` the port, `zarinpal` and `mellat` its
adapters · `verification` the one way to an outcome, `reconciler`, `reversing` and `outages` what is asked unbidden ·
`ledger`, `tasks`, `statements`, `days` what finance looks at.
"""
