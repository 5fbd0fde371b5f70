"""The start page, sign-in with a security phrase, the code of a second factor, and sign-out."""

from clients.gateway.sign_in import second_step, sign_in, start

BLUEPRINTS = (start.BLUEPRINT, sign_in.BLUEPRINT, second_step.BLUEPRINT)
