"""Markup rules of every page, so that it can be used by eye, screen reader and keyboard."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from clients.gateway.app import make_app
from clients.gateway.declaration import topics
from shared.app_context import AppContext
from shared.contract.auth import answers as auth_answers
from shared.settings import Settings
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn, browsers
from tests.clients.gateway.fake_services import FakeServices

TO_FILL = {"input", "select", "textarea"}
WHAT_IF = "kind=mine_technical_manager&degree=4&quantity=1&starts_on=1405/07/01"
MEMBER_PAGES = [
    "/", "/help", "/privacy", "/accessibility", "/check", "/check?address=x", "/follow", "/follow?code=7K3MX09QTB", "/member/card/revoke", "/member/renewal/withdraw", "/sessions/end-others", "/sign-in", "/password", "/member", "/member/renewal", "/member/declaration/residence", "/member/declaration/jobs?change=yes", "/member/declaration/contact?from=check", "/member/declaration/sent",
    "/member/pay/1405", "/member/receipt/1405", "/member/capacity/1405", f"/payment/result/{samples.ATTEMPT}",
    f"/receipt/{samples.TASK}", "/member/account", "/member/capacity/what-if", "/member/card", "/sessions", "/second-factor", "/sign-in/code", "/passkeys/new", f"/passkeys/{samples.PASSKEY.passkey_id}", "/card/gVb0c-Zk3S_QmN1yT7xLwA", "/member/capacity/1405?as_of=1405/02/03",
]  # fmt: skip
OFFICER_PAGES = [
    "/desk", "/desk?flag=any&sort=debt", "/desk?q=x", "/desk/0012345/1405", "/desk/overview", "/desk/payments", "/desk/payments/0012345/1405", "/desk/calendar", "/desk/money",
    "/desk/account/0012345", "/desk/account/0012345/reset", f"/desk/account/0012345/1405/refund?attempt={samples.ATTEMPT}", "/desk/statement",
    "/desk/account/0012345/1405/write-off", "/desk/account/0012345/1405/slip", "/desk/account/0012345/1405/slip-reversal", "/desk/capacity",
    "/desk/0012345/1405/capacity", f"/desk/0012345/capacity/what-if?{WHAT_IF}",
]  # fmt: skip
TASK = f"/desk/money/0012345/1405/{samples.TASK}"
TASKS = (
    "held",
    "taken_back",
    "refund_due",
    "refund_requested",
    "refund_granted",
    "write_off_requested",
    "manual_payment_requested",
    "slip_reversal_requested",
)


class Markup(HTMLParser):
    """Collects every element with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attrs for tag, attrs in self.elements if tag in tags]


def every_page(signed_in: SignedIn, services: FakeServices) -> dict[str, str]:
    """Pages in the middle of a renewal, some with something wrong on them."""
    member, manager = signed_in("member-session"), signed_in("colleague-session")
    found: dict[str, str] = {}
    services.last_declaration, services.capacity = samples.DECLARATION, samples.capacity()
    services.acts = (samples.policy_act(),)
    services.factor = auth_answers.SecondFactor(is_on=True, recovery_codes_left=9, passkeys=(samples.PASSKEY,))
    services.security_events, services.has_security_news = (samples.NEW_DEVICE,), True
    services.bank_day = samples.bank_day(closed_by="officer:reza", closed_at=samples.NOW)
    for status, invoice in (("requested", "open"), ("submitted", "settled"), ("approved", "open")):
        services.renewal = samples.renewal(status, decisions=(samples.decision("returned", "نشانی کامل نیست"),))
        paid = samples.attempt("duplicate")
        papers = (samples.receipt(), samples.receipt(refunded_rials=9_000_000))
        services.invoices = (samples.invoice(invoice, attempts=(paid,), receipts=papers),)
        services.desk = (services.renewal,)
        shown = {path: (member if path in MEMBER_PAGES else manager).get(path) for path in MEMBER_PAGES + OFFICER_PAGES}
        found |= {f"{path} {status}": page.text for path, page in shown.items() if page.status_code == 200}
    for kind in TASKS:
        services.tasks = (samples.task(kind),)
        found |= {f"{path} {kind}": manager.get(path).text for path in (TASK, "/desk/money")}
    found["wrong file"] = pages.send(manager, "/desk/statement", {"total_rials": "x"}, page="/desk/statement").text
    found["wrong refund"] = pages.send(manager, "/desk/account/0012345/1405/refund", {"reason": "x"}).text
    services.renewal = samples.renewal("requested")
    for path, typed in (("enrol", {"current": "x"}), ("confirm", {"code": "x"}), ("confirm", {})):
        page = pages.send(member, f"/second-factor/{path}", typed, page="/second-factor")
        found[f"second factor {path} {typed}"] = page.text
    services.step = auth_answers.SecondStep(has_code=False, passkey_options=samples.PASSKEY_OPTIONS.options)
    found["passkey asked"] = member.get("/sign-in/code").text
    for typed in ({"current": "x", "name": "x"}, {"current": "", "name": ""}):
        found[f"passkey {typed}"] = pages.send(member, "/passkeys/new", typed, page="/passkeys/new").text
    found["wrong form"] = pages.send(member, "/member/declaration/jobs", {"jobs.0.title": "x"}).text
    found["wrong sign-in"] = pages.send(member, "/sign-in", {"principal_kind": "member"}).text
    found["check"] = check(member, services)
    services.renewal = samples.renewal("submitted")
    found["no reason"] = pages.send(manager, "/desk/0012345/1405/reject", {"reason": ""}).text
    return found


def check(member: FlaskClient, services: FakeServices) -> str:
    services.draft = None
    for topic in topics.TOPICS:
        pages.send(member, f"/member/declaration/{topic.slug}", {"action": "unchanged"})
    page = member.get("/member/declaration/check")
    assert page.status_code == 200
    return page.text


@pytest.fixture(scope="module")
def markups(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Markup]]:
    services = FakeServices()
    settings = Settings(var=tmp_path_factory.mktemp("var"), page_secret=SecretStr("a secret of these tests"))
    signed_in = browsers(make_app(AppContext(services, settings)))
    return {name: (text, Markup(text)) for name, text in every_page(signed_in, services).items()}


def test_each_page_speaks_persian_from_right_to_left_under_one_heading(
    markups: dict[str, tuple[str, Markup]],
) -> None:
    assert len(markups) > 30
    for name, (text, markup) in markups.items():
        assert markup.all("html") == [{"lang": "fa", "dir": "rtl"}], name
        assert len(markup.all("h1")) == 1, name
        assert len(markup.all("main")) == 1, name
        assert re.search(r"<title>[^<]+ – تمدید عضویت</title>", text), name


def test_each_field_has_a_label_and_each_id_is_one(markups: dict[str, tuple[str, Markup]]) -> None:
    for name, (_, markup) in markups.items():
        ids = Counter(attrs["id"] for _, attrs in markup.elements if "id" in attrs)
        assert [one for one, count in ids.items() if count > 1] == [], name
        labelled = {attrs["for"] for attrs in markup.all("label") if "for" in attrs}
        visible = [attrs for attrs in markup.all(*TO_FILL) if attrs.get("type") != "hidden"]
        assert [attrs for attrs in visible if attrs.get("id") not in labelled] == [], name


def test_each_reference_leads_somewhere(markups: dict[str, tuple[str, Markup]]) -> None:
    for name, (_, markup) in markups.items():
        ids = {attrs["id"] for _, attrs in markup.elements if "id" in attrs}
        wanted = {one for _, attrs in markup.elements for one in attrs.get("aria-describedby", "").split()}
        wanted |= {attrs["aria-labelledby"] for _, attrs in markup.elements if "aria-labelledby" in attrs}
        wanted |= {attrs["href"][1:] for attrs in markup.all("a") if attrs["href"].startswith("#")}
        wanted |= {attrs["form"] for attrs in markup.all("button") if "form" in attrs}
        assert wanted <= ids, name


def test_each_form_that_changes_something_carries_a_token_and_its_commands_id(
    markups: dict[str, tuple[str, Markup]],
) -> None:
    for name, (text, _) in markups.items():
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
            assert 'name="csrf_token"' in form, name
            without_command = any(
                f'action="{path}"' in form for path in ("/sign-in", "/sign-in/code", "/sign-in/passkey", "/sign-out")
            )
            assert without_command or 'name="command_id"' in form, name


def test_each_table_names_its_columns_and_rows(markups: dict[str, tuple[str, Markup]]) -> None:
    for name, (_, markup) in markups.items():
        assert [attrs for attrs in markup.all("th") if attrs.get("scope") not in {"col", "row"}] == [], name


MACHINES_WORDS = re.compile(r"\b(?:officer|member|program):|#[0-9۰-۹]|\b[a-z]+(?:_[a-z]+)+\b|\b[a-z_]+\.[a-z_]+")


def test_what_a_program_calls_it_stands_behind_the_details(markups: dict[str, tuple[str, Markup]]) -> None:
    for name, (text, _) in markups.items():
        body = text[text.index("<main") : text.index("</main>")]
        read = re.sub(r"<(style|script|details)\b.*?</\1>|<[^>]*>", "", body, flags=re.DOTALL)
        addresses = r"https?://\S+|name@example.ir|maryam@example.ir"
        assert MACHINES_WORDS.findall(re.sub(addresses, "", read)) == [], name
    page_text = "".join(text for text, _ in markups.values())
    assert "payment #12, 1405 ceilings.grade_2.extraction" in page_text
    assert all(name in page_text for name in ("مریم تهرانی", "رضا کاشانی", "مدیر سامانه"))


def test_the_reader_meets_no_latin_digit_outside_of_codes(markups: dict[str, tuple[str, Markup]]) -> None:
    for name, (text, _) in markups.items():
        body = text[text.index("<main") : text.index("</main>")]
        read = re.sub(r"<(style|script)\b.*?</\1>|<bdi[^>]*>.*?</bdi>|<[^>]*>", "", body, flags=re.DOTALL)
        assert re.findall(r"[0-9]+", read.replace("name@example.ir", "")) == [], name
