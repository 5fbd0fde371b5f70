"""Reconciliation after a restore: what a follower and its source still have in common, and taking back what was followed beyond it."""
