import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from clients.gateway.finance import daily_reconciliation
from shared.contract.payment import commands, queries
from shared.contract.refusals import Reason
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

PAGE = "/desk/statement"
HEADER = "paid_at_iso,authority,amount_rial,ref_id,status"
ROWS = (
    "2026-10-07T08:30:00+00:00,A01,9000000,201,VERIFIED",
    "2026-10-07T21:00:00+00:00,A02,4000000,202,VERIFIED",
    "2026-10-07T09:00:00+00:00,A03,9000000,,REVERSED",
)


@pytest.fixture
def reza(signed_in: SignedIn) -> FlaskClient:
    return signed_in("treasurer-session")


def upload(client: FlaskClient, content: str, **fields: str) -> TestResponse:
    """Send a file as a browser does; the test client's own way would leave a large one's temporary file open."""
    parts = {"csrf_token": pages.token(client, PAGE), **fields, 'file"; filename="bank.csv': content}
    text = "".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in parts.items()
    )
    return client.post(PAGE, data=f"{text}--edge--\r\n".encode(), content_type="multipart/form-data; boundary=edge")


def test_a_file_is_shown_before_it_counts(reza: FlaskClient, services: FakeServices) -> None:
    page = upload(reza, "\n".join((HEADER, *ROWS)), total_rials="۱۳٬۰۰۰٬۰۰۰").text
    assert "پیش از به حساب آمدن ببینید" in page
    assert "۱۳٬۰۰۰٬۰۰۰ ریال" in page
    assert "چهارشنبه ۱۵ مهر ۱۴۰۵" in page
    assert "پنجشنبه ۱۶ مهر ۱۴۰۵" in page
    [opened] = services.sent(commands.OpenStatement)
    [added] = services.sent(commands.AddStatementLines)
    assert (opened.lines, opened.total_rials, opened.bank) == (3, 13_000_000, "zarinpal")
    assert [line.status for line in added.lines] == ["verified", "verified", "reversed"]
    assert services.sent(commands.CountStatement) == []
    answer = reza.post(f"{PAGE}/count", data=pages.hidden(page))
    assert answer.status_code == 303
    assert [call.statement for call in services.sent(commands.CountStatement)] == [opened.statement]
    assert "به حساب آمد" in reza.get(answer.headers["Location"]).text


def test_many_lines_go_in_batches(reza: FlaskClient, services: FakeServices) -> None:
    rows = [f"1405/07/15 10:00,A{number:03},10000,,paid" for number in range(450)]
    assert upload(reza, "\n".join((HEADER, *rows))).status_code == 200
    assert [call.first_line for call in services.sent(commands.AddStatementLines)] == [1, 201, 401]


def test_a_wrong_file_is_refused_whole_with_its_rows_named(reza: FlaskClient, services: FakeServices) -> None:
    answer = upload(reza, "\n".join((HEADER, ROWS[0], "x,A02,9.5,,LOST")), total_rials="9000000")
    assert answer.status_code == 422
    assert "هیچ ردیفی به حساب نیامد: ۳ خطا" in answer.text
    for said in ("این وضعیت شناخته نیست.", "مبلغ را به ریال و بی‌اعشار بنویسید", "زمان پرداخت خوانا نیست."):
        assert said in answer.text
    assert '<th scope="row">۳</th>' in answer.text
    assert 'value="9000000"' in pages.field(answer.text, "total_rials")
    assert services.sent(commands.OpenStatement) == []


@pytest.mark.parametrize(
    ("content", "fields", "said"),
    [
        ("", {}, "فایل صورت‌حساب بانک را انتخاب کنید."),
        ("when,key\n1,2", {}, "این ستون در ردیف عنوان‌ها نیست."),
        (f"{HEADER}\n{ROWS[0]}", {"total_rials": "9000001"}, "یکی نیست"),
        (f"{HEADER}\n{ROWS[0]}", {"total_rials": "بسیار"}, "مبلغ را به ریال و بی‌اعشار بنویسید"),
        ("x" * (daily_reconciliation.FILE_BYTES_MAX + 1), {}, daily_reconciliation.TOO_LARGE),
        ("x" * (daily_reconciliation.FILE_BYTES_MAX * 2), {}, daily_reconciliation.TOO_LARGE),
    ],
)
def test_what_is_wrong_with_the_whole_is_shown(
    reza: FlaskClient, services: FakeServices, content: str, fields: dict[str, str], said: str
) -> None:
    answer = upload(reza, content, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert services.sent(commands.OpenStatement) == []


@pytest.mark.parametrize("field", ["counted_by", "reopened_by"])
def test_who_counted_the_days_statement_reads_that_a_colleague_closes_it(
    reza: FlaskClient, services: FakeServices, field: str
) -> None:
    whose = {"counted_by": ("officer:reza",)} if field == "counted_by" else {"reopened_by": "officer:reza"}
    services.bank_day = samples.bank_day(**whose, reopened_at=samples.NOW)
    page = reza.get(f"{PAGE}?on=1405/07/01").text
    assert "خزانه‌دار دیگری باید روز را ببندد" in page
    assert f"{PAGE}/close" not in page
    services.bank_day = samples.bank_day(counted_by=("officer:sara",))
    page = reza.get(f"{PAGE}?on=1405/07/01").text
    assert "سارا یزدی" in page
    assert f"{PAGE}/close" in page


@pytest.mark.parametrize("session", ["finance-session", "manager-session", "colleague-session", "admin-session"])
def test_the_banks_statement_is_for_treasurers_alone(signed_in: SignedIn, session: str) -> None:
    assert signed_in(session).get(PAGE).status_code == 403
    assert PAGE not in signed_in(session).get("/desk", follow_redirects=True).text
    treasurer = signed_in("treasurer-session")
    assert treasurer.get("/desk").headers["Location"] == PAGE


@pytest.mark.parametrize("session", ["", "member-session"])
@pytest.mark.parametrize("form", ["statement", "statement/count", "statement/close"])
def test_a_form_that_is_too_large_is_no_error_of_the_program_whoever_sends_it(
    signed_in: SignedIn, form: str, session: str
) -> None:
    typed = {"typed": "x" * (daily_reconciliation.FILE_BYTES_MAX * 2)}
    assert signed_in(session).post(f"/desk/{form}", data=typed).status_code == 413


def test_columns_of_another_name_are_named(reza: FlaskClient, services: FakeServices) -> None:
    content = "زمان;کلید;مبلغ (ریال)\n۱۴۰۵/۰۷/۱۵ ۱۴:۳۰;A01;۹٬۰۰۰٬۰۰۰"
    named = {"authority": "کلید", "amount_rials": "مبلغ (ریال)", "paid_at": "زمان"}
    assert upload(reza, content, **named).status_code == 200
    [added] = services.sent(commands.AddStatementLines)
    assert (added.lines[0].amount_rials, added.lines[0].paid_at.isoformat()) == (9_000_000, "2026-10-07T14:30:00+03:30")


def test_a_file_that_counts_already_is_shown_as_counted(reza: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.OpenStatement, Reason.STATEMENT_COUNTED)
    answer = upload(reza, f"{HEADER}\n{ROWS[0]}")
    assert answer.status_code == 422
    assert "این فایل پیش‌تر به حساب آمده است." in answer.text


def test_a_day_shows_totals_and_each_kind_of_difference(reza: FlaskClient, services: FakeServices) -> None:
    page = reza.get(f"{PAGE}?on=۱۴۰۵/۰۷/۱۵").text
    assert services.sent(queries.GetDay)[0].on.isoformat() == "2026-10-07"
    assert "چهارشنبه ۱۵ مهر ۱۴۰۵" in page
    assert "+۱۳٬۱۰۰٬۰۰۰" in page
    for said in ("در بانک هست، نزد ما نیست", "نزد ما هست، در بانک نیست", "مبلغ‌ها یکی نیست", "دو بار پرداخت شده"):
        assert said in page


def test_without_a_day_it_is_yesterday_and_a_wrong_one_has_an_error(reza: FlaskClient) -> None:
    assert "بستن روز</button>" in reza.get(PAGE).text
    wrong = reza.get(f"{PAGE}?on=2026-10-07")
    assert wrong.status_code == 422
    assert 'value="2026-10-07"' in pages.field(wrong.text, "on")


def test_a_day_is_closed_once(reza: FlaskClient, services: FakeServices) -> None:
    shown = reza.get(f"{PAGE}?on=1405/01/15").text
    form = pages.hidden(shown.partition("/desk/statement/close")[2].partition("</form>")[0])
    answer = reza.post(f"{PAGE}/close", data=form)
    assert answer.status_code == 303
    [command] = services.sent(commands.CloseDay)
    assert (command.bank, command.on.isoformat(), str(command.id)) == ("zarinpal", "2026-04-04", form["command_id"])
    assert command.figures == services.bank_day.figures, "as it was shown"
    services.bank_day = samples.bank_day(closed_by="officer:reza", closed_at=samples.NOW, exceptions=())
    page = reza.get(f"{PAGE}?on=1405/01/15").text
    assert "بسته است" in page
    assert "بستن روز</button>" not in page


def test_only_finance_sees_the_banks_statement(manager: FlaskClient, services: FakeServices) -> None:
    assert manager.get(PAGE).status_code == 403
    assert pages.send(manager, PAGE, {}).status_code == 403
