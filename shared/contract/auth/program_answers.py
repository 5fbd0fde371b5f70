"""Answers of auth about program accounts."""

from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.base import Answer


class ProgramSecret(Answer):
    """The secret of a program account, shown once; stored as a hash only."""

    program: str
    secret: str


class ProgramSecretUse(Answer):
    """A secret of a program account, by the request that it was granted with."""

    request: UUID
    issued_to: str
    issued_at: AwareDatetime
    used_at: AwareDatetime | None = None
    """When it last got an access token."""
    holder_left: bool = False
    """Whether who took it is no admin any more, and may know it still."""


class ProgramAccount(Answer):
    """A program account: what it may do, and its secrets."""

    program: str
    scopes: tuple[str, ...]
    provinces: tuple[str, ...]
    secrets: tuple[ProgramSecretUse, ...] = ()
    to_take: tuple[UUID, ...] = ()
    """Granted requests of the caller's whose secret nobody has taken yet."""


class ProgramRequest(Answer):
    """What an admin has requested about a program account and a second one has to grant; `granters` may, the others may not."""

    request: UUID
    program: str
    scopes: tuple[str, ...]
    provinces: tuple[str, ...]
    requested_by: str
    requested_at: AwareDatetime
    granters: tuple[str, ...] = ()
    """The admins who may grant it, by officer name."""
    hindrance: str = ""
    """The reason for which the one who asks may not grant it; empty where nothing hinders."""


class ProgramAccounts(Answer):
    """All program accounts by name, and the open requests about them."""

    accounts: tuple[ProgramAccount, ...]
    requests: tuple[ProgramRequest, ...] = ()


class AccessToken(Answer):
    """An access token, its life in seconds, and its scopes."""

    access_token: str
    expires_in: int
    scopes: tuple[str, ...]
