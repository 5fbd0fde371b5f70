"""The ledger of a member's year, pure: the fold from events to lines, and the what-if query."""
