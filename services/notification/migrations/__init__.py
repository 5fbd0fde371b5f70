"""Migrations of notification's log and state, in the order of their numbers: docs/upgrading.md."""
