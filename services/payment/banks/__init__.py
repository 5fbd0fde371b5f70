"""Banks: the `port` that payment uses, its adapters, and what protects us from a bank that is slow, silent or down."""
