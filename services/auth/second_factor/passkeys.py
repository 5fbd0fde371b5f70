"""Passkeys of accounts: public keys and counters in rows, and the challenges that they sign, each of which counts once."""

import hashlib
import hmac
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from services.auth.second_factor import domain
from services.auth.second_factor.encryption import SecretBox
from services.auth.second_factor.relying_party import RelyingParty
from services.auth.tables import PASSKEYS, USED_CHALLENGES
from shared.contract.auth import answers
from shared.contract.base import Command
from shared.contract.refusals import Reason, Refused
from shared.event_store.sql import upsert
from shared.settings import Settings

CHALLENGE_LIFE = timedelta(minutes=5)
NONCE_BYTES = 16
TIME_BYTES = 8
PASSKEYS_MAX = 10
"""Of one account."""
REGISTRATION, CONFIRMATION, SIGN_IN = "registration", "confirmation", "sign-in"
"""What a challenge is for; none counts for another."""


@dataclass(frozen=True)
class Challenge:
    """What a challenge is bound to: its purpose, the account (none where it is not known yet), and the session or browser."""

    purpose: str
    account: str
    session: str


@dataclass(frozen=True)
class Checked:
    """An answer whose signature is right, before it is used."""

    account: str
    passkey_id: str
    sign_count: int
    """The counter before it, and `counted` after it."""
    counted: int
    challenge: bytes
    expires_at: datetime


@dataclass(frozen=True)
class Passkeys:
    """Registers and verifies passkeys for the pages of one origin.

    A challenge proves by its own code what it is bound to, so that none has to be stored before a passkey has signed it:
    strangers fill no table.
    """

    relying_party: RelyingParty
    box: SecretBox

    @classmethod
    def of(cls, settings: Settings) -> "Passkeys":
        """For the pages at the public address, under auth's own key."""
        return cls(RelyingParty.of(settings.portal_url), SecretBox(settings.keys_folder / "auth.pem"))

    def recovery_codes(self, command: Command[Any]) -> tuple[str, ...]:
        """The recovery codes that a command brings: the same again, where its button was pressed twice."""
        return tuple(self._code_of("recovery code", command, str(n)) for n in range(domain.RECOVERY_CODES))

    def activation_code(self, command: Command[Any]) -> str:
        """The activation code that a command brings, the same again too."""
        return self._code_of("activation code", command)

    def _code_of(self, purpose: str, command: Command[Any], number: str = "") -> str:
        code = self.box.code(purpose, command.actor, str(command.id), number)
        return domain.recovery_code(code[: domain.RECOVERY_BYTES])

    def registration_options(self, connection: Connection, account: str, session: str, at: datetime) -> str:
        """What the browser needs to make a passkey; the password was checked before, of which the challenge is the proof."""
        return self.relying_party.registration_options(
            self._challenge(Challenge(REGISTRATION, account, session), at),
            self.box.code("user", account),
            account.partition(":")[2],
            credential_ids(connection, account),
        )

    def confirmation_options(self, connection: Connection, account: str, session: str, at: datetime) -> str:
        """What the browser needs to use a passkey of an account; empty where it has none."""
        known = credential_ids(connection, account)
        challenge = self._challenge(Challenge(CONFIRMATION, account, session), at)
        return self.relying_party.request_options(challenge, known) if known else ""

    def sign_in_options(self, browser: str, at: datetime) -> str:
        """What the browser needs to use whichever passkey its holder has chosen."""
        return self.relying_party.request_options(self._challenge(Challenge(SIGN_IN, "", browser), at), ())

    def add(  # noqa: PLR0913 - a row
        self, connection: Connection, account: str, session: str, response: str, name: str, at: datetime
    ) -> None:
        """Add the passkey that the browser has made; no passkey belongs to two accounts."""
        challenge = self.relying_party.challenge_of_new(response)
        use_challenge(connection, challenge, self._end_of(challenge, Challenge(REGISTRATION, account, session), at))
        new = self.relying_party.verify_new(response, challenge)
        if count(connection, account) >= PASSKEYS_MAX:
            raise Refused(Reason.TOO_MANY_PASSKEYS)
        row = {
            "passkey_id": passkey_id(new.credential_id),
            "account": account,
            "credential_id": bytes_to_base64url(new.credential_id),
            "public_key": bytes_to_base64url(new.public_key),
            "sign_count": new.sign_count,
            "name": name,
            "added_at": at,
        }
        if not upsert.add(connection, PASSKEYS, row):
            raise Refused(Reason.PASSKEY_TAKEN)

    def check(self, connection: Connection, account: str, session: str, response: str, at: datetime) -> Checked:
        """An answer that a passkey of the account has given for its session, or a refusal."""
        found = self._checked(connection, response, Challenge(CONFIRMATION, account, session), at)
        if found.account != account:
            raise Refused(Reason.WRONG_PASSKEY)
        return found

    def check_sign_in(self, connection: Connection, browser: str, response: str, at: datetime) -> Checked:
        """An answer that a passkey has given for this browser after it has verified its holder, or a refusal."""
        return self._checked(connection, response, Challenge(SIGN_IN, "", browser), at)

    def _checked(self, connection: Connection, response: str, bound_to: Challenge, at: datetime) -> Checked:
        """Only reads, so that what strangers send costs no write."""
        one = self.relying_party.assertion(response)
        expires_at = self._end_of(one.challenge, bound_to, at)
        own = PASSKEYS.c.passkey_id == passkey_id(one.credential_id)
        row = connection.execute(select(PASSKEYS).where(own)).one_or_none()
        if row is None:
            raise Refused(Reason.WRONG_PASSKEY)
        must_verify_user = bound_to.purpose == SIGN_IN
        public_key = base64url_to_bytes(row.public_key)
        counted = self.relying_party.verify(one, public_key, row.sign_count, must_verify_user=must_verify_user)
        return Checked(row.account, row.passkey_id, row.sign_count, counted, one.challenge, expires_at)

    def _challenge(self, bound_to: Challenge, at: datetime) -> bytes:
        """A random number and the end of its life, with a code that only auth can make for what it is bound to."""
        ends = int((at + CHALLENGE_LIFE).timestamp())
        head = os.urandom(NONCE_BYTES) + ends.to_bytes(TIME_BYTES)
        return head + self._code(head, bound_to)

    def _end_of(self, challenge: bytes, bound_to: Challenge, at: datetime) -> datetime:
        """When a challenge is over; refused where it is not of this purpose, account and session, or is over already."""
        size = NONCE_BYTES + TIME_BYTES
        head, code = challenge[:size], challenge[size:]
        if not hmac.compare_digest(self._code(head, bound_to), code):
            raise Refused(Reason.WRONG_PASSKEY)
        expires_at = datetime.fromtimestamp(int.from_bytes(head[NONCE_BYTES:]), UTC)
        if expires_at <= at:
            raise Refused(Reason.WRONG_PASSKEY)
        return expires_at

    def _code(self, head: bytes, bound_to: Challenge) -> bytes:
        return self.box.code("challenge", bound_to.purpose, bound_to.account, bound_to.session, head.hex())


def use(connection: Connection, checked: Checked, at: datetime) -> None:
    """Use an answer up: it counts once, and moves the counter on that was there when it was checked."""
    use_challenge(connection, checked.challenge, checked.expires_at)
    own = (PASSKEYS.c.passkey_id == checked.passkey_id, PASSKEYS.c.sign_count == checked.sign_count)
    moved = update(PASSKEYS).where(*own).values(sign_count=checked.counted, used_at=at)
    if connection.execute(moved).rowcount != 1:
        raise Refused(Reason.WRONG_PASSKEY)


def use_challenge(connection: Connection, challenge: bytes, expires_at: datetime) -> None:
    row = {"challenge_hash": hashlib.sha256(challenge).hexdigest(), "expires_at": expires_at}
    if not upsert.add(connection, USED_CHALLENGES, row):
        raise Refused(Reason.WRONG_PASSKEY)


def passkey_id(credential_id: bytes) -> str:
    """The name of a passkey in its holder's list."""
    return hashlib.sha256(credential_id).hexdigest()


def credential_ids(connection: Connection, account: str) -> list[bytes]:
    query = select(PASSKEYS.c.credential_id).where(PASSKEYS.c.account == account).order_by(PASSKEYS.c.added_at)
    return [base64url_to_bytes(one) for one in connection.execute(query).scalars()]


def count(connection: Connection, account: str) -> int:
    query = select(func.count()).select_from(PASSKEYS).where(PASSKEYS.c.account == account)
    return connection.execute(query).scalar_one()


def list_all(connection: Connection, account: str) -> tuple[answers.Passkey, ...]:
    """The passkeys of an account, the oldest first."""
    query = select(PASSKEYS).where(PASSKEYS.c.account == account).order_by(PASSKEYS.c.added_at, PASSKEYS.c.passkey_id)
    return tuple(
        answers.Passkey(passkey_id=row.passkey_id, name=row.name, added_at=row.added_at, used_at=row.used_at)
        for row in connection.execute(query)
    )


def rename(connection: Connection, account: str, passkey: str, name: str) -> bool:
    """Give a passkey of the account another name; False where it has none of this id."""
    own = (PASSKEYS.c.account == account, PASSKEYS.c.passkey_id == passkey)
    return connection.execute(update(PASSKEYS).where(*own).values(name=name)).rowcount == 1


def remove(connection: Connection, account: str, passkey: str) -> bool:
    """Remove a passkey of the account; False where it has none of this id."""
    own = (PASSKEYS.c.account == account, PASSKEYS.c.passkey_id == passkey)
    return connection.execute(delete(PASSKEYS).where(*own)).rowcount == 1


def delete_expired(connection: Connection, at: datetime) -> None:
    """Forget used challenges that are over anyway."""
    connection.execute(delete(USED_CHALLENGES).where(USED_CHALLENGES.c.expires_at <= at))
