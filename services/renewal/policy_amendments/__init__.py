"""Amendments of a year's capacity policy: requested by one admin, granted by a second one, applied by the capacity service."""
