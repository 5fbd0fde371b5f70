"""A number means the same in every interface: page, JSON API, statement file and command line."""

import csv
import io
import json
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from clients.gateway.app import make_app
from clients.gateway.declaration import declaration_form
from clients.gateway.web.session import COOKIE
from shared import translations
from shared.app_context import AppContext
from shared.contract.capacity import queries
from shared.contract.payment import answers
from shared.contract.payment import commands as payment_commands
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands as renewal_commands
from shared.settings import Settings
from shared.tabular import Unreadable, bank_statement
from tests.clients.admin.fake_server import Tamdid
from tests.clients.gateway import declarations, pages, samples
from tests.clients.gateway.fake_services import FakeServices

QUANTITIES = {
    "2,5": "2.5",
    "۲٫۵": "2.5",
    "1.234,5": "1234.5",
    "6500000,00": "decimal_max_digits",
    "6,500,00": "quantity_wrong",
    "۱۲٬۳۴": "quantity_wrong",
    "2,500": "two_readings:2500:2.5",
}
AMOUNTS = {
    "9,000,000": "9000000",
    "۹٬۰۰۰٬۰۰۰": "9000000",
    "2,5": "amount_wrong",
    "6500000,00": "amount_wrong",
    "6,500,00": "amount_wrong",
    "۱۲٬۳۴": "amount_wrong",
    "1.234,5": "amount_wrong",
    "9.000.000": "9000000",
    "9\u00a0000 000": "9000000",
    "650.000": "two_readings:650000:650",
    "9000000²": "amount_wrong",
    "９": "amount_wrong",
    "9" * 20: "less_than_equal",
}
"""What is typed, and what it is read as, or the code of the sentence by which it is refused."""
ACCOUNT = f"/desk/account/{samples.MEMBER}/{samples.YEAR}/write-off"
REASON = "عضو در مأموریت بوده است."


class Interfaces:
    """The gateway and the command line, each before services that answer what a test sets."""

    def __init__(self, folder: Path) -> None:
        self.services = FakeServices()
        self.app = make_app(AppContext(self.services, Settings(var=folder, page_secret=SecretStr("of this test"))))
        self.tamdid = Tamdid()
        self.folder = folder

    def browser(self, session: str) -> FlaskClient:
        client = self.app.test_client()
        client.set_cookie(COOKIE, session)
        return client

    def api(self, path: str, session: str, body: dict[str, object]) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {session}"}
        found = self.app.test_client().post(f"/api/{path}", data=json.dumps(body), headers=headers)
        details: dict[str, str] = found.get_json().get("details", {})
        return details


@pytest.fixture
def interfaces(tmp_path: Path) -> Interfaces:
    return Interfaces(tmp_path)


def quantity_on_the_declaration(interfaces: Interfaces, typed: str) -> str:
    interfaces.services.renewal = samples.renewal("requested")
    filled = declaration_form.filled(samples.DECLARATION, None).values | {"jobs.0.quantity": typed}
    page = declarations.post(interfaces.browser("member-session"), "jobs", filled)
    if page.status_code == HTTPStatus.SEE_OTHER:
        pages.send(interfaces.browser("member-session"), "/member/declaration/send", {**filled, "truth_ack": "true"})
        return f"{interfaces.services.sent(renewal_commands.SubmitDeclaration)[0].form.jobs[0].quantity:f}"
    assert f'value="{typed}"' in pages.field(page.text, "jobs.0.quantity")
    return said(page.text, QUANTITIES)


def quantity_in_what_if(interfaces: Interfaces, typed: str) -> str:
    query = {"kind": "person_hour", "degree": "1", "quantity": typed, "starts_on": "۱۴۰۵/۰۷/۰۱"}
    page = interfaces.browser("member-session").get("/member/capacity/what-if", query_string=query)
    sent = interfaces.services.sent(queries.WhatIf)
    return f"{sent[0].quantity:f}" if sent else said(page.text, QUANTITIES, "مقدار را با عددی بزرگ‌تر از صفر بنویسید.")


def quantity_by_the_api(interfaces: Interfaces, typed: str) -> str:
    query = {"member": samples.MEMBER, "kind": "person_hour", "degree": 1, "quantity": typed, "starts_on": "2026-09-23"}
    details = interfaces.api("capacity/what_if", "member-session", query)
    return details["quantity"] if details else f"{interfaces.services.sent(queries.WhatIf)[0].quantity:f}"


def quantity_by_the_command_line(interfaces: Interfaces, typed: str) -> str:
    interfaces.tamdid.sign_in()
    query = ("capacity", "what-if", samples.MEMBER, "person_hour", "1", "--from", "1405/07/01", "--quantity", typed)
    interfaces.tamdid.server.replies["capacity.what_if"] = Refused(Reason.NO_CAPACITY)
    found = interfaces.tamdid(*query)
    sent = interfaces.tamdid.server.sent(queries.WhatIf)
    return f"{sent[0].quantity:f}" if sent else said(found.stderr, QUANTITIES, language="en")


def amount_on_a_page(interfaces: Interfaces, typed: str) -> str:
    interfaces.services.invoices = (samples.invoice("open"),)
    typed_fields = {"amount_rials": typed, "reason": REASON}
    page = pages.send(interfaces.browser("finance-session"), ACCOUNT, typed_fields)
    sent = interfaces.services.sent(payment_commands.RequestWriteOff)
    return str(sent[0].amount_rials) if sent else said(page.text, AMOUNTS)


def amount_by_the_api(interfaces: Interfaces, typed: str) -> str:
    query = {"member": samples.MEMBER, "year": samples.YEAR, "amount_rials": typed, "reason": REASON}
    details = interfaces.api("payment/request_write_off", "finance-session", query)
    return (
        details["amount_rials"]
        if details
        else str(interfaces.services.sent(payment_commands.RequestWriteOff)[0].amount_rials)
    )


def amount_in_a_statement(_interfaces: Interfaces, typed: str) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([("paid_at", "authority", "amount"), ("1405/07/15 10:00", "A01", typed)])
    try:
        return str(bank_statement.read(text.getvalue().encode(), {}).lines[0].amount_rials)
    except Unreadable as wrong:
        return wrong.faults[0].code


def amount_by_the_command_line(interfaces: Interfaces, typed: str) -> str:
    interfaces.tamdid.sign_in()
    interfaces.tamdid.server.replies["payment.get_bank_health"] = answers.BankHealth(bank="zarinpal", is_up=True)
    path = interfaces.folder / "bank.csv"
    path.write_text("paid_at,authority,amount\n1405/07/15 10:00,A01,9000000\n")
    found = interfaces.tamdid("statement", "import", str(path), "--total", typed)
    if found.exit_code == 0:
        return "9000000"
    return said(found.stderr, AMOUNTS, "is not a whole number from 0 to", language="en")


def said(text: str, expected: dict[str, str], otherwise: str = "", language: str = "fa") -> str:
    """The code whose sentence stands in a text; the field's own sentence stands for all that say no more."""
    flat = " ".join(text.replace("│", " ").split())
    named = [code for code in expected.values() if translations.field_error(code, language) in flat]
    if named:
        return named[0]
    assert otherwise, flat
    assert otherwise in flat
    return "quantity_wrong" if expected is QUANTITIES else "less_than_equal"


@pytest.mark.parametrize("typed", QUANTITIES)
@pytest.mark.parametrize(
    "interface",
    [quantity_on_the_declaration, quantity_in_what_if, quantity_by_the_api, quantity_by_the_command_line],
    ids=lambda interface: interface.__name__,
)
def test_a_quantity_means_the_same_at_every_interface(
    interfaces: Interfaces, interface: Callable[[Interfaces, str], str], typed: str
) -> None:
    assert interface(interfaces, typed) == QUANTITIES[typed]


@pytest.mark.parametrize("typed", AMOUNTS)
@pytest.mark.parametrize(
    "interface",
    [amount_on_a_page, amount_by_the_api, amount_in_a_statement, amount_by_the_command_line],
    ids=lambda interface: interface.__name__,
)
def test_an_amount_means_the_same_at_every_interface(
    interfaces: Interfaces, interface: Callable[[Interfaces, str], str], typed: str
) -> None:
    assert interface(interfaces, typed) == AMOUNTS[typed]
