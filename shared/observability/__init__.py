"""What an operator sees of a running program: its log lines, and the context of a request that they are found by."""
