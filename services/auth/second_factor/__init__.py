"""The second factor: time-based one-time codes (TOTP), each used once, and recovery codes."""
