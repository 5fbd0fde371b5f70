"""Reminders: of an invoice's end, of the season, of a licence's end, of a promise; each by a timer, looked at again when it is due."""
