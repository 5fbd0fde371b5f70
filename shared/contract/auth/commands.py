"""Commands that auth decides."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr, StringConstraints

from shared.contract import base
from shared.contract.auth import answers, security_answers
from shared.contract.base import Command
from shared.contract.bounds import COUNTED
from shared.contract.text_types import AS_LINE
from shared.contract.values import MembershipNo, OfficerName, Province, Role, Secret, ServiceName, TypedSecret
from shared.services import SERVICES

IMPORT_BATCH_MAX = 200
"""Rows of a register file in one command."""
IMPORT_ROWS_MAX = 10**6
CELL_LENGTH_MAX = 5000
RegisterRow = Annotated[
    dict[
        Annotated[str, StringConstraints(max_length=100)], Annotated[str, StringConstraints(max_length=CELL_LENGTH_MAX)]
    ],
    Field(max_length=100),
]
PROVINCES_MAX = 100
Device = Annotated[str, StringConstraints(pattern="^([a-z]{2,20}(-[a-z]{2,20})?)?$")]
"""The family of browser and operating system, such as `firefox-android`, or `tamdid` for the command line; never a whole user agent."""
ErasureReason = Literal["wish_of_member", "membership_over", "ordered"]
"""Why personal data is erased: the member wants it, it serves no purpose any more, or a court or authority orders it."""
SessionId = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]
"""Names a session in its holder's list; it opens nothing."""


class NewCaptcha(Command[answers.Captcha], service="auth"):
    """Draw a new security phrase; `address` is that of who sees it."""

    address: Annotated[str, StringConstraints(max_length=45)] = ""


class SignIn(Command[answers.Session], service="auth"):
    """Open a session for a member (national code or own password) or an officer (password)."""

    principal_kind: Annotated[str, StringConstraints(pattern="^(member|officer)$")]
    name: Annotated[str, StringConstraints(max_length=40)]
    password: TypedSecret
    captcha_id: UUID | None = None
    captcha_answer: Annotated[str, StringConstraints(max_length=20)] = ""
    address: Annotated[str, StringConstraints(max_length=45)] = ""
    """The network address of the attempt, for the delays; set by the gateway."""
    device: Device = ""
    """Shown in the holder's list of sessions."""
    known_device: Secret | None = None
    """The token of a device that signed in before: the failures of others do not delay it."""


class SignOut(Command[base.Done], service="auth"):
    """End a session."""

    session: Secret


class ConfirmSession(Command[answers.Session], service="auth"):
    """Prove the second factor by a code of it, a recovery code or a passkey: as the second step of a sign-in, or again before acts about money.

    Where there is none, the password confirms an open session, before acts about what the account rests on.
    """

    session: Secret
    code: TypedSecret = SecretStr("")
    passkey: Secret = SecretStr("")
    """In place of a code: the browser's answer, as JSON, to the options of `GetSecondStep`."""
    password: TypedSecret = SecretStr("")
    """Of an account without a second factor, as it signs in."""
    known_device: Secret | None = None
    """The token of a device that signed in before: wrong codes from elsewhere do not hold it up."""


class EnrolSecondFactor(Command[answers.SecondFactorSecret], service="auth"):
    """Begin with a second factor; the password proves the caller. It counts once `ConfirmSecondFactor` has had a code of it."""

    current: TypedSecret


class ConfirmSecondFactor(Command[answers.RecoveryCodes], service="auth"):
    """Let the second factor count, after a code of it; answers the recovery codes, which are never shown again."""

    code: TypedSecret
    session: Secret


class RemoveSecondFactor(Command[base.Done], service="auth"):
    """Remove the second factor, after a code of it or a recovery code."""

    code: TypedSecret


class EndSession(Command[base.Done], service="auth"):
    """End one of the caller's own sessions, by its name in the list; one that has ended already stays so."""

    session_id: SessionId


class EndOtherSessions(Command[base.Done], service="auth"):
    """End all sessions of the caller but this one."""

    session: Secret


class AcknowledgeSecurityEvents(Command[base.Done], service="auth"):
    """Say that one has seen the security events of one's own account: the notice of them ends."""


class IssuePassports(Command[answers.SignedPassports], service="auth"):
    """Sign short passports for a session's holder, one for each of the services; sent by programs that persons sign in through."""

    session: Secret
    services: Annotated[tuple[ServiceName, ...], Field(min_length=1, max_length=len(SERVICES))]
    command_id: UUID | None = None
    """The command that they are for; without one they are for queries only."""


class SetPassword(Command[base.Done], service="auth"):
    """Set a password of one's own; the current one (or the national code) proves the caller. All other sessions end."""

    current: TypedSecret
    new: TypedSecret
    session: Secret | None = None
    """The session that goes on; without it all end."""


class ResetMember(Command[base.Done], service="auth"):
    """Take back a member's credentials, so that the first sign-in's rule holds again; by a manager of the province, who has seen the member."""

    member: MembershipNo


class IssueActivationCode(Command[security_answers.ActivationCode], service="auth"):
    """Print a one-time code for the first sign-in of a member without a password; by a manager of the province, where the first sign-in needs one."""

    member: MembershipNo


class ImportMembers(Command[answers.ImportReport], service="auth"):
    """Import a batch of rows into the register; `dry_run` only checks. Rows are texts as the file has them, by column name."""

    rows: Annotated[tuple[RegisterRow, ...], Field(max_length=IMPORT_BATCH_MAX)]
    first_row: Annotated[int, Field(ge=1, le=IMPORT_ROWS_MAX), COUNTED] = 1
    dry_run: bool = False
    import_id: UUID | None = None
    """The import that the batch belongs to; it can be undone as a whole."""


class UndoImport(Command[answers.UndoneImport], service="auth"):
    """Undo an import: restore the entries before it; refused whole where something has followed from it."""

    import_id: UUID


class IssueCardLink(Command[answers.CardLink], service="auth"):
    """Make a link by which strangers check a member's card; the one before leads nowhere any more."""

    member: MembershipNo


class RevokeCardLink(Command[base.Done], service="auth"):
    """Let the member's link lead nowhere."""

    member: MembershipNo


class OpenCardLink(Command[answers.CheckedMember], service="auth"):
    """View a card by its link, which is shown to the member; sent by the gateway for whoever has the link."""

    token: Secret
    address: Annotated[str, StringConstraints(max_length=45)] = ""
    """The network address of the viewer, for rate limits; it is deleted within minutes."""


class CountHit(Command[base.Done], service="auth"):
    """Count a stranger's request for a page that needs no session, and refuse it over the rate limit of cards; sent by the gateway."""

    address: Annotated[str, StringConstraints(max_length=45)] = ""
    """The network address of the viewer; it is deleted within minutes."""


class AppointOfficer(Command[base.Done], service="auth"):
    """Appoint an officer, or change an officer's roles, provinces or password; a password is needed only the first time.

    It waits for a second admin to grant it. Only where there is no other admin, one may be appointed at once.
    """

    officer: OfficerName
    full_name: Annotated[str, StringConstraints(min_length=2, max_length=80), AS_LINE]
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=len(Role))]
    provinces: Annotated[tuple[Province, ...], Field(max_length=PROVINCES_MAX)]
    password: TypedSecret | None = None


class DismissOfficer(Command[base.Done], service="auth"):
    """Take all roles from an officer and end the officer's sessions, once a second admin grants it."""

    officer: OfficerName


class GrantOfficerRequest(Command[base.Done], service="auth"):
    """Grant what a colleague has requested about an officer, named by the id of that command."""

    officer: OfficerName
    request: UUID


class DeclineOfficerRequest(Command[base.Done], service="auth"):
    """Decline what a colleague has requested about an officer, or withdraw one's own request."""

    officer: OfficerName
    request: UUID


class RequestErasure(Command[base.Done], service="auth"):
    """Request that a member's personal data is erased in all services, once a second admin grants it; for admins of the province."""

    member: MembershipNo
    reason: ErasureReason


class GrantErasure(Command[base.Done], service="auth"):
    """Erase a member's personal data, as a colleague has requested; it cannot be undone."""

    member: MembershipNo
    reason: ErasureReason | None = None
    """The reason of the request that its granter has seen; another one that has taken its place is refused."""


class DeclineErasure(Command[base.Done], service="auth"):
    """Decline what a colleague has requested about a member's personal data, or withdraw one's own request."""

    member: MembershipNo
