"""Credentials: an own password or, before there is one, a member's national code, checked against Argon2id hashes."""

import hmac
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Connection, delete, select

from services.auth.accounts import persons
from services.auth.passwords import common_passwords
from services.auth.passwords.domain import CHARACTERS_MAX, MEMBER_CHARACTERS_MIN, OFFICER_CHARACTERS_MIN, weakness
from services.auth.tables import ACCOUNTS
from shared.contract.passport import PrincipalKind
from shared.contract.refusals import ID_TAKEN, Reason, Refused
from shared.event_store.command_handler import Records
from shared.event_store.sql import by_key, upsert
from shared.provinces import PROVINCES
from shared.text import persian

NAME_CHARACTERS_MAX = 40

Run = Callable[..., Any]
"""Calls a function with arguments; the service passes one that calls it in a native thread, off the hub."""


RECOMMENDED = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""At the cost that OWASP recommends for Argon2id: 19 MiB, 2 passes, parallelism 1, which takes 20 ms."""


def run_here(function: Callable[..., Any], *arguments: object) -> Any:
    """Run it on this thread."""
    return function(*arguments)


class Passwords:
    """Hashes passwords and verifies them."""

    def __init__(self, run: Run = run_here, hasher: PasswordHasher = RECOMMENDED) -> None:
        self._hasher = hasher
        self._run = run
        self._nobodys = self._hasher.hash("an account that does not exist takes as long as one that does")

    def hash(self, password: str) -> str:
        """The hash to store, with a salt of its own."""
        return str(self._run(self._hasher.hash, password))

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether a password has this hash; without one it takes the same time and is False."""
        return bool(self._run(self._matches, stored or self._nobodys, password)) and stored is not None

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (Argon2Error, InvalidHashError):
            return False


@dataclass(frozen=True, repr=False)
class StoredCredential:
    """What is stored to check an account's credential by."""

    account: str
    password_hash: str | None
    is_own: bool
    national_code: str | None


def account_of(principal_kind: str, name: str) -> str:
    """The account that somebody means, however the name was typed; also for names that nobody has."""
    typed = persian.normalise(name)[:NAME_CHARACTERS_MAX]
    if principal_kind == PrincipalKind.MEMBER:
        return f"member:{persian.membership_no(typed) or typed}"
    return f"officer:{typed.lower()}"


def canonical(password: str) -> str:
    """A password as it is hashed: the same from every keyboard, in every Unicode spelling and in all digits."""
    return persian.secret_key(password)[: CHARACTERS_MAX + 1]


def canonical_before(password: str) -> str:
    """A password as it was hashed before letters were folded."""
    return unicodedata.normalize("NFKC", persian.digits_to_ascii(password))[: CHARACTERS_MAX + 1]


def find(connection: Connection, account: str) -> StoredCredential:
    """The stored credential of an account, which need not exist."""
    row = by_key.find(connection, ACCOUNTS, {"account": account})
    person = persons.find(connection, account)
    code = person.national_code if person else None
    return StoredCredential(account, row.password_hash if row else None, bool(row and row.is_own), code)


def without_any(stored: StoredCredential) -> StoredCredential:
    """The same account as if nothing were stored to check by."""
    return StoredCredential(stored.account, None, is_own=False, national_code=None)


def verify(passwords: Passwords, stored: StoredCredential, typed: str) -> str | None:
    """The hash of the account's password or, while there is no own one, of the national code, where that was typed in any form; else None.

    Before the first sign-in there is no hash: making the one to store takes as long as to verify one.
    """
    secret, before = canonical(typed), canonical_before(typed)
    forms = (secret,) if before == secret else (secret, before)
    if stored.is_own:
        return stored.password_hash if any(passwords.verify(stored.password_hash, form) for form in forms) else None
    for form in forms[1:]:
        passwords.verify(None, form)  # an account without a password of its own takes as long as one with it
    code = persian.national_code(secret) or ""
    if stored.password_hash is not None:
        return stored.password_hash if passwords.verify(stored.password_hash, code) else None
    first_hash = passwords.hash(code)
    is_right = stored.national_code is not None and hmac.compare_digest(code, stored.national_code)
    return first_hash if is_right else None


def require_unchanged(connection: Connection, verified: StoredCredential) -> None:
    """Refuse what was proved by a credential that is no longer the account's; a change at this moment waits, or is waited for.

    To check one takes a while, in which its holder may have changed it because somebody else knows it.
    """
    query = select(ACCOUNTS).where(ACCOUNTS.c.account == verified.account).with_for_update(read=True)
    connection.execute(query).all()
    now = find(connection, verified.account)
    if verified.is_own:
        is_same = now.is_own and now.password_hash == verified.password_hash
    else:
        is_same = not now.is_own and verified.national_code in (None, now.national_code)
    if not is_same:
        raise Refused(Reason.WRONG_CREDENTIALS)


def require_strong(password: str, account: str, known: Iterable[str], present: str | None = None) -> None:
    """Refuse a weak password, with the code of why; `known` is what everybody knows of the holder, provinces by their keys."""
    is_member = account.startswith(f"{PrincipalKind.MEMBER}:")
    least = MEMBER_CHARACTERS_MIN if is_member else OFFICER_CHARACTERS_MIN
    texts = [account.partition(":")[2], *known]
    texts += [PROVINCES[text] for text in texts if text in PROVINCES]
    if code := weakness(password, least, texts, common_passwords.passwords(), present):
        raise Refused(Reason.WEAK_PASSWORD, {"password": code})


def save_hash(  # noqa: PLR0913 - a row
    connection: Connection, account: str, password_hash: str, at: datetime, *, is_own: bool, is_chosen: bool = False
) -> None:
    """Store a hash for an account, in place of the one before; its holder has chosen the password, or must change it first of all."""
    row: dict[str, object] = {
        "password_hash": password_hash,
        "is_own": is_own,
        "is_chosen": is_chosen,
        "changed_at": at,
    }
    upsert.put(connection, ACCOUNTS, {"account": account}, row)


def require_same_password(records: Records, passwords: Passwords, account: str, password: str) -> None:
    """Refuse a repeated command that has another password: its digest leaves the password out, so the hash decides."""
    with records.read() as connection:
        stored = find(connection, account)
    if not passwords.verify(stored.password_hash, canonical(password)):
        raise Refused(Reason.CONFLICT, {"id": ID_TAKEN})


def has_own_password(connection: Connection, account: str) -> bool:
    """Whether the holder has set a password of their own."""
    row = by_key.find(connection, ACCOUNTS, {"account": account})
    return row is not None and row.is_own


def require_own_password(connection: Connection, account: str) -> None:
    """Refuse a member who has signed in by what others know or have printed, until a password is set."""
    if account.startswith(f"{PrincipalKind.MEMBER}:") and not has_own_password(connection, account):
        raise Refused(Reason.PASSWORD_NEEDED)


def delete_hash(connection: Connection, account: str) -> None:
    connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.account == account))


def delete_first_hash(connection: Connection, account: str) -> None:
    """After a national code was corrected: the new one is the first credential, an own password stays."""
    connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.account == account, ~ACCOUNTS.c.is_own))
