import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from clients.admin.transport.client import InternalError
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, queries
from tests.clients.admin.examples import APPROVED, DECLARED, MEMBER, NAMES, OTHER, SUBMITTED
from tests.clients.admin.fake_server import MARYAM, Tamdid

REASON = "مدرک اشتغال خوانا نیست."


def previews(**by_member: answers.Renewal | Reason) -> Callable[[Any], answers.DecisionPreviews]:
    """What the service would do with these: refused for a reason, or by the status of a renewal."""

    def preview(query: queries.PreviewDecisions) -> answers.DecisionPreviews:
        return answers.DecisionPreviews(previews=tuple(map(one, query.renewals)))

    def one(key: queries.RenewalKey) -> answers.DecisionPreview:
        found = by_member[f"m{key.member}"]
        if isinstance(found, Reason):
            return answers.DecisionPreview(member=key.member, year=key.year, refusal=found)
        refusal = {"submitted": "", "approved": Reason.ALREADY_DECIDED, "rejected": Reason.ALREADY_DECIDED}
        return answers.DecisionPreview(
            member=key.member,
            year=key.year,
            refusal=refusal.get(found.status, Reason.NOT_SUBMITTED),
            status=found.status,
            declaration_version=len(found.declarations),
        )

    return preview


def renewals(**by_member: answers.Renewal | Exception) -> Callable[[Any], answers.MemberRenewal]:
    def find(query: queries.GetRenewal) -> answers.MemberRenewal:
        renewal = by_member[f"m{query.member}"]
        if isinstance(renewal, Exception):
            raise renewal
        return answers.MemberRenewal(current_year=1405, renewal=renewal)

    return find


@pytest.fixture
def desk(maryam: Tamdid) -> Tamdid:
    other = DECLARED.model_copy(update={"member": OTHER})
    maryam.server.replies = {
        "renewal.get_renewal": renewals(m0123456=DECLARED, m0099001=other),
        "renewal.list_desk": answers.Desk(renewals=(SUBMITTED,), total=51, overdue=1),
        "renewal.preview_decisions": previews(m0123456=DECLARED, m0099001=other),
        "renewal.approve_renewal": APPROVED,
        "renewal.return_renewal": DECLARED,
        "renewal.reject_renewal": DECLARED,
        "auth.get_member_names": NAMES,
    }
    return maryam


def test_the_desk_shows_who_waits_and_whose_promise_is_broken(desk: Tamdid) -> None:
    result = desk("desk", "list")
    assert result.exit_code == 0, result.output
    assert "1405/07/15 09:00" in result.stdout
    assert "1405/07/15 13:00 (overdue)" in result.stdout
    assert "زهرا رضایی" in result.stdout
    assert "1 of 51, 1 overdue" in result.stdout


def test_the_desk_speaks_persian_to_a_persian_reader(desk: Tamdid) -> None:
    result = desk("--language", "fa", "desk", "list")
    assert "۱۴۰۵/۰۷/۱۵ ۰۹:۰۰" in result.stdout
    assert "پایه ۲" in result.stdout
    assert "اصفهان" in result.stdout
    assert "۱ از ۵۱؛ دیر شده: ۱" in result.stdout


def test_the_locale_says_who_reads_persian(desk: Tamdid) -> None:
    assert "دیر شده" in desk("desk", "list", LANG="fa_IR.UTF-8").stdout


def test_the_desk_of_every_province_served_comes_in_order_of_promise(desk: Tamdid) -> None:
    passport = MARYAM.passport.model_copy(update={"provinces": frozenset({"yazd", "isfahan"})})
    desk.sign_in(MARYAM.model_copy(update={"passport": passport}))
    earlier = datetime(2026, 10, 7, 4, 0, tzinfo=UTC)
    in_yazd = SUBMITTED.model_copy(update={"member": OTHER, "province": "yazd", "review_due_at": earlier})
    desk.server.replies["renewal.list_desk"] = lambda query: answers.Desk(
        renewals=(in_yazd if query.province == "yazd" else SUBMITTED,), total=1, overdue=1
    )
    document = desk.json("desk", "list")
    assert [renewal["member"] for renewal in document["renewals"]] == [OTHER, MEMBER]
    assert document["total"] == 2


def test_a_province_may_be_named_in_persian_with_arabic_letters(desk: Tamdid) -> None:
    desk("desk", "list", "--province", "سيستان و بلوچستان", "--status", "returned", "--limit", "۱۰")
    (query,) = desk.server.sent(queries.ListDesk)
    assert (query.province, query.status, query.limit) == ("sistanbaluchestan", "returned", 10)


def test_names_cannot_take_over_the_terminal(desk: Tamdid) -> None:
    desk.server.replies["renewal.list_desk"] = answers.Desk(
        renewals=(SUBMITTED.model_copy(update={"member": OTHER}),), total=1, overdue=0
    )
    result = desk("desk", "list")
    assert r"[bold]Reza[/] \u001b[31mAhmadi" in result.stdout
    assert "\x1b" not in result.stdout


def test_json_cannot_take_over_the_terminal_and_says_the_same(desk: Tamdid) -> None:
    text = "نشانی \x1b[31m \x9b2J \u202eکامل نیست\x7f"
    decision = DECLARED.decisions[0].model_copy(update={"reason": text})
    declared = DECLARED.model_copy(update={"decisions": (decision,)})
    desk.server.replies["renewal.get_renewal"] = renewals(m0123456=declared)
    shown = desk("desk", "show", MEMBER, "--json").stdout
    assert not set(shown) & {"\x1b", "\x9b", "\u202e", "\x7f"}
    assert json.loads(shown)["decisions"][0]["reason"] == text


@pytest.mark.parametrize("reason", ["\udcd8\udcaf" * 10, "\u200f" * 20, " " * 20])
def test_a_reason_of_broken_or_invisible_characters_is_not_sent(desk: Tamdid, reason: str) -> None:
    assert desk("desk", "return", MEMBER, "--reason", reason).exit_code != 0
    assert not desk.server.sent(commands.ReturnRenewal)


def test_a_renewal_is_shown_with_its_jobs_and_decisions(desk: Tamdid) -> None:
    result = desk("desk", "show", "۰۱۲۳۴۵۶")
    for text in ("TM-1405-7K2Q", "mine technical manager", "معدن سنگ آهن", "نشانی کامل نیست", "1405/12/29"):
        assert text in result.stdout


def test_one_member_is_approved_at_once_as_last_declared(desk: Tamdid) -> None:
    result = desk("desk", "approve", "۰۱۲۳۴۵۶")
    assert result.exit_code == 0, result.output
    (command,) = desk.server.sent(commands.ApproveRenewal)
    assert (command.member, command.year, command.declaration_version) == (MEMBER, 1405, 2)


def test_an_approval_may_insist_on_the_version_that_was_read(desk: Tamdid) -> None:
    desk("desk", "approve", MEMBER, "--declaration", "1")
    (command,) = desk.server.sent(commands.ApproveRenewal)
    assert command.declaration_version == 1


def test_several_members_are_a_dry_run_by_default(desk: Tamdid) -> None:
    result = desk("desk", "approve", MEMBER, OTHER)
    assert result.exit_code == 0
    assert result.stdout.count("would be approved") == 2 + 1  # a row of each, and their count
    assert "would be approved: 2" in result.stdout
    assert "Repeat with --apply." in result.stderr
    assert desk.server.sent(commands.ApproveRenewal) == []


def test_a_refusal_of_one_does_not_stop_the_others(desk: Tamdid) -> None:
    desk.server.replies["renewal.preview_decisions"] = previews(
        m111=Reason.NOT_REQUESTED, m0123456=DECLARED, m222=SUBMITTED
    )
    document = desk.json("desk", "approve", "111", MEMBER, "222", "--apply", exit_code=1)
    assert document["dry_run"] is False
    assert [(row["member"], row["outcome"]) for row in document["results"]] == [
        ("111", "refused"),
        (MEMBER, "approved"),
        ("222", "refused"),
    ]
    assert document["results"][0]["refused"] == "not_requested"
    assert document["results"][1]["answer"]["status"] == "approved"
    assert document["results"][2]["refused"] == "not_submitted"


def test_a_failure_of_one_does_not_stop_the_others(desk: Tamdid) -> None:
    def approve(command: commands.ApproveRenewal) -> answers.Renewal:
        if command.member == OTHER:
            raise InternalError("HTTP 500", "c-1")
        return APPROVED

    desk.server.replies["renewal.approve_renewal"] = approve
    result = desk("desk", "approve", OTHER, MEMBER, "--apply")
    assert result.exit_code == 4
    assert "HTTP 500 (c-1)" in result.stdout
    assert len(desk.server.sent(commands.ApproveRenewal)) == 2


def test_when_nothing_answers_the_rest_is_not_tried(desk: Tamdid) -> None:
    third = previews(m0123456=DECLARED, m0099001=DECLARED, m333=DECLARED)
    desk.server.replies |= {
        "renewal.preview_decisions": third,
        "renewal.approve_renewal": Refused(Reason.NO_ANSWER),
    }
    document = desk.json("desk", "approve", MEMBER, OTHER, "333", "--apply", exit_code=3)
    assert [row["outcome"] for row in document["results"]] == ["refused", "not_tried", "not_tried"]


def test_the_same_member_twice_is_approved_once(desk: Tamdid) -> None:
    desk("desk", "approve", MEMBER, "۰۱۲۳۴۵۶", "--apply")
    assert len(desk.server.sent(commands.ApproveRenewal)) == 1


@pytest.mark.parametrize(("word", "kind"), [("return", commands.ReturnRenewal), ("reject", commands.RejectRenewal)])
def test_a_no_carries_its_reason(desk: Tamdid, word: str, kind: type[Any]) -> None:
    assert desk("desk", word, MEMBER, "--reason", REASON, "--year", "۱۴۰۴").exit_code == 0
    (command,) = desk.server.sent(kind)
    assert (command.member, command.year, command.reason) == (MEMBER, 1404, REASON)


@pytest.mark.parametrize("word", ["return", "reject"])
def test_a_no_for_many_is_a_dry_run_first(desk: Tamdid, word: str) -> None:
    assert desk("desk", word, MEMBER, OTHER, "--reason", REASON).exit_code == 0
    assert desk.server.sent(commands.ReturnRenewal) == desk.server.sent(commands.RejectRenewal) == []


def test_a_reason_too_short_is_wrong_usage(desk: Tamdid) -> None:
    result = desk("desk", "return", MEMBER, "--reason", "   no.   ")
    assert result.exit_code == 2
    assert "Give a reason of at least 10 characters." in result.stderr
    assert desk.server.messages == []


@pytest.mark.parametrize(
    "arguments",
    [
        "desk approve 12",
        "desk approve 0123456 --year 2026",
        "desk list --province narnia",
        "desk list --limit 0",
        "desk",
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(desk: Tamdid, arguments: str) -> None:
    assert desk(*arguments.split()).exit_code == 2
    assert desk.server.messages == []


def test_the_default_year_is_tehrans_also_a_minute_before_a_leap_year_ends(desk: Tamdid) -> None:
    desk.now = datetime(2025, 3, 20, 20, 29, tzinfo=UTC)  # 30 Esfand 1403, 23:59 in Tehran
    desk("desk", "show", MEMBER)
    desk.now = datetime(2025, 3, 20, 20, 30, tzinfo=UTC)
    desk("desk", "show", MEMBER)
    assert [query.year for query in desk.server.sent(queries.GetRenewal)] == [1403, 1404]


def test_a_server_that_fails_names_the_correlation_id_to_find_it_by(desk: Tamdid) -> None:
    desk.server.replies["renewal.list_desk"] = InternalError("KeyError in list_desk", "c-9")
    result = desk("desk", "list", "--json")
    assert result.exit_code == 4
    assert '"correlation_id": "c-9"' in result.stdout
    assert "to be found as c-9" in result.stderr


def test_a_refusal_is_printed_in_the_readers_language_and_as_json(desk: Tamdid) -> None:
    desk.server.replies["renewal.list_desk"] = Refused(Reason.NOT_ALLOWED, {"role": "manager"})
    result = desk("--language", "fa", "desk", "list", "--json")
    assert result.exit_code == 1
    assert '"refused": "not_allowed"' in result.stdout
    assert "اجازهٔ این کار را ندارید." in result.stderr
    assert "role: manager" in result.stderr


def test_the_history_names_people(desk: Tamdid) -> None:
    output = desk("desk", "show", MEMBER).stdout
    assert "مریم تهرانی" in output
    assert "officer:" not in output
    desk.server.replies["auth.get_officer_names"] = Refused(Reason.NO_ANSWER)
    assert "maryam" in desk("desk", "show", MEMBER).stdout


def test_a_decision_that_came_too_late_names_the_one_before(desk: Tamdid) -> None:
    approved = DECLARED.decisions[0].model_copy(update={"outcome": "approved", "reason": ""})
    there = APPROVED.model_copy(update={"decisions": (approved,)})
    desk.server.replies |= {
        "renewal.get_renewal": renewals(m0123456=there),
        "renewal.reject_renewal": Refused(Reason.ALREADY_DECIDED),
    }
    result = desk("desk", "reject", MEMBER, "--reason", REASON)
    assert result.exit_code == 1
    assert "decided: approved, مریم تهرانی, 1405/07/15 08:45" in result.stdout


def test_an_approval_may_waive_amounts_of_years_with_a_reason(desk: Tamdid) -> None:
    waived = ("--waive", "1404:۲٬۰۰۰٬۰۰۰", "--waive", "1405:500000", "--reason", REASON)
    assert "1404: 2,000,000" in desk("desk", "approve", MEMBER, *waived, "--dry-run").stdout
    assert desk.server.sent(commands.ApproveRenewal) == []
    assert desk("desk", "approve", MEMBER, *waived).exit_code == 0
    (sent,) = desk.server.sent(commands.ApproveRenewal)
    assert [(one.year, one.amount_rials) for one in sent.waivers] == [(1404, 2_000_000), (1405, 500_000)]
    assert sent.reason == REASON


@pytest.mark.parametrize(
    "arguments",
    [
        (MEMBER, "--waive", "1404:2000000"),
        (MEMBER, "--reason", REASON),
        (MEMBER, "--waive", "1404", "--reason", REASON),
        (MEMBER, "--waive", "1404:0", "--reason", REASON),
        (MEMBER, "--waive", "4:1000", "--reason", REASON),
        (MEMBER, "--waive", "1404:1000", "--reason", "short"),
        (MEMBER, OTHER, "--waive", "1404:1000", "--reason", REASON, "--apply"),
    ],
)
def test_a_waiver_that_is_not_whole_approves_nothing(desk: Tamdid, arguments: tuple[str, ...]) -> None:
    assert desk("desk", "approve", *arguments).exit_code == 2
    assert desk.server.sent(commands.ApproveRenewal) == []
