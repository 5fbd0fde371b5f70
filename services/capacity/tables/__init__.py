"""Capacity's tables: the projection's, which a replay can fill again, and the state that no event can give back."""
