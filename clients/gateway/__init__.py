"""The gateway: the web pages of members and officers, and the JSON API; it keeps nothing and asks the services by RPC."""
