from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.contract import base
from shared.contract.operations.answers import Reads
from shared.contract.payment import answers as payment_answers
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, casework_answers, commands, queries
from shared.services import SERVICES
from tests.clients.admin.commands.desk.test_decisions import previews
from tests.clients.admin.examples import DECLARED, MEMBER, NAMES, OTHER, SETTLED, SUBMITTED
from tests.clients.admin.fake_server import Tamdid

AT = datetime(2026, 10, 7, 5, 30, tzinfo=UTC)
REZAS = casework_answers.Assignment(
    officer="officer:reza", until=AT + timedelta(hours=2), assigned_by="officer:reza", assigned_at=AT
)
HELD = Refused(Reason.HELD_BY_COLLEAGUE, {"officer": "officer:reza", "held_until": REZAS.until.isoformat()})
ACTS = [("claim", commands.ClaimRenewal), ("release", commands.ReleaseRenewal)]


@pytest.fixture
def desk(maryam: Tamdid) -> Tamdid:
    held = DECLARED.model_copy(update={"assignment": REZAS})
    other = DECLARED.model_copy(update={"member": OTHER})
    maryam.server.replies = {
        "renewal.preview_decisions": previews(m0123456=DECLARED, m0099001=Reason.HELD_BY_COLLEAGUE),
        "renewal.list_desk": answers.Desk(renewals=(SUBMITTED, other), total=2, overdue=0),
        "renewal.claim_renewal": held,
        "renewal.release_renewal": DECLARED,
        "renewal.hand_over_renewal": held,
        "renewal.write_case_note": base.Done(),
        "renewal.set_deputy": base.Done(),
        "renewal.remove_deputy": base.Done(),
        "auth.get_member_names": NAMES,
    }
    return maryam


@pytest.mark.parametrize(("act", "kind"), ACTS)
def test_one_member_is_claimed_or_released_at_once(desk: Tamdid, act: str, kind: type[Any]) -> None:
    assert desk("desk", act, "۰۱۲۳۴۵۶").exit_code == 0
    assert [(one.member, one.year) for one in desk.server.sent(kind)] == [(MEMBER, 1405)]


def test_a_hand_over_names_the_colleague_and_says_until_when(desk: Tamdid) -> None:
    result = desk("desk", "hand-over", MEMBER, "--to", "reza")
    assert "رضا کاشانی, until 1405/07/15 11:00" in result.stdout
    assert [one.officer for one in desk.server.sent(commands.HandOverRenewal)] == ["reza"]


def test_all_that_nobody_holds_is_previewed_without_what_a_colleague_has_taken_since(desk: Tamdid) -> None:
    result = desk("desk", "claim", "--all", "--holder", "nobody")
    assert result.exit_code == 1
    assert "would be claimed" in result.stdout
    assert "left out" in result.stdout
    assert [one.holder for one in desk.server.sent(queries.ListDesk)] == ["nobody"]
    assert [one.outcome for one in desk.server.sent(queries.PreviewDecisions)] == ["assigned"]
    assert desk.server.sent(commands.ClaimRenewal) == []


@pytest.mark.parametrize(
    "command",
    [("claim",), ("approve",), ("reject", "--reason", "اشتغال تمام‌وقت در استان دیگر")],
    ids=lambda one: one[0],
)
def test_a_refusal_names_the_colleague_by_full_name(desk: Tamdid, command: tuple[str, ...]) -> None:
    for method in ("claim_renewal", "approve_renewal", "reject_renewal"):
        desk.server.replies[f"renewal.{method}"] = HELD
    result = desk("desk", *command, MEMBER)
    assert result.exit_code == 1
    assert "رضا کاشانی" in result.stdout


def test_a_decision_goes_on_despite_the_holder_where_that_is_said(desk: Tamdid) -> None:
    desk.server.replies["renewal.approve_renewal"] = DECLARED
    for options in ((), ("--despite-holder",)):
        desk("desk", "approve", MEMBER, *options)
    assert [one.despite_holder for one in desk.server.sent(commands.ApproveRenewal)] == [False, True]
    assert [one.despite_holder for one in desk.server.sent(queries.PreviewDecisions)] == [False, True]


def test_the_list_shows_who_holds_what(desk: Tamdid) -> None:
    held = SUBMITTED.model_copy(update={"assignment": REZAS})
    desk.server.replies["renewal.list_desk"] = answers.Desk(renewals=(held,), total=1, overdue=0)
    assert "رضا کاشانی" in desk("desk", "list").stdout


def test_a_note_is_written(desk: Tamdid) -> None:
    assert desk("desk", "note", MEMBER, "تلفنی پرسیدم").exit_code == 0
    assert [one.text for one in desk.server.sent(commands.WriteCaseNote)] == ["تلفنی پرسیدم"]


def test_the_timeline_puts_events_money_and_notes_in_the_order_of_time(desk: Tamdid) -> None:
    assigned = {"kind": "RenewalAssigned", "at": AT, "by": "officer:maryam", "officer": "officer:reza"}
    submitted = {"kind": "DeclarationSubmitted", "at": AT - timedelta(days=1), "by": "member:0123456", "version": 2}
    noted = {"kind": "note", "at": SETTLED.issued_at - timedelta(minutes=1), "by": "officer:maryam", "text": "پرسیدم"}
    entries = casework_answers.Timeline.model_validate({"entries": [submitted, assigned, noted]})
    desk.server.replies |= {
        "renewal.get_timeline": entries,
        "payment.get_invoices": payment_answers.MemberInvoices(invoices=(SETTLED,)),
        "auth.list_reads": Refused(Reason.NOT_ALLOWED),
    }
    shown = desk("desk", "timeline", MEMBER).stdout
    for text in ("Declaration 2", "handed over", "رضا کاشانی", "پرسیدم", "invoice issued"):
        assert text in shown
    lines = desk.json("desk", "timeline", MEMBER)["entries"]
    assert [one["at"] for one in lines] == sorted(one["at"] for one in lines)
    desk.server.replies["payment.get_invoices"] = Refused(Reason.NO_ANSWER)
    assert len(desk.json("desk", "timeline", MEMBER)["entries"]) == 3


def test_an_auditor_reads_who_has_looked_at_the_member(desk: Tamdid) -> None:
    look = {"officer": "reza", "roles": ("manager",), "member": MEMBER, "message": "GetRenewal", "at": AT}
    reads = Reads.model_validate({"reads": [{**look, "year": 1405}, {**look, "year": 1404}], "total": 2})
    none = Reads(reads=(), total=0)
    desk.server.replies |= {f"{service}.list_reads": none for service in SERVICES} | {
        "renewal.list_reads": reads,
        "renewal.get_timeline": casework_answers.Timeline(entries=()),
        "payment.get_invoices": Refused(Reason.NOT_ALLOWED),
    }
    [line] = desk.json("desk", "timeline", MEMBER)["entries"]
    assert (line["kind"], line["by"], line["note"]) == ("read", "رضا کاشانی", "renewal")


def test_a_deputy_is_named_with_jalali_days(desk: Tamdid) -> None:
    result = desk("desk", "deputy", "reza", "--from", "۱۴۰۵/۰۷/۱۵", "--to", "1405/07/20")
    assert "reza stands in for maryam." in result.stdout
    [sent] = desk.server.sent(commands.SetDeputy)
    assert (sent.officer, sent.from_on, sent.to_on) == ("maryam", date(2026, 10, 7), date(2026, 10, 12))
    desk("desk", "remove-deputy", "--of", "reza")
    assert [one.officer for one in desk.server.sent(commands.RemoveDeputy)] == ["reza"]


def test_colleagues_are_listed_with_their_deputies(desk: Tamdid) -> None:
    deputy = casework_answers.Deputy(
        officer="reza", deputy="maryam", from_on=date(2026, 10, 7), to_on=date(2026, 10, 12)
    )
    colleagues = casework_answers.Colleagues(officers=("maryam", "reza"), deputies=(deputy,))
    desk.server.replies["renewal.list_colleagues"] = colleagues
    shown = desk("desk", "colleagues").stdout
    for text in ("مریم تهرانی", "رضا کاشانی", "1405/07/15", "1405/07/20"):
        assert text in shown
