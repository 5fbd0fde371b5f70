"""The money: invoices of approved renewals, attempts to pay them at the bank, and the manager's confirmation.

Owns the streams `invoice/{member}/{year}`. Tells `InvoiceIssued`, `PaymentStarted`, `PaymentSettled`, `PaymentFailed`,
`PaymentHeld`, `DuplicatePaymentFound`, `PaymentConfirmed`. Hears renewal (an approval makes an invoice) and bank (a notice
makes us ask the bank at once).
"""
