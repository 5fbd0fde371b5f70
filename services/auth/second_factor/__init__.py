"""The second factor: time-based one-time codes (TOTP) and passkeys (WebAuthn), each answer used once, and recovery codes."""
