"""The five that own facts: auth, renewal, payment, capacity, notification. None imports another; they meet on the wire."""
