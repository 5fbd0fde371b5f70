"""The three that use the services: the pages, the command line, the bank's side. They know `shared` and no service."""
