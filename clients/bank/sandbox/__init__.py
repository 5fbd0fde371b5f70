"""The sandbox bank, for development: behaves as ZarinPal v4 does, on pretend money (docs/payments.md 6)."""
