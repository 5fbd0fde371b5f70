"""Messages and events of the notification service."""
