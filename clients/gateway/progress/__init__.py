"""How far a member's renewal and its payment have come, and the next action; pure, no page of its own."""
