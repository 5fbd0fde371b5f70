"""Commands about access: sign in and out, appoint and dismiss officers."""
