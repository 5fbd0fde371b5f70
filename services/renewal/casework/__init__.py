"""Common work of a province's managers on its renewals: assignments, internal notes, deputies, and the timeline of a case."""
