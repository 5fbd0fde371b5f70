"""Decisions on many renewals: a dry run that asks the service, all that the filters leave, and returns by field."""

from pathlib import Path
from typing import Any

import pytest

from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, queries
from shared.contract.renewal.correction import DeclarationField, FieldFault, FieldToCorrect
from tests.clients.admin.commands.desk.test_decisions import REASON, desk, previews, renewals
from tests.clients.admin.examples import APPROVED, DECLARED, MEMBER, OTHER, SUBMITTED
from tests.clients.admin.fake_server import Tamdid

__all__ = ["desk"]
LAST_YEARS = SUBMITTED.model_copy(update={"member": OTHER, "year": 1404})


@pytest.mark.parametrize("status", ["requested", "returned", "approved", "rejected", "withdrawn"])
@pytest.mark.parametrize("words", [("approve",), ("return", "--reason", REASON), ("reject", "--reason", REASON)])
def test_a_dry_run_leaves_out_what_the_service_would_refuse(desk: Tamdid, status: str, words: tuple[str, ...]) -> None:
    there = DECLARED.model_copy(update={"status": status, "member": OTHER})
    desk.server.replies["renewal.preview_decisions"] = previews(m0123456=DECLARED, m0099001=there)
    desk.server.replies["renewal.get_renewal"] = renewals(m0099001=there)
    document = desk.json("desk", words[0], MEMBER, OTHER, *words[1:], exit_code=1)
    outcomes = {row["member"]: row["outcome"] for row in document["results"]}
    assert outcomes[MEMBER].startswith("would_be_")
    assert outcomes[OTHER] == "left_out"
    assert document["results"][1]["refused"] in ("already_decided", "not_submitted")
    (query,) = desk.server.sent(queries.PreviewDecisions)
    assert query.outcome == {"approve": "approved", "return": "returned", "reject": "rejected"}[words[0]]


def test_a_dry_run_says_who_decided_what_and_when(desk: Tamdid) -> None:
    rejected = DECLARED.decisions[0].model_copy(update={"outcome": "rejected"})
    there = DECLARED.model_copy(update={"status": "rejected", "decisions": (rejected,)})
    desk.server.replies["renewal.preview_decisions"] = previews(m0123456=there)
    desk.server.replies["renewal.get_renewal"] = renewals(m0123456=there)
    output = desk("--language", "fa", "desk", "approve", MEMBER, "--dry-run").stdout
    assert "تأیید می‌شود" not in output
    assert "کنار گذاشته می‌شود" in output
    assert "ردشده, مریم تهرانی, ۱۴۰۵/۰۷/۱۵ ۰۸:۴۵" in output


def test_a_dry_run_of_a_version_that_is_no_longer_the_newest_leaves_it_out(desk: Tamdid) -> None:
    document = desk.json("desk", "approve", MEMBER, "--declaration", "1", "--dry-run", exit_code=1)
    assert document["results"][0]["outcome"] == "left_out"
    assert document["results"][0]["refused"] == "conflict"


def test_a_dry_run_refuses_whoever_may_not_decide(desk: Tamdid) -> None:
    desk.server.replies["renewal.preview_decisions"] = Refused(Reason.NOT_ALLOWED)
    assert desk.json("desk", "approve", MEMBER, "--dry-run", exit_code=1)["refused"] == "not_allowed"
    desk.server.replies["renewal.preview_decisions"] = previews(m0123456=Reason.NOT_ALLOWED)
    document = desk.json("desk", "approve", MEMBER, "--dry-run", exit_code=1)
    assert document["results"][0]["refused"] == "not_allowed"


@pytest.fixture
def filtered(desk: Tamdid) -> Tamdid:
    """The desk with two renewals that match, one of them of an earlier year."""
    desk.server.replies["renewal.list_desk"] = answers.Desk(renewals=(SUBMITTED, LAST_YEARS), total=2, overdue=0)
    return desk


def test_all_that_the_filters_leave_is_a_dry_run_first(filtered: Tamdid) -> None:
    document = filtered.json("desk", "approve", "--all", "--change", "same", "--flag", "none", "--debt", "none")
    assert document["dry_run"] is True
    assert [(row["member"], row["year"]) for row in document["results"]] == [(MEMBER, 1405), (OTHER, 1404)]
    (listed,) = filtered.server.sent(queries.ListDesk)
    expected = {"province": "isfahan", "change": "same", "flag": "none", "debt": "none", "limit": 200}
    assert listed == queries.ListDesk.model_validate(expected)
    assert filtered.server.sent(commands.ApproveRenewal) == []


def test_a_single_match_of_the_filters_is_a_dry_run_too(desk: Tamdid) -> None:
    desk.server.replies["renewal.list_desk"] = answers.Desk(renewals=(SUBMITTED,), total=1, overdue=0)
    assert desk.json("desk", "approve", "--all")["dry_run"] is True


KINDS = {"approve": commands.ApproveRenewal, "reject": commands.RejectRenewal, "return": commands.ReturnRenewal}


@pytest.mark.parametrize("word", sorted(KINDS))
def test_all_that_the_preview_has_shown_are_decided_in_the_versions_shown_and_nothing_else(
    filtered: Tamdid, tmp_path: Path, word: str
) -> None:
    kind: type[Any] = KINDS[word]
    file = tmp_path / "shown.json"
    words = ["desk", word, "--all", "--change", "same", "--preview", str(file)]
    words += [] if word == "approve" else ["--reason", REASON]
    there = DECLARED.model_copy(update={"member": OTHER, "status": "returned"})
    filtered.server.replies["renewal.preview_decisions"] = previews(m0123456=DECLARED, m0099001=there)
    filtered.json(*words, exit_code=1)
    assert file.stat().st_mode & 0o777 == 0o600
    late = SUBMITTED.model_copy(update={"member": "0055555"})
    filtered.server.replies["renewal.list_desk"] = answers.Desk(renewals=(late,), total=1, overdue=0)
    assert filtered(*words, "--apply").exit_code == 0
    assert [(one.member, one.year, one.declaration_version) for one in filtered.server.sent(kind)] == [
        (MEMBER, 1405, 2)
    ]


def test_what_was_previewed_is_of_the_same_decision_and_list(filtered: Tamdid, tmp_path: Path) -> None:
    file = tmp_path / "shown.json"
    filtered("desk", "approve", "--all", "--flag", "none", "--preview", str(file))
    for words in (
        "approve --all",
        "approve --all --flag any",
        "approve --all --flag none --year 1404",
        f"reject --all --flag none --reason {REASON.replace(' ', '_')}",
    ):
        result = filtered("desk", *words.split(), "--apply", "--preview", str(file))
        assert result.exit_code == 2, words
        assert "shown.json" in result.output
    file.write_text("{}")
    assert filtered("desk", "approve", "--all", "--apply", "--preview", str(file)).exit_code == 2
    assert filtered("desk", "approve", "--all", "--apply", "--preview", str(tmp_path / "none")).exit_code == 2
    assert filtered("desk", "approve", "--all", "--preview", str(tmp_path / "none" / "x")).exit_code == 2
    assert filtered.server.sent(commands.ApproveRenewal) == []


def test_all_are_approved_in_the_versions_that_the_service_has_named(filtered: Tamdid, tmp_path: Path) -> None:
    file = str(tmp_path / "shown.json")
    filtered("desk", "approve", "--all", "--preview", file)
    result = filtered("desk", "approve", "--all", "--preview", file, "--apply")
    assert result.exit_code == 0, result.output
    sent = filtered.server.sent(commands.ApproveRenewal)
    assert [(one.member, one.year, one.declaration_version) for one in sent] == [(MEMBER, 1405, 2), (OTHER, 1404, 2)]
    assert len(filtered.server.sent(queries.PreviewDecisions)) == 1
    assert "approved: 2" in result.stdout


def test_all_may_be_of_one_year(filtered: Tamdid) -> None:
    document = filtered.json("desk", "return", "--all", "--year", "1404", "--reason", REASON)
    assert [(row["member"], row["outcome"]) for row in document["results"]] == [(OTHER, "would_be_returned")]


def test_where_nothing_matches_nothing_is_done(desk: Tamdid) -> None:
    desk.server.replies["renewal.list_desk"] = answers.Desk(renewals=(), total=0, overdue=0)
    result = desk("desk", "reject", "--all", "--reason", REASON)
    assert result.exit_code == 0
    assert "Nothing matches." in result.stdout


def test_more_than_a_page_is_previewed_page_by_page(desk: Tamdid) -> None:
    members = [f"{number:07}" for number in range(450)]
    rows = [SUBMITTED.model_copy(update={"member": member}) for member in members]
    desk.server.replies["renewal.list_desk"] = lambda query: answers.Desk(
        renewals=tuple(rows[query.offset : query.offset + query.limit]), total=len(rows), overdue=0
    )
    desk.server.replies["renewal.preview_decisions"] = previews(**{f"m{member}": DECLARED for member in members})
    document = desk.json("desk", "approve", "--all")
    assert [row["member"] for row in document["results"]] == members
    assert [len(query.renewals) for query in desk.server.sent(queries.PreviewDecisions)] == [200, 200, 50]


@pytest.mark.parametrize(
    "arguments",
    [
        "desk approve",
        f"desk approve {MEMBER} --all",
        f"desk approve {MEMBER} --change same",
        f"desk approve {MEMBER} --province isfahan",
        f"desk approve --all --waive 1404:1000 --reason {REASON.replace(' ', '_')}",
        "desk return --all",
        "desk approve --all --apply",
        f"desk approve {MEMBER} --preview shown.json",
        f"desk return {MEMBER} --field narnia=wrong",
        f"desk return {MEMBER} --field mobile=narnia",
        f"desk return {MEMBER} --field mobile=other",
        f"desk return {MEMBER} --field mobile=wrong --field mobile=outdated",
        f"desk return {MEMBER} --field mobile=wrong:{'a' * 501}",
        "payments confirm",
        f"payments confirm {MEMBER} --province isfahan",
    ],
)
def test_what_does_not_go_together_is_wrong_usage(filtered: Tamdid, arguments: str) -> None:
    assert filtered(*arguments.split()).exit_code == 2
    assert not [one for one in filtered.server.messages if not isinstance(one, queries.ListDesk)]


def test_a_return_names_fields_with_what_is_wrong(desk: Tamdid) -> None:
    fields = ("--field", "mobile=outdated", "--field", "employment.from_on=دلیل دیگر:تاریخ حکم: ۱۴۰۴")
    dry = desk("desk", "return", MEMBER, *fields, "--dry-run").stdout
    assert "mobile: outdated" in dry
    assert "حکم" not in dry
    assert desk("desk", "return", MEMBER, *fields).exit_code == 0
    (sent,) = desk.server.sent(commands.ReturnRenewal)
    assert sent.reason == ""
    assert sent.fields == (
        FieldToCorrect(field=DeclarationField.MOBILE, fault=FieldFault.OUTDATED),
        FieldToCorrect(field=DeclarationField.EMPLOYMENT_FROM_ON, fault=FieldFault.OTHER, note="تاریخ حکم: ۱۴۰۴"),
    )


def test_an_approved_renewal_is_not_refused_when_it_is_approved_again(desk: Tamdid) -> None:
    approved = DECLARED.model_copy(update={"status": "approved"})
    desk.server.replies["renewal.preview_decisions"] = previews(m0123456=approved)
    desk.server.replies["renewal.approve_renewal"] = APPROVED
    assert desk.json("desk", "approve", MEMBER)["results"][0]["outcome"] == "approved"
