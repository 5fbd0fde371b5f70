import csv
import io

from services.payment.banks.port import Opened, Order
from tests.services.payment.samples import AMOUNT, FIRST, SECOND
from tests.support.sandbox_bank import SandboxBank


def lines(bank: SandboxBank, on: str = "") -> list[dict[str, str]]:
    text = bank.http.get("/sandbox/statement.csv", params={"on": on}).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_statement_has_what_was_paid_and_where_it_is_now(bank: SandboxBank) -> None:
    for key, choice in ((FIRST, "pay"), (SECOND, "cancel")):
        opened = bank.adapter.create(Order(key, AMOUNT, "حق عضویت"))
        assert isinstance(opened, Opened)
        bank.choose(opened.authority, choice)
        bank.adapter.verify(opened.authority, AMOUNT)
    [line] = lines(bank, "1405/01/26")
    assert (line["amount_rial"], line["status"], line["paid_at_jalali"]) == (
        str(AMOUNT),
        "VERIFIED",
        "1405/01/26 13:00",
    )
    assert lines(bank, "1405/01/27") == []
    bank.adapter.reverse(line["authority"])
    assert [one["status"] for one in lines(bank)] == ["REVERSED"]


def test_the_statement_opens_in_a_spreadsheet(bank: SandboxBank) -> None:
    answer = bank.http.get("/sandbox/statement.csv")
    assert answer.content.startswith("\ufeffpaid_at_iso,paid_at_jalali,".encode())
