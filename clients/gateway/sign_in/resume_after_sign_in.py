"""Resuming a posted form after sign-in: the sign-in page carries its fields, so that nothing typed is lost."""

from collections.abc import Mapping

PREFIX = "resumed."
"""Prefix of a posted form's fields while its sender signs in again."""
SECRETS = {"current", "new", "repeat", "password", "code", "passkey"}
"""A form with one of these is not carried: secrets are never written back into a page."""


def form_to_resume(form: Mapping[str, str]) -> dict[str, str]:
    """A posted form as fields of the sign-in page; nothing of a form with secrets."""
    if SECRETS & form.keys():
        return {}
    return {f"{PREFIX}{name}": text for name, text in form.items() if name != "csrf_token"}


def carried(form: Mapping[str, str]) -> dict[str, str]:
    """The fields that a posted sign-in page already carries."""
    return {name: text for name, text in form.items() if name.startswith(PREFIX)}


def restored(form: Mapping[str, str]) -> dict[str, str]:
    """The carried fields under their own names."""
    return {name.removeprefix(PREFIX): text for name, text in carried(form).items()}
