"""office_hours."""
