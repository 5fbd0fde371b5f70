"""Policies of a year in data files: how they are read, and what a capacity policy says."""
