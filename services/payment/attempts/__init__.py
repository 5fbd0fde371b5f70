"""Attempts to pay an invoice at a bank: opened (`checkout`), back from the bank (`callback`), verified, polled until known."""
