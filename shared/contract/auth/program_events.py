"""Events of auth about program accounts; each docstring is the event's entry in docs/events.md."""

from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.base import Event


class ProgramAccountRequested(Event, source="auth"):
    """An admin has requested what `ProgramAccountGranted` says; a second admin has to grant it."""

    program: str
    request: UUID
    scopes: tuple[str, ...]
    provinces: tuple[str, ...]
    requested_by: str
    requested_at: AwareDatetime


class ProgramAccountDeclined(Event, source="auth"):
    """An admin has declined what a colleague requested about a program account, or has withdrawn the own request."""

    program: str
    request: UUID
    declined_by: str
    declined_at: AwareDatetime


class ProgramAccountGranted(Event, source="auth"):
    """A program of others may do this in these provinces from now on; who has requested it may take a secret."""

    program: str
    request: UUID
    scopes: tuple[str, ...]
    provinces: tuple[str, ...]
    requested_by: str
    granted_by: str
    """The second admin."""
    granted_at: AwareDatetime


class ProgramSecretTaken(Event, source="auth"):
    """Who has requested a program account has taken its secret, which is only a hash in a row."""

    program: str
    request: UUID
    taken_by: str
    taken_at: AwareDatetime


class ProgramSecretEnded(Event, source="auth"):
    """A secret of a program account counts no more, nor do the access tokens got by it."""

    program: str
    request: UUID
    ended_by: str
    ended_at: AwareDatetime


class ProgramAccountRevoked(Event, source="auth"):
    """A program account may do nothing any more, and all its secrets have ended."""

    program: str
    revoked_by: str
    revoked_at: AwareDatetime
