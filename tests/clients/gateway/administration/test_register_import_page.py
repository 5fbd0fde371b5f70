"""The import of the register on pages: checked first, imported once, and undone after a question."""

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from shared.contract.auth import answers, commands
from shared.contract.refusals import Reason, Refused
from tests.clients.gateway import fake_services, pages
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import ANSWERS, FakeServices

PAGE = "/desk/register"
HEAD = "شماره عضویت,کد ملی,نام,نام خانوادگی,استان,پایه,رسته,اعتبار پروانه,پرداخت تا سال\n"
FILE = (HEAD + "0123456,0012345678,زهرا,رضایی,اصفهان,2,استخراج,1406/01/01,1404\n۰۱۲۳۴۵۷,,علی,صفوی,یزد,3,,,\n").encode()
CHANGE = answers.RegisterChange(column="province", before="isfahan", after="yazd")


def imported(_services: FakeServices, command: commands.ImportMembers) -> answers.ImportReport:
    """The first row of a batch is new, the second changes its province, others are wrong."""
    outcomes = [
        answers.RegisterRowResult(row=2, outcome="enrolled"),
        answers.RegisterRowResult(row=3, outcome="changed", changes=(CHANGE,)),
        *(answers.RegisterRowResult(row=4, outcome="wrong", errors={"national_code": "missing"}) for _ in command.rows),
    ]
    return answers.ImportReport(rows=tuple(outcomes[: len(command.rows)]))


@pytest.fixture
def admin(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    answered: dict[Any, Any] = ANSWERS
    undone = answers.UndoneImport(changed=12, removed=3)
    monkeypatch.setitem(answered, commands.ImportMembers, imported)
    monkeypatch.setitem(answered, commands.UndoImport, lambda _services, _command: undone)
    return signed_in("admin-session")


def upload(browser: FlaskClient, path: str, content: bytes, **fields: str) -> str:
    """Post a multipart form; the test client's own one would leave a large file open."""
    head = "--edge\r\nContent-Disposition: form-data; name="
    texts = {"csrf_token": pages.token(browser, PAGE), **fields}.items()
    form = "".join(f'{head}"{name}"\r\n\r\n{text}\r\n' for name, text in texts)
    file = f'{form}{head}"file"; filename="register.csv"\r\n\r\n'.encode() + content + b"\r\n--edge--\r\n"
    return browser.post(path, data=file, content_type="multipart/form-data; boundary=edge").text


def check(browser: FlaskClient, content: bytes = FILE) -> dict[str, str]:
    """What the page of the check hands on to the import."""
    page = upload(browser, f"{PAGE}/check", content)
    return {name: pages.hidden(page)[name] for name in ("digest", "import")}


def test_a_file_is_checked_and_nothing_is_imported(admin: FlaskClient, services: FakeServices) -> None:
    page = upload(admin, f"{PAGE}/check", FILE)
    [command] = services.sent(commands.ImportMembers)
    assert command.dry_run
    assert command.import_id is None
    assert [row["membership_no"] for row in command.rows] == ["0123456", "۰۱۲۳۴۵۷"]
    for text in ("این فایل چه می‌کند", "استان", "اصفهان", "یزد", "همان فایل را دوباره انتخاب کنید", "وارد شود"):
        assert text in page


def test_the_same_file_is_imported_once_though_the_button_is_pressed_twice(
    admin: FlaskClient, services: FakeServices
) -> None:
    checked = check(admin)
    first, second = (upload(admin, f"{PAGE}/apply", FILE, **checked) for _ in range(2))
    _, *sent = services.sent(commands.ImportMembers)
    assert [one.dry_run for one in sent] == [False, False]
    assert sent[0].id == sent[1].id
    for page in (first, second):
        assert str(sent[0].import_id) in page
        assert "بازگرداندن این ورود" in page


def test_nothing_is_added_to_the_import_of_another_by_its_id(
    admin: FlaskClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = check(admin)
    upload(admin, f"{PAGE}/apply", FILE, **checked)
    another = fake_services.PASSPORTS["admin-session"].model_copy(update={"subject": "another"})
    monkeypatch.setitem(fake_services.PASSPORTS, "admin-session", another)
    for known in (checked["import"], str(services.sent(commands.ImportMembers)[-1].import_id)):
        upload(admin, f"{PAGE}/apply", FILE, **{**checked, "import": known})
    imports = [one.import_id for one in services.sent(commands.ImportMembers) if not one.dry_run]
    assert len(set(imports)) == 3


def test_another_file_than_the_checked_one_is_not_imported(admin: FlaskClient, services: FakeServices) -> None:
    checked = check(admin)
    page = upload(admin, f"{PAGE}/apply", FILE + "0123458,,رضا,قمی,قم,3,,,\n".encode(), **checked)
    assert "همان فایلی نیست که بررسی شد" in page
    assert len(services.sent(commands.ImportMembers)) == 1


def test_an_import_that_breaks_off_goes_on_with_the_same_file(admin: FlaskClient, services: FakeServices) -> None:
    checked = check(admin)
    services.refusals[commands.ImportMembers] = Refused(Reason.NO_ANSWER)
    page = upload(admin, f"{PAGE}/apply", FILE, **checked)
    assert "ورود نیمه‌تمام ماند" in page
    assert pages.hidden(page)["import"] == checked["import"]
    services.refusals.clear()
    assert "بانک اعضا وارد شد" in upload(admin, f"{PAGE}/apply", FILE, **checked)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "فایل بانک اعضا را انتخاب کنید"),
        (b"PK\x03\x04nonsense", "فایل خوانده نشد"),
        ("شماره عضویت\n0123456\n".encode(), "فایل خوانده نشد"),
        (HEAD.encode() + b"x" * (2 * 1024 * 1024), "از ۲ مگابایت بزرگ‌تر است"),
        (HEAD.encode() + b"x" * (3 * 1024 * 1024), "از ۲ مگابایت بزرگ‌تر است"),
    ],
    ids=["none", "no table", "a column alone", "too large", "larger than a form"],
)
def test_what_is_no_register_is_refused_with_its_reason(
    admin: FlaskClient, services: FakeServices, content: bytes, sentence: str
) -> None:
    assert sentence in upload(admin, f"{PAGE}/check", content)
    assert services.sent(commands.ImportMembers) == []


def test_a_member_twice_in_the_file_is_named_with_its_row(admin: FlaskClient) -> None:
    page = upload(admin, f"{PAGE}/check", FILE + FILE.splitlines(keepends=True)[1])
    assert "ردیف‌های نادرست" in page
    assert ">۴<" in page


def test_an_import_is_undone_after_a_question(admin: FlaskClient, services: FakeServices) -> None:
    import_id = UUID(int=7)
    page = admin.get(f"{PAGE}/undo?import={import_id}").text
    assert "این ورود بازگردانده شود؟" in page
    assert services.sent(commands.UndoImport) == []
    answer = pages.send(admin, f"{PAGE}/{import_id}/undo", {}, PAGE)
    assert answer.status_code == 303
    [command] = services.sent(commands.UndoImport)
    assert command.import_id == import_id
    assert "۱۲ عضو به نوشتهٔ پیشین برگشت و ۳ عضو برداشته شد" in admin.get(PAGE).text


def test_an_undo_that_is_refused_says_why(admin: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.UndoImport, Reason.IMPORT_FOLLOWED)
    assert pages.send(admin, f"{PAGE}/{UUID(int=7)}/undo", {}, PAGE).status_code == 422


def test_an_id_that_is_none_is_said_at_its_field(admin: FlaskClient) -> None:
    answer = admin.get(f"{PAGE}/undo?import=۱۲")
    assert answer.status_code == 422
    assert "شناسهٔ ورود را همان گونه" in answer.text


@pytest.mark.parametrize("session", ["manager-session", "member-session", "auditor-session"])
def test_only_admins_have_the_page(signed_in: SignedIn, session: str) -> None:
    browser = signed_in(session)
    assert browser.get(PAGE).status_code == 403
    assert browser.get(f"{PAGE}/undo").status_code == 403
