"""Notices: which fact is told to whom, the life of one notice, and the inbox."""
