"""Rows of a register file, parsed or with error codes."""

from datetime import date

import pytest

from services.auth.register import import_file
from shared import translations
from shared.contract.values import Licence, LicenceField, MemberClass
from tests.services.auth.samples import ROW

WITHOUT = {"member_class": "unlicensed", "licence_fields": "", "licence_expires_on": ""}


def test_a_row_is_read_in_any_digits_and_letters() -> None:
    assert vars(import_file.parse(ROW)) == {
        "member": "012345",
        "national_code": "0019378653",
        "first_name": "آرمين",
        "last_name": "سنگ‌تراش",
        "province": "isfahan",
        "licence": Licence(
            member_class=MemberClass.GRADE_2,
            fields=(LicenceField.EXTRACTION, LicenceField.EXPLORATION),
            expires_on=date(2028, 3, 19),
        ),
        "paid_through": 1404,
    }


@pytest.mark.parametrize(
    "fields", ["exploration extraction", "EXTRACTION;exploration;extraction", " exploration ;\textraction"]
)
def test_fields_stand_in_one_order_however_they_are_parted(fields: str) -> None:
    assert import_file.parse(ROW | {"licence_fields": fields}).licence.fields == (
        LicenceField.EXTRACTION,
        LicenceField.EXPLORATION,
    )


def test_a_row_may_be_written_in_persian_words() -> None:
    entry = import_file.parse(
        ROW | {"province": "اصفهان", "member_class": "پايهٔ ۲", "licence_fields": "نقشه‌برداری، فرآوري"}
    )
    assert entry.province == "isfahan"
    assert entry.licence.member_class is MemberClass.GRADE_2
    assert entry.licence.fields == (LicenceField.PROCESSING, LicenceField.SURVEYING)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("استخراج معدن", LicenceField.EXTRACTION),
        ("پی‌جویی و اکتشاف", LicenceField.EXPLORATION),
        ("پی جوئی", LicenceField.EXPLORATION),
        ("فرآوری/کانه آرایی", LicenceField.PROCESSING),
        ("فراوري مواد معدني", LicenceField.PROCESSING),
        ("متالورژی استخراجی", LicenceField.METALLURGY),
        ("نقشه برداری معدن", LicenceField.SURVEYING),
    ],
)
def test_a_field_may_have_its_fuller_name(typed: str, field: LicenceField) -> None:
    assert import_file.parse(ROW | {"licence_fields": typed}).licence.fields == (field,)


def test_a_name_keeps_its_spelling() -> None:
    entry = import_file.parse(ROW | {"first_name": "  فاطمة\u200f ", "last_name": "مــؤمنيِ رأفت‌نژاد"})
    assert (entry.first_name, entry.last_name) == ("فاطمة", "مؤمنيِ رأفت‌نژاد")


def test_a_member_without_licence_who_never_paid() -> None:
    entry = import_file.parse(ROW | WITHOUT | {"paid_through": ""})
    assert (entry.licence, entry.paid_through) == (Licence(member_class=MemberClass.UNLICENSED), None)


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("membership_no", "", "missing"),
        ("membership_no", "12", "string_pattern_mismatch"),
        ("membership_no", "A1234", "string_pattern_mismatch"),
        ("national_code", "", "missing"),
        ("national_code", "0684159415", "national_code_wrong"),
        ("first_name", "", "missing"),
        ("first_name", "آ", "string_too_short"),
        ("first_name", "ن" * 61, "string_too_long"),
        ("last_name", "=2+5", "string_pattern_mismatch"),
        ("last_name", "Smith", "string_pattern_mismatch"),
        ("province", "", "missing"),
        ("province", "atlantis", "enum"),
        ("member_class", "", "missing"),
        ("member_class", "grade_9", "enum"),
        ("licence_fields", "extraction;alchemy", "enum"),
        ("licence_fields", "معدن", "enum"),
        ("licence_fields", "", "missing"),
        ("licence_expires_on", "1404/12/30", "date_from_datetime_parsing"),
        ("licence_expires_on", "2028-03-19", "date_from_datetime_parsing"),
        ("licence_expires_on", "", "missing"),
        ("paid_through", "04", "year_wrong"),
        ("paid_through", "2026", "year_wrong"),
    ],
)
def test_a_wrong_column_is_named_with_its_code(column: str, text: str, code: str) -> None:
    with pytest.raises(import_file.WrongRow) as wrong:
        import_file.parse(ROW | {column: text})
    assert wrong.value.errors == {column: code}
    assert code in translations.group("field_error")
    assert not text or text not in repr(wrong.value)


def test_a_licence_belongs_to_a_grade_only() -> None:
    with pytest.raises(import_file.WrongRow) as wrong:
        import_file.parse(ROW | {"member_class": "intern"})
    assert wrong.value.errors == dict.fromkeys(("licence_fields", "licence_expires_on"), "no_licence_expected")


def test_every_wrong_and_every_missing_column_is_named_at_once() -> None:
    with pytest.raises(import_file.WrongRow) as wrong:
        import_file.parse({"national_code": "1", "province": "fars", "member_class": "intern"})
    assert wrong.value.errors == {
        "membership_no": "missing",
        "national_code": "national_code_wrong",
        "first_name": "missing",
        "last_name": "missing",
        "licence_fields": "missing",
        "licence_expires_on": "missing",
        "paid_through": "missing",
    }


def test_an_entry_does_not_print_its_person() -> None:
    assert "0019378653" not in repr(import_file.parse(ROW))
