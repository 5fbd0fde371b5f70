"""The clients: pages and JSON API, the command line, the receiver of the bank's notices; in development the phone. They import `shared` and no service."""
