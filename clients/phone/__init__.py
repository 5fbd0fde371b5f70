"""The phone, for development: fakes of the SMS providers and a mail server, and a page with the messages that would have come.

Keeps its rows in `{var}/phone.db`, needs no broker, publishes nothing and follows nobody. Outside of development it does not start.
"""
