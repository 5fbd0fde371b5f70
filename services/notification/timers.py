"""The timers of notification by kind: what is to be sent, asked for or looked at again, and when."""

from shared.subscriptions.timers import Timers

SENDING = Timers("sending")
"""Notices that are to be sent, by notice."""
REPORTS = Timers("report")
"""Messages whose delivery is to be asked, by attempt; the owner is the provider."""
CODES = Timers("code")
"""Codes that are to be sent to an address, by `<person>/<way>`."""
INVOICE_ENDS = Timers("invoice_end")
"""Reminders of invoices, by `<member>/<year>/<days before>`."""
PAYMENTS = Timers("payment")
"""Payments whose result is not known, by attempt."""
GRANTS = Timers("grant")
"""Confirmations whose capacity is not known yet, by `<member>/<year>`; the payload is the event's id and when it was recorded."""
PROMISES = Timers("promise")
"""Reviews that are due soon, by `<member>/<year>/<version>`."""
MORNINGS = Timers("morning")
"""The next morning's reminders; the payload is the last day that was looked at."""
SWEEPS = Timers("sweep")
"""A morning's occasions, such as `season/<day>/<year>/<province>`; the payload is the last member who was told."""
