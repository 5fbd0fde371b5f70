"""Commands about passkeys (WebAuthn), that auth decides."""

from typing import Annotated

from pydantic import SecretStr, StringConstraints

from shared.contract import base
from shared.contract.auth import answers
from shared.contract.auth.commands import Device
from shared.contract.base import Command
from shared.contract.text_types import AS_LINE
from shared.contract.values import Secret, TypedSecret

PasskeyId = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
"""Names a passkey in its holder's list: the SHA-256 of its credential id."""
PasskeyName = Annotated[str, StringConstraints(min_length=1, max_length=40), AS_LINE]
"""What the holder calls a passkey, such as the telephone that it is on."""


class SignInWithPasskey(Command[answers.Session], service="auth"):
    """Open a session by a passkey alone, which has verified its holder by a finger, a face or a PIN."""

    browser: Secret
    """The secret that `GetPasskeySignIn` was called with."""
    passkey: Secret
    device: Device = ""
    known_device: Secret | None = None


class BeginPasskey(Command[answers.PasskeyOptions], service="auth"):
    """Begin with a new passkey; the password proves the caller. It counts once `AddPasskey` has had the browser's answer to these options."""

    current: TypedSecret
    session: Secret


class AddPasskey(Command[answers.RecoveryCodes], service="auth"):
    """Add the passkey that the browser has made; answers the recovery codes where it is the first second factor."""

    passkey: Secret
    """The browser's answer, as JSON, to the options of `BeginPasskey`."""
    name: PasskeyName
    session: Secret


class RenamePasskey(Command[base.Done], service="auth"):
    """Give one of the caller's passkeys another name."""

    passkey_id: PasskeyId
    name: PasskeyName


class RemovePasskey(Command[base.Done], service="auth"):
    """Remove one of the caller's passkeys, after a code of the second factor, a recovery code or a passkey."""

    passkey_id: PasskeyId
    session: Secret
    code: TypedSecret = SecretStr("")
    passkey: Secret = SecretStr("")
