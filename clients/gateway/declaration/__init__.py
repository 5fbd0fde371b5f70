"""The self-declaration as a form and as it is read: no page of its own, for the pages that fill and review it."""
