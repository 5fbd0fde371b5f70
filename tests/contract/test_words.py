"""The contract's messages: each has a docstring, each refusal a sentence in both languages, and no event a field for personal data."""

import re
from collections.abc import Iterator
from enum import EnumType
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from shared import translations
from shared.contract import base
from shared.contract.catalogue import ANSWERS, EVENTS, MESSAGES
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, events

SMELLS = {
    *("name", "names", "first", "last", "full", "father", "birth", "gender", "photo"),
    *("national", "identity", "passport", "iban", "pan", "card_number"),
    *("mobile", "phone", "telephone", "email", "mail", "address", "street", "city", "postal", "postcode"),
    *("password", "secret", "token", "session", "hash", "salt", "pin", "otp", "cookie", "phrase"),
    *("text", "reason", "comment", "message", "title", "client", "employer", "description"),
}
"""Parts of a field's name that speak of a person, of a secret, or of free text about a person."""
ARABIC_LETTERS = re.compile("[كيىة٠-٩]")
PERSIAN_LETTER = re.compile("[آ-ی]")
CLASSES: list[type[BaseModel]] = [*EVENTS.values(), *MESSAGES.values(), *ANSWERS.values()]


def fields(kind: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Every field of a model and of its parts."""
    for name, field in kind.model_fields.items():
        yield name, field.annotation
        for part in parts(field.annotation):
            yield from fields(part)


def parts(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models inside an annotation."""
    if isinstance(annotation, type) and not isinstance(annotation, EnumType) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from parts(argument)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_no_fact_has_a_field_for_personal_data_or_secrets(event: type[base.Event]) -> None:
    for name, annotation in fields(event):
        smells = annotation is not UUID and SMELLS & {name, *name.split("_")}
        assert not smells, f"{event.__name__}.{name} smells of {smells}: keep it in a row, and point to that"


def test_the_parts_of_a_fact_are_looked_at_too() -> None:
    assert {"cadastre_code", "member_class", "status"} <= {name for name, _ in fields(events.RenewalApproved)}


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}")
def test_a_class_of_the_contract_is_explained(kind: type[BaseModel]) -> None:
    assert kind.__doc__
    assert kind.__doc__.strip().endswith(".")


def test_an_event_is_declared_once_and_by_one_module() -> None:
    declared = (event for event in base.Event.__subclasses__() if event.__module__.startswith("shared."))
    assert sorted(EVENTS) == sorted(event.__name__ for event in declared)


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_has_its_sentence_in_both_languages(reason: Reason) -> None:
    refused = Refused(reason)
    must_be_readable(translations.refusal(refused, "fa"), translations.refusal(refused, "en"))


def test_every_sentence_is_of_a_reason() -> None:
    assert set(translations.group("refusal")) == set(translations.group("refusal", "en")) == set(Reason)


@pytest.mark.parametrize("reason", translations.group("refusal_to_officer"))
def test_an_officer_reads_another_sentence_than_the_member_where_it_says_what_to_do(reason: Reason) -> None:
    refused = Refused(reason)
    persian, english = (translations.refusal(refused, language, for_officer=True) for language in ("fa", "en"))
    must_be_readable(persian, english)
    assert persian != translations.refusal(refused, "fa")


@pytest.mark.parametrize("code", translations.group("field_error"))
def test_what_is_wrong_with_a_field_is_said_in_both_languages(code: str) -> None:
    numbers = {"two_readings": ":2500:2.5", "longer_than": ":300:301", "password_short": ":10", "password_long": ":200"}
    code += numbers.get(code, "")
    must_be_readable(translations.field_error(code, "fa"), translations.field_error(code, "en"))


def must_be_readable(persian: str, english: str) -> None:
    assert PERSIAN_LETTER.search(persian)
    assert not ARABIC_LETTERS.search(persian), "letters or digits of an Arabic keyboard"
    assert re.fullmatch(r"[A-Z].*[.]", english)
    assert english.isascii()
    assert persian.endswith((".", "؟"))


@pytest.mark.parametrize(("length", "said"), [(300, None), (301, "At most 300 characters are taken, and this has 301")])
def test_a_text_that_is_too_long_is_told_limit_and_length(length: int, said: str | None) -> None:
    """Never what was typed."""
    with pytest.raises(Refused) as refused:
        base.parse(commands.SubmitDeclaration, {"form": {"address": "ن" * length}})
    code = refused.value.details.get("form.address")
    assert (code and translations.field_error(code, "en").partition(":")[0]) == said
    assert "ن" not in str(refused.value.details)
