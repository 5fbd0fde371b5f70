"""The bank's side: receives its signed notices and stores them before answering; for development, a sandbox bank as well.

Owns the streams `notice/{webhook-id}`. Publishes `BankNoticeReceived` and `BankNoticeRefused`. Follows nobody, and works while all others are down.
"""
