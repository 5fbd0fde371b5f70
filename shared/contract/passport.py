"""The caller: the passport that travels with every call, and the checks that a service makes with it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.policies import scopes

CONFIRMED_SECONDS = 600
"""How long after its code a session may act about money, and after that or its password about what the account rests on."""
PASSPORT_SECONDS_MAX = 300
"""The longest life of a passport, in seconds."""


class PrincipalKind(StrEnum):
    """The kinds of caller."""

    MEMBER = "member"
    OFFICER = "officer"
    PROGRAM = "program"
    """One of our own programs."""
    PROGRAM_ACCOUNT = "program_account"
    """A program of others that has an account here."""
    NOBODY = "nobody"
    """No passport came with the call, or not a valid one."""


STAFF = (PrincipalKind.OFFICER, PrincipalKind.PROGRAM_ACCOUNT)
"""Who acts for the office."""


class Passport(BaseModel):
    """A caller whose signature was verified: a member, an officer, one of our own programs, or a program of others."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    principal_kind: PrincipalKind
    subject: str
    """Membership number, officer name, or program name."""
    roles: frozenset[Role] = frozenset()
    provinces: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    """What a program account may call (`shared.policies.scopes`); everybody else has none and needs none."""
    command_id: UUID | None = None
    """The one command that the passport of a person or a program account was signed for; None for queries."""
    has_second_factor: bool = False
    confirmed_at: AwareDatetime | None = None
    """When the session was last confirmed: by the second factor or, where there is none, by the password."""

    @property
    def actor(self) -> str:
        """How events name the caller, such as `officer:maryam`, `member:0123456` or `program:desk-helper`."""
        is_account = self.principal_kind is PrincipalKind.PROGRAM_ACCOUNT
        return f"{PrincipalKind.PROGRAM if is_account else self.principal_kind}:{self.subject}"

    @property
    def is_staff(self) -> bool:
        """Whether an officer calls, or a program account, which acts for the office too."""
        return self.principal_kind in STAFF

    def must_be_signed_in(self) -> None:
        """Refuse a call without a valid passport."""
        if self.principal_kind is PrincipalKind.NOBODY:
            raise self._refusal()

    def must_be_for(self, command_id: object) -> None:
        """Refuse a passport that was not signed for the command with this id, of all but our own programs: a copied one records no other act."""
        is_bound = self.principal_kind is PrincipalKind.MEMBER or self.is_staff
        if is_bound and str(self.command_id) != command_id:
            raise Refused(Reason.NOT_SIGNED_IN)

    def must_have_scope_for(self, operation: str) -> None:
        """Refuse a program account whose scopes have no operation of this name, such as `renewal.approve_renewal`."""
        if self.principal_kind is PrincipalKind.PROGRAM_ACCOUNT and not scopes.allow(self.scopes, operation):
            raise Refused(Reason.NOT_ALLOWED, {"scope": " ".join(scopes.of_operation(operation))})

    def must_be(self, *bearers: PrincipalKind) -> None:
        """Refuse any caller but of these kinds."""
        if self.principal_kind not in bearers:
            raise self._refusal()

    def must_be_member(self, member: str) -> None:
        """Refuse any caller but this very member."""
        if self.principal_kind is not PrincipalKind.MEMBER or self.subject != member:
            raise self._refusal()

    def must_have(self, role: Role, province: str | None = None) -> None:
        """Refuse any caller but an officer of this role, or a program account that has it, who serves the province where one is named."""
        if not self.is_staff or role not in self.roles:
            raise self._refusal()
        if province is not None and province not in self.provinces:
            raise self._refusal()

    def must_have_one_of(self, roles: Collection[Role], province: str) -> None:
        """Refuse any caller but an officer of one of these roles who serves the province."""
        self.must_have(min(self.roles.intersection(roles), default=min(roles)), province)

    def must_be_program(self, *names: str) -> None:
        """Refuse any caller but our own programs, or but the named ones."""
        if self.principal_kind is not PrincipalKind.PROGRAM or (names and self.subject not in names):
            raise self._refusal()

    def must_be_confirmed(self, at: datetime, *, is_required: bool) -> None:
        """Refuse an officer whose session was not confirmed by a code lately; `is_required` also where there is no second factor."""
        if self.has_second_factor:
            self.must_be_confirmed_lately(at)
        elif is_required:
            raise Refused(Reason.SECOND_FACTOR_NEEDED)

    def must_be_confirmed_lately(self, at: datetime) -> None:
        """Refuse whoever has only an open session: it was not confirmed lately by the second factor or, where there is none, by the password."""
        if self.confirmed_at is None or at - self.confirmed_at > timedelta(seconds=CONFIRMED_SECONDS):
            raise Refused(Reason.CODE_NEEDED)

    def may_see(self, member: str, province: str) -> None:
        """Refuse any caller but the member, any officer of the member's province who is no auditor, and its program accounts."""
        is_member = self.principal_kind is PrincipalKind.MEMBER and self.subject == member
        is_office = self.is_staff and Role.AUDITOR not in self.roles
        if not (is_member or (is_office and province in self.provinces)):
            raise self._refusal()

    def _refusal(self) -> Refused:
        return Refused(Reason.NOT_SIGNED_IN if self.principal_kind is PrincipalKind.NOBODY else Reason.NOT_ALLOWED)


NOBODY = Passport(principal_kind=PrincipalKind.NOBODY, subject="")
