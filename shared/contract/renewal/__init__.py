"""What renewal owns of the contract: its events, commands, queries and answers."""
