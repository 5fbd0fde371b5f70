"""Signing in in the middle of a form: what was posted waits in the sign-in page, so that nothing typed is lost."""

from collections.abc import Mapping

PREFIX = "kept."
"""Before the names of a posted form's fields while its sender signs in again."""
SECRETS = {"current", "new", "repeat", "password"}
"""A form with one of these is not kept: secrets are never written back into a page."""


def keep(form: Mapping[str, str]) -> dict[str, str]:
    """A posted form as fields of the sign-in page; nothing of a form with secrets."""
    if SECRETS & form.keys():
        return {}
    return {f"{PREFIX}{name}": text for name, text in form.items() if name != "csrf_token"}


def carried(form: Mapping[str, str]) -> dict[str, str]:
    """What already waits in a posted sign-in page, to wait on."""
    return {name: text for name, text in form.items() if name.startswith(PREFIX)}


def restored(form: Mapping[str, str]) -> dict[str, str]:
    """What waited, as it was posted first."""
    return {name.removeprefix(PREFIX): text for name, text in carried(form).items()}
