"""The five services: auth, renewal, payment, capacity, notification. None imports another; they communicate by messages."""
