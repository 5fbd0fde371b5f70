from collections.abc import Collection
from string import Formatter

import pytest

from shared import translations
from shared.contract.values import EmploymentStatus, JobKind, LicenceField, MemberClass, Role

LANGUAGES = ("fa", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("employment_status", EmploymentStatus),
        ("job_kind", JobKind),
        ("licence_field", LicenceField),
        ("member_class", MemberClass),
        ("role", Role),
    ],
)
def test_every_code_has_one_label_in_each_language(group: str, codes: Collection[str], language: str) -> None:
    labels = translations.group(group, language)
    assert labels.keys() == set(codes)
    assert all(labels.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_is_twice_in_the_file(language: str) -> None:
    text = (translations.FOLDER / f"{language}.po").read_text(encoding="utf-8")
    entries = text.count("\nmsgctxt ")
    assert entries == sum(map(len, translations.catalogue(language).values()))


def test_the_languages_of_the_command_line_have_the_same_codes() -> None:
    for group in ("command_line", "command_line_text", "field_error", "refusal", "refusal_to_officer", "read"):
        assert translations.group(group, "fa").keys() == translations.group(group, "en").keys()


def test_a_text_names_the_same_values_in_each_language() -> None:
    english = translations.group("command_line_text", "en")
    for code, text in translations.group("command_line_text", "fa").items():
        assert values_of(text) == values_of(english[code]), code


def values_of(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text)} - {None}
