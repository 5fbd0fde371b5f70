"""Commands about what persons were told."""
