"""Program accounts: what programs of others may do here, their secrets and their access tokens (OAuth 2.0 client credentials)."""
