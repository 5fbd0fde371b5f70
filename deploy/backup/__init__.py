"""Backups of a standalone instance: its databases at one moment in one file, encrypted by a key, verified by reading it back."""
