"""The compared implementations: what each process does, named for what it does it with."""
