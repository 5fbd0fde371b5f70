"""Notices of the bank: the HTTP receiver, signatures, the decision, and the events of refused ones."""
