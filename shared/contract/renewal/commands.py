"""Commands that renewal decides."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from shared.contract import base
from shared.contract.base import Command
from shared.contract.renewal import answers, rule_answers
from shared.contract.renewal.correction import FIELDS_MAX, FieldToCorrect
from shared.contract.renewal.declaration import Declaration
from shared.contract.text_types import AS_LINE, AS_PARAGRAPHS
from shared.contract.values import (
    Day,
    Hour,
    JalaliYear,
    MembershipNo,
    OfficerName,
    Province,
    ReasonText,
    Version,
    Waiver,
)

POLICY_LENGTH_MAX = 64 * 1024
"""Characters of a policy, several times as long as one is."""
WAIVERS_MAX = 100
DRAFT_FIELDS_MAX = 400
DRAFT_BYTES_MAX = 64 * 1024
"""Of names and texts in UTF-8: more than twice the longest declaration."""
DraftField = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,30}(\.[a-z_0-9]{1,30}){0,2}$")]
DraftText = Annotated[str, StringConstraints(max_length=1000), AS_PARAGRAPHS]
"""A field of the form by its dotted name, and its text as it was typed."""
CaseNoteText = Annotated[str, StringConstraints(min_length=2, max_length=1000), AS_PARAGRAPHS]


def require_small(fields: dict[str, str]) -> dict[str, str]:
    if sum(len(name.encode()) + len(text.encode()) for name, text in fields.items()) > DRAFT_BYTES_MAX:
        raise PydanticCustomError("string_too_long", "more than a draft may hold")
    return fields


PolicyFile = Annotated[str, StringConstraints(min_length=1, max_length=POLICY_LENGTH_MAX)]
"""The whole text of a year's policy file (`shared/policies/capacity_policy.py`)."""


class RequestRenewal(Command[answers.Renewal], service="renewal"):
    """Ask to renew the current Jalali year («تمدید عضویت»)."""

    member: MembershipNo
    year: JalaliYear


class SubmitDeclaration(Command[answers.Renewal], service="renewal"):
    """Submit the self-declaration, or its correction."""

    member: MembershipNo
    year: JalaliYear
    form: Declaration


class SaveDraft(Command[base.Done], service="renewal"):
    """Keep what a member has typed into the declaration, right or wrong, to go on with it later; sending it forgets it."""

    member: MembershipNo
    year: JalaliYear
    fields: Annotated[dict[DraftField, DraftText], Field(max_length=DRAFT_FIELDS_MAX), AfterValidator(require_small)]
    replaces: Annotated[tuple[DraftField, ...], Field(max_length=DRAFT_FIELDS_MAX)] = ()
    """The fields whose texts these are, each with its rows (`jobs` has `jobs.0.kind`): what the draft has of others stays. Without any, of all."""


class RecallDeclaration(Command[answers.Renewal], service="renewal"):
    """Take the sent declaration back, to edit and send it again, as long as no manager has opened it."""

    member: MembershipNo
    year: JalaliYear


class AddMemberNote(Command[answers.Renewal], service="renewal"):
    """Add a note to the declaration that lies on the desk, which the manager reads beside it."""

    member: MembershipNo
    year: JalaliYear
    text: Annotated[str, StringConstraints(min_length=3, max_length=1000), AS_PARAGRAPHS]


class OpenReview(Command[answers.Renewal], service="renewal"):
    """Record that a manager has opened the review of a version, so that the member recalls it no more."""

    member: MembershipNo
    year: JalaliYear
    declaration_version: Version


class WithdrawRenewal(Command[answers.Renewal], service="renewal"):
    """Take the request back before its approval."""

    member: MembershipNo
    year: JalaliYear


class ReturnRenewal(Command[answers.Renewal], service="renewal"):
    """Send the declaration back for correction: some fields of it, each with what is wrong, or the whole with a reason; the member reads both."""

    member: MembershipNo
    year: JalaliYear
    reason: ReasonText = ""
    """Needed where no fields are named."""
    fields: Annotated[tuple[FieldToCorrect, ...], Field(max_length=FIELDS_MAX)] = ()
    """What the member may change then; without any, everything."""
    declaration_version: Version | None = None
    """Return this version alone; a later one in between is a conflict. Without it the newest is meant."""
    despite_holder: bool = False
    """Decide though a colleague holds the renewal, which is refused otherwise."""


class RejectRenewal(Command[answers.Renewal], service="renewal"):
    """Reject the renewal, with a reason the member reads."""

    member: MembershipNo
    year: JalaliYear
    reason: ReasonText
    declaration_version: Version | None = None
    """As of a return."""
    despite_holder: bool = False
    """Decide though a colleague holds the renewal, which is refused otherwise."""


class UndoDecision(Command[answers.Renewal], service="renewal"):
    """Undo one's own return or rejection within five minutes, as long as the member has done nothing since."""

    member: MembershipNo
    year: JalaliYear
    decision: UUID
    """The id of the command that is undone."""


class ApproveRenewal(Command[answers.Renewal], service="renewal"):
    """Approve the renewal as declared in `declaration_version`; a later version in between is a conflict."""

    member: MembershipNo
    year: JalaliYear
    declaration_version: Version
    waivers: Annotated[tuple[Waiver, ...], Field(max_length=WAIVERS_MAX)] = ()
    """What the member shall be let off, once a second officer grants it; at most the fee of the year counts."""
    reason: ReasonText | None = None
    """Needed for waivers; the member reads it."""
    despite_holder: bool = False
    """Decide though a colleague holds the renewal, which is refused otherwise."""


class ClaimRenewal(Command[answers.Renewal], service="renewal"):
    """Assign a submitted renewal to oneself for some working time; refused while a colleague holds it."""

    member: MembershipNo
    year: JalaliYear


class ReleaseRenewal(Command[answers.Renewal], service="renewal"):
    """End an assignment to oneself, or to an absent colleague whose deputy one is."""

    member: MembershipNo
    year: JalaliYear


class HandOverRenewal(Command[answers.Renewal], service="renewal"):
    """Assign a submitted renewal to a colleague: one that nobody holds, or that one holds oneself."""

    member: MembershipNo
    year: JalaliYear
    officer: OfficerName


class WriteCaseNote(Command[base.Done], service="renewal"):
    """Write an internal note about a renewal, which the managers of its province read, and the member in the export of all data."""

    member: MembershipNo
    year: JalaliYear
    text: CaseNoteText


class SetDeputy(Command[base.Done], service="renewal"):
    """Name who stands in for an officer in days of absence, in place of an earlier deputy; by the officer, or by an admin."""

    officer: OfficerName
    deputy: OfficerName
    from_on: Day
    to_on: Day

    @model_validator(mode="after")
    def complete(self) -> Self:
        """A deputy is somebody else, and the last day is not before the first."""
        if self.deputy == self.officer:
            raise PydanticCustomError("deputy_is_officer", "{field}", {"field": "deputy"})
        if self.to_on < self.from_on:
            raise PydanticCustomError("dates_out_of_order", "{field}", {"field": "to_on"})
        return self


class RemoveDeputy(Command[base.Done], service="renewal"):
    """Let nobody stand in for an officer any more; by the officer, or by an admin."""

    officer: OfficerName


class SetCalendarDay(Command[base.Done], service="renewal"):
    """Set a province's office hours of one day; without hours the office is closed that day."""

    province: Province
    on: Day
    opens: Hour | None = None
    closes: Hour | None = None
    label: Annotated[str, StringConstraints(min_length=2, max_length=80), AS_LINE]


class AmendPolicy(Command[answers.PolicyAct], service="renewal"):
    """Request a correction of a year's capacity policy, which waits for a second admin to grant it.

    Who and why is kept on record, and each member sees the lines that change.
    """

    year: JalaliYear
    before: PolicyFile
    """The text that is gone by, as the officer saw it; another one on record is a conflict."""
    after: PolicyFile
    reason: ReasonText


class GrantPolicyAmendment(Command[answers.PolicyAct], service="renewal"):
    """Grant a colleague's correction of a year's policy, named by the id of that command; it holds from now on."""

    year: JalaliYear
    request: UUID


class DeclinePolicyAmendment(Command[base.Done], service="renewal"):
    """Decline a colleague's correction of a year's policy, or withdraw one's own."""

    year: JalaliYear
    request: UUID


class SwitchApprovalRule(Command[rule_answers.ApprovalRule], service="renewal"):
    """Switch on or off that a province's unchanged and clean requests are approved by rule, but for a tenth; for its managers."""

    province: Province
    is_on: bool
