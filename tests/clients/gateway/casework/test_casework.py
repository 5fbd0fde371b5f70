"""Claim, hand-over, conflict, timeline and deputies on the pages of the desk."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.contract.operations.answers import Read
from shared.contract.payment.queries import GetInvoices
from shared.contract.refusals import Reason
from shared.contract.renewal import casework_answers, commands, queries
from tests.clients.gateway import fake_services, pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

REVIEW = "/desk/0012345/1405"
UNTIL = samples.NOW + timedelta(hours=2)
HELD = {"officer": "officer:sara", "held_until": UNTIL.isoformat()}
REASON = "تصویر قرارداد خوانا نیست"


def assignment(officer: str, *, is_mine: bool) -> casework_answers.Assignment:
    by = f"officer:{officer}"
    return casework_answers.Assignment(
        officer=by, until=UNTIL, assigned_by=by, assigned_at=samples.NOW, is_mine=is_mine
    )


MINE, SARAS = assignment("maryam", is_mine=True), assignment("sara", is_mine=False)


@pytest.fixture(autouse=True)
def on_the_desk(services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted")


def test_looking_claims_nothing_and_a_button_does(manager: FlaskClient, services: FakeServices) -> None:
    page = manager.get(REVIEW).text
    assert "در دست کسی نیست" in page
    assert services.sent(commands.ClaimRenewal) == []
    answer = pages.send(manager, f"{REVIEW}/claim?province=isfahan&row=3", {}, page=REVIEW)
    assert answer.location == f"{REVIEW}?province=isfahan&row=3"
    assert len(services.sent(commands.ClaimRenewal)) == 1


def test_the_review_says_who_holds_it_until_when(manager: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted", assignment=SARAS)
    page = manager.get(REVIEW).text
    assert "در دست سارا یزدی</span> تا" in page
    assert "در دست بگیرید" not in page
    services.renewal = samples.renewal("submitted", assignment=MINE)
    page = manager.get(REVIEW).text
    assert "در دست شما</span> تا" in page
    assert "رها کنید" in page


def test_a_claim_that_comes_second_says_who_was_first(manager: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.ClaimRenewal, Reason.HELD_BY_COLLEAGUE, HELD)
    answer = pages.send(manager, f"{REVIEW}/claim", {}, page=REVIEW)
    assert "سارا یزدی این درخواست را تا" in manager.get(answer.location).text


def test_a_request_is_handed_over_to_a_colleague(manager: FlaskClient, services: FakeServices) -> None:
    page = manager.get(f"{REVIEW}/hand-over").text
    assert '<option value="sara">سارا یزدی</option>' in page
    assert 'value="maryam"' not in page
    assert pages.send(manager, f"{REVIEW}/hand-over", {"officer": ""}).status_code == 422
    assert pages.send(manager, f"{REVIEW}/hand-over", {"officer": "sara"}).status_code == 303
    assert [one.officer for one in services.sent(commands.HandOverRenewal)] == ["sara"]


def test_who_is_no_manager_here_is_refused_at_the_colleague(manager: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.HandOverRenewal, Reason.NOT_A_COLLEAGUE)
    answer = pages.send(manager, f"{REVIEW}/hand-over", {"officer": "reza"})
    assert answer.status_code == 422
    assert '<a href="#officer">این همکار مدیر پورتال این استان نیست.</a>' in answer.text


@pytest.mark.parametrize(
    ("decision", "kind"),
    [("return", commands.ReturnRenewal), ("reject", commands.RejectRenewal), ("approve", commands.ApproveRenewal)],
)
def test_a_decision_on_what_a_colleague_holds_says_so_and_keeps_what_was_typed(
    manager: FlaskClient, services: FakeServices, decision: str, kind: type[Any]
) -> None:
    services.refuse(kind, Reason.HELD_BY_COLLEAGUE, HELD)
    typed = {"reason": REASON, "declaration_version": "1"} if decision != "approve" else {"declaration_version": "1"}
    first = pages.send(manager, f"{REVIEW}/{decision}", typed)
    assert first.status_code == 422
    assert "سارا یزدی این درخواست را تا" in first.text
    assert "با این حال" in first.text
    assert decision == "approve" or REASON in first.text
    services.refusals.clear()
    hidden = pages.hidden(first.text)
    assert hidden["despite_holder"] == "true"
    second = pages.send(manager, f"{REVIEW}/{decision}", {**typed, "despite_holder": hidden["despite_holder"]})
    assert second.status_code == 303
    assert [one.despite_holder for one in services.sent(kind)] == [False, True]


def test_who_decides_second_reads_who_decided_what_and_has_the_typed_words(
    manager: FlaskClient, services: FakeServices
) -> None:
    services.refuse(commands.ReturnRenewal, Reason.ALREADY_DECIDED)
    by_sara = samples.decision("rejected", "سابقهٔ اشتغال نادرست است").model_copy(update={"by": "officer:sara"})
    services.renewal = samples.renewal("rejected", decisions=(by_sara,))
    note = "نام شهر محل سکونت را بنویسید"
    typed = {"reason": REASON, "field-city": "true", "fault-city": "incomplete", "note-city": note}
    page = pages.send(manager, f"{REVIEW}/return", typed).text
    assert "سارا یزدی این درخواست را در" in page
    assert "رد کرد با این دلیل: «سابقهٔ اشتغال نادرست است». تصمیم شما ثبت نشد." in page
    for text in (REASON, note):
        assert f"readonly>{text}</textarea>" in page


def test_rows_say_who_holds_them_and_the_filter_is_kept_in_the_address(
    manager: FlaskClient, services: FakeServices
) -> None:
    services.desk = (samples.renewal("submitted", assignment=SARAS), samples.renewal("submitted", member="0099"))
    page = manager.get("/desk?holder=mine").text
    assert "در دست سارا یزدی" in page
    assert "در دست خودم" in page
    assert 'holder=mine"' in page
    assert services.sent(queries.ListDesk)[0].holder == "mine"


def test_the_next_request_is_one_that_no_colleague_holds(manager: FlaskClient, services: FakeServices) -> None:
    free = samples.renewal("submitted", member="0555")
    held = [samples.renewal("submitted", member=f"00{number}", assignment=SARAS) for number in (11, 12, 13)]
    services.desk = (*held, free)
    answer = pages.send(manager, f"{REVIEW}/approve?row=0", {"declaration_version": "1"})
    assert answer.location == "/desk/0555/1405?row=3"
    services.desk = tuple(held)
    answer = pages.send(manager, f"{REVIEW}/approve?row=0", {"declaration_version": "1"})
    assert answer.location == "/desk"


def entry(kind: str, minutes: int, **more: Any) -> casework_answers.TimelineEntry:
    about = {"kind": kind, "at": samples.NOW - timedelta(minutes=minutes), "by": "officer:sara", **more}
    return casework_answers.TimelineEntry.model_validate(about)


def test_the_timeline_is_one_list_of_events_money_and_notes(manager: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("approved", decisions=(samples.decision("approved"),))
    services.invoices = (samples.invoice("confirmed"),)
    services.timeline = (
        entry("RenewalAssigned", 300, officer="officer:maryam"),
        entry("note", 240, text="تلفنی <پرسیدم>"),
        entry("RenewalApproved", 120),
    )
    page = manager.get(REVIEW).text
    shown = page[page.index('id="timeline"') :]
    words = ("به همکار واگذار شد", "یادداشت داخلی", "درخواست تأیید شد", "صورت‌حساب صادر شد", "پرداخت تأیید شد")
    places = [shown.index(f"<strong>{one}</strong>") for one in words]
    assert places == sorted(places)
    assert "تلفنی &lt;پرسیدم&gt;" in shown
    assert ": مریم تهرانی" in shown
    assert len(services.sent(queries.GetTimeline)) == len(services.sent(GetInvoices)) == 1


def test_before_an_approval_no_invoice_is_looked_for(manager: FlaskClient, services: FakeServices) -> None:
    manager.get(REVIEW)
    assert services.sent(GetInvoices) == []


def test_a_silent_service_leaves_the_timeline_out(manager: FlaskClient, services: FakeServices) -> None:
    services.refuse(queries.GetTimeline, Reason.NO_ANSWER)
    assert 'id="timeline"' not in manager.get(REVIEW).text


def test_finance_sees_neither_notes_nor_buttons(signed_in: SignedIn, services: FakeServices) -> None:
    page = signed_in("finance-session").get(REVIEW).text
    assert 'id="timeline"' not in page
    assert "در دست بگیرید" not in page
    assert services.sent(queries.GetTimeline) == []


def test_an_auditor_reads_events_and_looks_in_one_list(signed_in: SignedIn, services: FakeServices) -> None:
    services.timeline = (entry("RenewalRequested", 300), entry("RenewalApproved", 60))
    look = {"officer": "sara", "roles": ("manager",), "member": "0012345", "message": "GetRenewal"}
    services.reads = {
        "renewal": [
            Read.model_validate({**look, "year": year, "at": samples.NOW - timedelta(minutes=minutes)})
            for year, minutes in ((1405, 120), (1404, 90))
        ]
    }
    auditor = signed_in("auditor-session")
    page = auditor.get("/desk/reads/0012345/1405").text
    places = [page.index(f"<strong>{one}") for one in ("درخواست تمدید ثبت شد", "پرونده دیده شد", "درخواست تأیید شد")]
    assert places == sorted(places)
    assert page.count("پرونده دیده شد") == 1
    assert "سارا یزدی" in page
    assert 'href="/desk/reads/0012345/1405"' in auditor.get("/desk/reads?member=0012345").text
    assert signed_in("manager-session").get("/desk/reads/0012345/1405").status_code == 403


def test_a_note_is_written_and_kept_where_it_is_refused(manager: FlaskClient, services: FakeServices) -> None:
    assert pages.send(manager, f"{REVIEW}/note", {"text": " تلفنی پرسیدم "}).status_code == 303
    assert [one.text for one in services.sent(commands.WriteCaseNote)] == ["تلفنی پرسیدم"]
    long = "ن" * 1001
    answer = pages.send(manager, f"{REVIEW}/note", {"text": long})
    assert answer.status_code == 422
    assert long in answer.text
    services.refuse(commands.WriteCaseNote, Reason.MEMBER_ERASED)
    assert "تلفنی" in pages.send(manager, f"{REVIEW}/note", {"text": "تلفنی پرسیدم"}).text


def test_a_deputy_is_named_in_digits_of_any_keyboard(manager: FlaskClient, services: FakeServices) -> None:
    typed = {"deputy": "sara", "from_on": "۱۴۰۵/۰۷/۱۵", "to_on": "1405/7/20"}
    assert pages.send(manager, "/desk/deputy", typed).status_code == 303
    [sent] = services.sent(commands.SetDeputy)
    assert (sent.officer, sent.deputy, sent.from_on, sent.to_on) == (
        "maryam",
        "sara",
        date(2026, 10, 7),
        date(2026, 10, 12),
    )
    answer = pages.send(manager, "/desk/deputy", typed | {"to_on": "۱۴۰۵/۰۷/۱۴"})
    assert answer.status_code == 422
    assert '<a href="#to_on">' in answer.text


def test_the_own_deputy_is_shown_and_removed(manager: FlaskClient, services: FakeServices) -> None:
    days = {"from_on": date(2026, 10, 7), "to_on": date(2026, 10, 12)}
    deputies = (
        casework_answers.Deputy(officer="maryam", deputy="sara", **days),
        casework_answers.Deputy(officer="sara", deputy="maryam", **days),
    )
    services.colleagues = casework_answers.Colleagues(officers=("maryam", "sara"), deputies=deputies)
    page = manager.get("/desk/deputy").text
    assert "جانشین شما سارا یزدی است" in page
    assert "شما جانشین سارا یزدی هستید" in page
    assert pages.send(manager, "/desk/deputy/remove", {}).status_code == 303
    assert [one.officer for one in services.sent(commands.RemoveDeputy)] == ["maryam"]


def test_many_are_handed_over_at_once(
    manager: FlaskClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    previews = casework_previews()
    known: dict[Any, Any] = {**fake_services.ANSWERS, queries.PreviewDecisions: lambda _services, _message: previews}
    monkeypatch.setattr(fake_services, "ANSWERS", known)
    page = pages.send(manager, "/desk/many/assign/check", {"pick": ["0012345.1405", "0099.1405"]}).text
    assert "همکار دیگری این درخواست را در دست دارد." in page
    assert services.sent(queries.PreviewDecisions)[0].outcome == "assigned"
    rows = pages.hidden(page)["row"]
    assert pages.send(manager, "/desk/many/assign", {"row": rows, "officer": ""}).status_code == 422
    done = pages.send(manager, "/desk/many/assign", {"row": rows, "officer": "sara"})
    assert "۱ درخواست واگذار شد" in done.text
    assert [(one.member, one.officer) for one in services.sent(commands.HandOverRenewal)] == [("0012345", "sara")]


def casework_previews() -> Any:
    rows = [
        {"member": "0012345", "year": 1405, "status": "submitted", "declaration_version": 1},
        {"member": "0099", "year": 1405, "status": "submitted", "refusal": "held_by_colleague"},
    ]
    return queries.PreviewDecisions.answer().model_validate({"previews": rows})
