"""The four that own facts: auth, renewal, payment, capacity. None imports another; they meet on the wire."""
