"""Fees: what a year's membership costs (`tariffs`), what goes on an invoice (`bill`), and the `estimate` before any approval."""
