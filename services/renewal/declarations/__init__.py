"""Declarations: drafts of them, what one changes of the one before, and what a correction may change."""
