"""Commands of `tamdid` that work on this machine's own files and databases, not on a server."""
