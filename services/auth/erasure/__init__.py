"""Erasure of a member's personal data: requested by one admin, granted by another, recorded once and followed by every service."""
