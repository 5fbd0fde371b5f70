"""Texts are cleaned alike on every interface, because the contract's types clean them."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared import translations
from shared.contract import base
from shared.contract.auth import commands as auth_commands
from shared.contract.payment import commands as payment_commands
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands as renewal_commands
from tests.clients.gateway import samples

STAMPS = {"id": UUID(int=1), "deadline": datetime(2026, 10, 7, tzinfo=UTC)}
MEMBER = {"member": "0012345", "year": 1405}


def reason(text: str) -> str:
    return base.parse(renewal_commands.ReturnRenewal, {**STAMPS, **MEMBER, "reason": text}).reason


def test_a_reason_reaches_the_member_as_it_was_written() -> None:
    assert reason(" لطفاً\r\nشمارهٔ پروانه ") == "لطفاً\nشمارهٔ پروانه"


def test_what_is_counted_is_what_is_stored() -> None:
    assert reason("۱\r\n" * 499 + "پ") == "۱\n" * 499 + "پ"
    for text in ("\u200f" * 10 + "کوتاه", "   کوتاه است   "[:12], "\r\n".join("12345")):
        with pytest.raises(Refused) as refusal:
            reason(text)
        assert refusal.value.details == {"reason": "string_too_short"}


@pytest.mark.parametrize("half", ["\ud800", "دلیل بازگرداندن \udfff", "\udc80" * 12])
def test_half_a_character_is_refused_with_a_sentence(half: str) -> None:
    with pytest.raises(Refused) as refusal:
        reason(half + "دلیل بازگرداندن")
    assert refusal.value.reason is Reason.BAD_INPUT
    assert refusal.value.details == {"reason": "string_unicode"}
    assert "string_unicode" in translations.group("field_error")


def test_half_a_character_in_a_secret_is_refused_too() -> None:
    with pytest.raises(Refused) as refusal:
        base.parse(auth_commands.SetPassword, {**STAMPS, "current": "0012345678", "new": "\ud800" * 12})
    assert refusal.value.details == {"new": "string_unicode"}


def test_a_name_has_one_line_and_keeps_its_spelling() -> None:
    content = {"officer": "modir", "full_name": " رأفت\r\nمؤمنی ", "roles": ["manager"], "provinces": ["isfahan"]}
    assert base.parse(auth_commands.AppointOfficer, {**STAMPS, **content}).full_name == "رأفت مؤمنی"


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("mobile", "+۹۸ ۹۱۳ ۱۲۳ ۴۵۶۷", "09131234567"),
        ("phone", "٠٣١-٣٢٢١ ١٢٢٣", "03132211223"),
        ("postal_code", "۸۱۶۳۷-۴۵۶۷۸", "8163745678"),
        ("address", "خیابانِ چهارباغ،\r\nکوچهٔ ۱۲", "خیابانِ چهارباغ، کوچهٔ ۱۲"),
        ("note", "لطفاً\r\nشمارهٔ پروانه\x00\u202e", "لطفاً\nشمارهٔ پروانه"),
    ],
)
def test_the_api_reads_a_declaration_as_the_page_does(field: str, typed: str, stored: str) -> None:
    form = {**samples.DECLARATION.model_dump(mode="json"), field: typed}
    submitted = base.parse(renewal_commands.SubmitDeclaration, {**STAMPS, **MEMBER, "form": form})
    assert getattr(submitted.form, field) == stored


def test_a_mine_that_stands_twice_in_two_spellings_is_the_same_mine() -> None:
    form = samples.DECLARATION.model_dump(mode="json")
    form["jobs"] = [form["jobs"][0], {**form["jobs"][0], "cadastre_code": "ك ۱۲/۸۸"}]
    form["jobs"][0]["cadastre_code"] = "ک-1288"
    with pytest.raises(Refused) as refusal:
        base.parse(renewal_commands.SubmitDeclaration, {**STAMPS, **MEMBER, "form": form})
    assert refusal.value.details == {"form.jobs": "same_mine_twice"}


def test_a_banks_reference_may_be_typed_in_any_digits() -> None:
    content = {**STAMPS, **MEMBER, "request": UUID(int=2), "bank_reference": " ۱۲۳٤٥-A\u200f"}
    assert base.parse(payment_commands.RecordRefund, content).bank_reference == "12345-A"
