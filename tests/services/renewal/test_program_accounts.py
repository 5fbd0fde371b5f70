"""What a program account does on the desk: what its scopes and provinces allow, nothing about money, and nothing against a colleague."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert

from services.renewal.casework import assignments
from services.renewal.service import RenewalService
from services.renewal.tables import DECLARATIONS, DRAFTS
from shared import recorded_reads
from shared.contract.base import Message
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, queries
from shared.contract.values import Role
from shared.policies.scopes import SCOPES
from tests.services.renewal import samples as s
from tests.services.renewal.renewals.test_mine_claims import FIRST, ISFAHAN, MINE, SECOND, call, claim

PROGRAM = Passport(
    principal_kind=PrincipalKind.PROGRAM_ACCOUNT,
    subject="desk-helper",
    roles=frozenset({Role.MANAGER}),
    provinces=frozenset({"isfahan"}),
    scopes=frozenset(SCOPES),
)
WAIVERS = {"waivers": ({"year": s.YEAR, "amount_rials": 1000},), "reason": "بخشودگی سال گذشته"}


@pytest.fixture
def desk(service: RenewalService) -> RenewalService:
    """One submitted renewal of the account's province and one of another."""
    claim(service, FIRST)
    claim(service, SECOND, MINE.model_copy(update={"cadastre_code": "K-7"}), province="yazd")
    for member in (FIRST, SECOND):
        row = {"member": member, "year": s.YEAR, "version": 1, "submitted_at": s.AT, "form": s.FORM.model_dump_json()}
        service.records.write(lambda connection, row=row: connection.execute(insert(DECLARATIONS).values(row)).close())  # type: ignore[misc]
    return service


def command(kind: type[Any], member: str = FIRST, **more: Any) -> Any:
    stamps = {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(hours=1), "year": s.YEAR, "member": member}
    return kind.model_validate({**stamps, **more})


def approve(**more: Any) -> Any:
    return command(commands.ApproveRenewal, **{"declaration_version": 1, **more})


def refusal(service: RenewalService, message: Message[Any], caller: Passport = PROGRAM) -> Reason:
    with pytest.raises(Refused) as refused:
        call(service, caller, message)
    return refused.value.reason


def test_it_approves_in_its_own_name(desk: RenewalService) -> None:
    assert call(desk, PROGRAM, approve()).status == "approved"
    timeline = call(desk, PROGRAM, queries.GetTimeline(member=FIRST, year=s.YEAR))
    assert timeline.entries[-1].by == "program:desk-helper"


REFUSED: dict[str, Callable[[], Message[Any]]] = {
    "a renewal of another province": lambda: approve(member=SECOND),
    "a return in another province": lambda: command(
        commands.ReturnRenewal, member=SECOND, reason="مدارک پیوست ناقص است"
    ),
    "another province's desk": lambda: queries.ListDesk(province="yazd"),
    "another province's declaration": lambda: queries.GetRenewal(member=SECOND, year=s.YEAR),
    "another province's timeline": lambda: queries.GetTimeline(member=SECOND, year=s.YEAR),
    "a waiver": lambda: approve(**WAIVERS),
    "an approval over a colleague": lambda: approve(despite_holder=True),
    "a return over a colleague": lambda: command(
        commands.ReturnRenewal, reason="مدارک پیوست ناقص است", despite_holder=True
    ),
    "a preview over a colleague": lambda: queries.PreviewDecisions.model_validate(
        {"outcome": "approved", "renewals": [{"member": FIRST, "year": s.YEAR}], "despite_holder": True}
    ),
    "a rejection, for which there is no scope": lambda: command(
        commands.RejectRenewal, reason="مدارک پیوست نادرست است"
    ),
    "a claim, for which there is no scope": lambda: command(commands.ClaimRenewal),
    "an amendment, for which there is no scope": lambda: queries.ListPolicyActs(year=s.YEAR),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_with_all_scopes_it_is_refused(desk: RenewalService, name: str) -> None:
    assert refusal(desk, REFUSED[name]()) is Reason.NOT_ALLOWED


def test_what_is_refused_to_it_alone_a_manager_may(desk: RenewalService) -> None:
    assert call(desk, ISFAHAN, approve(despite_holder=True)).status == "approved"


@pytest.mark.parametrize("held", sorted({"", *SCOPES} - {"desk:approve"}))
def test_no_other_scope_approves(desk: RenewalService, held: str) -> None:
    with pytest.raises(Refused) as refused:
        call(desk, PROGRAM.model_copy(update={"scopes": frozenset({held})}), approve())
    assert (refused.value.reason, refused.value.details) == (Reason.NOT_ALLOWED, {"scope": "desk:approve"})


def test_a_scope_is_refused_before_the_payload_is_looked_at(desk: RenewalService) -> None:
    desk.caller = PROGRAM.model_copy(update={"scopes": frozenset({"capacity:read"})})
    with pytest.raises(Refused) as refused:
        desk.approve_renewal({"member": ["no number"]})
    assert refused.value.reason is Reason.NOT_ALLOWED


def test_what_a_colleague_holds_stays_the_colleagues(desk: RenewalService) -> None:
    at = datetime.now(UTC)
    held = {"id": uuid4(), "deadline": at, "at": at, "actor": ISFAHAN.actor, "member": FIRST, "year": s.YEAR}
    assignments.handle(desk.records, desk.office_rule, commands.ClaimRenewal.model_validate(held))
    assert refusal(desk, approve()) is Reason.HELD_BY_COLLEAGUE
    assert refusal(desk, approve(despite_holder=True)) is Reason.NOT_ALLOWED


def test_what_it_reads_is_recorded_under_its_name(desk: RenewalService) -> None:
    call(desk, PROGRAM, queries.GetRenewal(member=FIRST, year=s.YEAR))
    with desk.records.read() as connection:
        rows = connection.execute(recorded_reads.READS.select()).mappings().all()
    assert [(row["officer"], row["member"], row["message"]) for row in rows] == [
        ("program:desk-helper", FIRST, "GetRenewal")
    ]


def test_a_draft_is_read_by_its_member_alone(desk: RenewalService) -> None:
    row = {"member": FIRST, "year": s.YEAR, "fields": '{"city": "کاشان"}', "kept_at": s.AT}
    desk.records.write(lambda connection: connection.execute(insert(DRAFTS).values(row)).close())
    member = Passport(principal_kind=PrincipalKind.MEMBER, subject=FIRST)
    query = queries.GetRenewal(member=FIRST, year=s.YEAR)
    found = [call(desk, caller, query).draft for caller in (member, ISFAHAN, PROGRAM)]
    assert [draft and draft.fields for draft in found] == [{"city": "کاشان"}, None, None]
