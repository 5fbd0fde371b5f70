"""Commands on the register of members: import a file, undo an import, show a member."""
