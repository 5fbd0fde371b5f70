"""Officers: appointed and dismissed by admins within the provinces they serve, and the first admin."""
