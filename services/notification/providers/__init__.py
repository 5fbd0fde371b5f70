"""Providers of SMS and mail: the port, an adapter for each interface, and those of the settings."""
