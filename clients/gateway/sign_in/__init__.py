"""The start page, sign-in with a security phrase, sign-out, and changing the password."""

from clients.gateway.sign_in import password, sign_in, start

BLUEPRINTS = (start.BLUEPRINT, sign_in.BLUEPRINT, password.BLUEPRINT)
