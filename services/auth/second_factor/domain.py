"""Decisions about a second factor: which time step a typed code belongs to, what a recovery code is, and the events of setting and removing one."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import assert_never

import pyotp

from shared.contract.auth import commands, events, passkey_commands
from shared.contract.base import Event
from shared.event_store.decider import Decider
from shared.text import persian

STEP_SECONDS = 30
STEPS_AROUND = 1
"""Steps before and after the present one whose code is right too: clocks differ, and people type slowly (RFC 6238, 5.2)."""
ISSUER = "Tamdid"
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""80 random bits, so one fast hash is enough to store."""
RECOVERY_GROUP_CHARACTERS = 4

Command = (
    commands.ConfirmSecondFactor
    | commands.RemoveSecondFactor
    | passkey_commands.AddPasskey
    | passkey_commands.RemovePasskey
)
FactorEvent = events.SecondFactorSet | events.SecondFactorRemoved


def matching_step(secret: str, typed: str, at: datetime, last_step: int) -> int | None:
    """The time step that a typed code is of; None for a wrong code, and for one of a step that was used, or earlier."""
    code, totp = persian.without_separators(typed), pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(at.timestamp()) // STEP_SECONDS
    for step in range(present - STEPS_AROUND, present + STEPS_AROUND + 1):
        right = totp.at(at + timedelta(seconds=(step - present) * STEP_SECONDS))
        if hmac.compare_digest(right.encode(), code.encode()) and step > last_step:
            return step
    return None


def provisioning_uri(secret: str, account: str) -> str:
    """The address of the QR code that an authenticator reads."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(
        name=account.partition(":")[2], issuer_name=ISSUER
    )


def recovery_code(random: bytes) -> str:
    """A recovery code of random bytes, in groups that can be typed: `k7qa-…`."""
    text = base64.b32encode(random).decode().lower()
    groups = range(0, len(text), RECOVERY_GROUP_CHARACTERS)
    return "-".join(text[start : start + RECOVERY_GROUP_CHARACTERS] for start in groups)


def recovery_hash(typed: str) -> str:
    """What is stored of a recovery code, however it is typed."""
    return hashlib.sha256(persian.without_separators(typed).casefold().encode()).hexdigest()


def decide(command: Command, _: None) -> list[Event]:
    """The code or passkey was checked before."""
    account, by, at = command.actor, command.actor, command.at
    match command:
        case commands.ConfirmSecondFactor():
            return [events.SecondFactorSet(account=account, set_at=at)]
        case commands.RemoveSecondFactor():
            return [events.SecondFactorRemoved(account=account, removed_by=by, removed_at=at)]
        case passkey_commands.AddPasskey():
            return [events.SecondFactorSet(account=account, set_at=at, kind="passkey")]
        case passkey_commands.RemovePasskey():
            return [events.SecondFactorRemoved(account=account, removed_by=by, removed_at=at, kind="passkey")]
        case _:
            assert_never(command)


def evolve(state: None, event: FactorEvent) -> None:  # noqa: ARG001 - whether there is one is a row with its secret
    return None


SECOND_FACTOR: Decider[Command, None] = Decider(decide, evolve, None)
