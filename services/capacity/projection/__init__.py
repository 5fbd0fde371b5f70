"""The live projection: the projector that writes it, and the queries that read it."""
