"""Sign-in: the credential is checked, failed attempts are throttled, a captcha may be needed, and a session opens."""
