"""`tamdid notices list|undelivered|resend|cost`, as an officer types it."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from shared import translations
from shared.contract import base
from shared.contract.notification import answers, commands, queries
from shared.contract.notification.values import NoticeKind, Way
from shared.contract.refusals import Reason, Refused
from shared.text import persian
from tests.clients.admin.examples import MEMBER, NAMES
from tests.clients.admin.fake_server import NOW, Tamdid

NOTICE = UUID(int=7)
REFUSED = answers.Attempt(
    way=Way.SMS, provider="kavenegar", address="0913•••4567", state="failed", cause="credit", at=NOW
)
SENT = answers.SentNotice(
    notice=NOTICE,
    member=MEMBER,
    kind=NoticeKind.APPROVED,
    title="درخواست تأیید شد",
    notified_at=NOW - timedelta(hours=1),
    passed="no_way",
    attempts=(REFUSED,),
)
USE = answers.ProviderUse(
    province="isfahan", way=Way.SMS, provider="smsir", messages=3, delivered=2, failed=1, segments=5, cost_rials=4500
)


@pytest.fixture
def officer(maryam: Tamdid) -> Tamdid:
    found = answers.SentNotices(notices=(SENT,), total=1)
    maryam.server.replies = {
        "notification.list_sent_notices": found,
        "notification.list_undelivered": found,
        "notification.resend_notice": base.Done(position=9),
        "notification.get_provider_use": answers.ProviderUses(uses=(USE,)),
        "auth.get_member_names": NAMES,
    }
    return maryam


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("Request approved", "SMS kavenegar 0913•••4567 did not arrive (no credit); arrived by no way", "13:30"),
        ),
        ("fa", ("تأیید درخواست", "پیامک kavenegar 0913•••4567 نرسید (اعتبار تمام شده)؛ به هیچ راهی نرسید", "۱۳:۳۰")),
    ],
)
def test_what_a_member_was_told_and_why_it_did_not_arrive(
    officer: Tamdid, language: str, words: tuple[str, ...]
) -> None:
    result = officer("--language", language, "notices", "list", "۰۱۲۳۴۵۶", "--year", "۱۴۰۵", COLUMNS="400")
    assert result.exit_code == 0, result.output
    assert all(word in result.stdout for word in (*words, str(NOTICE)))
    (query,) = officer.server.sent(queries.ListSentNotices)
    assert (query.member, query.year) == (MEMBER, 1405)


def test_the_undelivered_of_the_officer_s_provinces_are_a_document_and_a_file(officer: Tamdid, tmp_path: Path) -> None:
    document = officer.json("notices", "undelivered")
    assert [one["notice"] for one in document["notices"]] == [str(NOTICE)]
    assert [one.province for one in officer.server.sent(queries.ListUndelivered)] == ["isfahan"]
    assert officer("notices", "undelivered", "--kind", "invoice_ends").exit_code == 0
    assert [one.kind for one in officer.server.sent(queries.ListUndelivered)] == [None, "invoice_ends"]
    assert officer("notices", "undelivered", "--kind", "no-kind").exit_code == 2
    file = tmp_path / "undelivered.csv"
    assert officer("notices", "undelivered", "--csv", str(file)).exit_code == 0
    assert "kavenegar" in file.read_text(encoding="utf-8-sig")


def test_a_notice_is_sent_once_more_for_a_reason(officer: Tamdid) -> None:
    assert officer("notices", "resend", str(NOTICE)).exit_code == 2
    result = officer("notices", "resend", str(NOTICE), "--reason", "شمارهٔ تازه تأیید شد")
    assert result.exit_code == 0, result.output
    (command,) = officer.server.sent(commands.ResendNotice)
    assert (command.notice, command.reason) == (NOTICE, "شمارهٔ تازه تأیید شد")


def test_an_unknown_notice_is_refused(officer: Tamdid) -> None:
    officer.server.replies["notification.resend_notice"] = Refused(Reason.UNKNOWN_NOTICE)
    result = officer("notices", "resend", str(NOTICE), "--reason", "شمارهٔ تازه تأیید شد")
    assert result.exit_code == 1
    assert "There is no such notice." in result.stderr


def test_the_cost_is_of_whole_days_in_tehran(officer: Tamdid) -> None:
    result = officer("notices", "cost", "--from", "۱۴۰۵/۰۷/۰۱", "--to", "1405/07/15")
    assert "4,500 rials" in result.stdout, result.output
    (query,) = officer.server.sent(queries.GetProviderUse)
    first, after = (persian.midnight(persian.parse_date(day)) for day in ("1405/07/01", "1405/07/16"))
    assert (query.since, query.until) == (first, after)
    assert officer("notices", "cost", "--from", "1405/07/15", "--to", "1405/07/01").exit_code == 2


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_kind_has_a_label(language: str) -> None:
    assert translations.group("notice_kind", language).keys() == set(NoticeKind)
