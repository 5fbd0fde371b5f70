"""The register of members: its entries, their import from a file in batches, the undo of an import, and the members' card links."""
