"""Sign-in with a security phrase or a passkey, the code or passkey of a second factor, and sign-out."""

from clients.gateway.sign_in import second_step, sign_in

BLUEPRINTS = (sign_in.BLUEPRINT, second_step.BLUEPRINT)
