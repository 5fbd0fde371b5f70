"""The sides of the contests: what each process does, named for what it does it with."""
