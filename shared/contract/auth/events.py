"""Events of auth, which its log records; each docstring is the event's entry in docs/events.md."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.base import Event
from shared.contract.values import Licence, Role

FactorKind = Literal["code", "passkey"]
"""An authenticator of one-time codes, or a passkey."""


class MemberEnrolled(Event, source="auth"):
    """A member is on the register: in which province, with which licence, paid through which Jalali year (none: never paid)."""

    member: str
    province: str
    licence: Licence
    paid_through: int | None = None
    enrolled_by: str
    enrolled_at: AwareDatetime


class MembershipChanged(Event, source="auth"):
    """A member's register entry has changed; the whole entry is repeated, so the last one is complete."""

    member: str
    province: str
    licence: Licence
    paid_through: int | None = None
    changed_by: str
    changed_at: AwareDatetime


class MemberRemoved(Event, source="auth"):
    """A member is no longer on the register, because the import that enrolled them is undone; nothing else had followed from it."""

    member: str
    province: str
    removed_by: str
    removed_at: AwareDatetime


class OfficerAppointed(Event, source="auth"):
    """An officer has these roles in these provinces from now on; appointing again replaces both."""

    officer: str
    roles: tuple[Role, ...]
    provinces: tuple[str, ...]
    appointed_by: str
    """Who has requested it."""
    appointed_at: AwareDatetime
    request: UUID | None = None
    granted_by: str = ""
    """The second admin; nobody where the only admin appoints another one, and before appointments were granted."""


class OfficerDismissed(Event, source="auth"):
    """An officer has no role any more and cannot sign in."""

    officer: str
    dismissed_by: str
    """Who has requested it."""
    dismissed_at: AwareDatetime
    request: UUID | None = None
    granted_by: str = ""
    """The second admin."""


class AppointmentRequested(Event, source="auth"):
    """An admin has requested what `OfficerAppointed` says once a second admin grants it; name and password wait in a row."""

    officer: str
    request: UUID
    roles: tuple[Role, ...]
    provinces: tuple[str, ...]
    sets_credential: bool
    requested_by: str
    requested_at: AwareDatetime


class DismissalRequested(Event, source="auth"):
    """An admin has requested that an officer is dismissed; a second admin has to grant it."""

    officer: str
    request: UUID
    requested_by: str
    requested_at: AwareDatetime


class OfficerRequestDeclined(Event, source="auth"):
    """An admin has declined what a colleague requested about an officer, or has withdrawn the own request."""

    officer: str
    request: UUID
    declined_by: str
    declined_at: AwareDatetime


class PasswordReset(Event, source="auth"):
    """An officer has taken back a member's credentials: the first sign-in's rule holds again, and all sessions have ended."""

    member: str
    reset_by: str
    reset_at: AwareDatetime


class ActivationCodeIssued(Event, source="auth"):
    """An officer has printed a one-time code for a member's first sign-in; the code itself is only a hash in a row."""

    member: str
    issued_by: str
    issued_at: AwareDatetime
    expires_at: AwareDatetime


class SecondFactorSet(Event, source="auth"):
    """The holder of an account has set a second factor: from now on a sign-in needs a code or a passkey as well."""

    account: str
    set_at: AwareDatetime
    kind: FactorKind = "code"


class SecondFactorRemoved(Event, source="auth"):
    """A second factor of an account is gone; it may have another."""

    account: str
    removed_by: str
    removed_at: AwareDatetime
    kind: FactorKind = "code"


class PasswordChanged(Event, source="auth"):
    """A member or officer has set a password of their own; the password itself is only a hash in a row."""

    account: str
    """The account as an actor, such as `member:0123456`."""
    changed_by: str
    """Its holder, or the admin who has requested that it is reset."""
    changed_at: AwareDatetime
    granted_by: str = ""
    """The second admin, where an admin has reset it."""


class NewDeviceSignedIn(Event, source="auth"):
    """Somebody has given the right credentials of an account on a device that it does not know, where it knows others."""

    is_optional: ClassVar[bool] = True
    account: str
    """The account as an actor."""
    signed_in_at: AwareDatetime


class AccountLocked(Event, source="auth"):
    """Wrong credentials have locked a network or a device out of an account for a while; once a day at most."""

    is_optional: ClassVar[bool] = True
    account: str
    """The account as an actor."""
    locked_at: AwareDatetime


class ErasureRequested(Event, source="auth"):
    """An admin has requested that a member's personal data is erased; a second admin has to grant it."""

    member: str
    province: str
    cause: str
    """A code of the group `erasure_reason` of `shared/translations`, and never a text about a person."""
    requested_by: str
    requested_at: AwareDatetime


class ErasureDeclined(Event, source="auth"):
    """An admin has declined what a colleague requested, or has withdrawn the own request: the member's personal data stays."""

    member: str
    declined_by: str
    declined_at: AwareDatetime


class MemberErased(Event, source="auth"):
    """A member's personal data is erased, for good, in every service that reads this; what is left names the member by number."""

    member: str
    province: str
    cause: str
    requested_by: str
    granted_by: str
    erased_at: AwareDatetime
