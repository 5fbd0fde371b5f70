"""Generators of the reference in `docs/`: AsyncAPI document, events and settings, made from the contract and the service classes."""
