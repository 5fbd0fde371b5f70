"""The password rule, as given (what everybody knows of the holder), when (a password), then (what is wrong with it)."""

import pytest

from services.auth.passwords import common_passwords
from services.auth.passwords.domain import letters, weakness

CODE = "0019378653"
HOLDER = ("0003412907", "آرمين", "سنگ‌تراش", CODE, "isfahan", "اصفهان")


def given_holder(*known: str, least: int = 10, present: str | None = None) -> "Holder":
    return Holder(known or HOLDER, least, present)


class Holder:
    """Somebody who sets a password."""

    def __init__(self, known: tuple[str, ...], least: int, present: str | None) -> None:
        self.known, self.least, self.present = known, least, present

    def when(self, password: str) -> str:
        return weakness(password, self.least, self.known, common_passwords.passwords(), self.present)


@pytest.mark.parametrize("password", [
    "123456789", "", " " * 12, "\u200c" * 12, "\u2800\u3164" * 6, "a" + " " * 11, "\u064b" * 12, "\u0301" * 12, "\u0378" * 12,
])  # fmt: skip
def test_what_cannot_be_seen_does_not_make_a_password_long(password: str) -> None:
    assert given_holder().when(password) == "password_short:10"


def test_the_least_length_is_the_callers() -> None:
    assert given_holder(least=12).when("dorna-1405!") == "password_short:12"
    assert given_holder(least=11).when("dorna-1405!") == ""


def test_a_password_ends_somewhere() -> None:
    assert given_holder().when("کوه و دره " * 19 + "!") == ""
    assert given_holder().when("کوه‌ها و دره‌ها " * 20) == "password_long:200"


@pytest.mark.parametrize("password", [
    "password123", "Password-1405", "pass.word.1405", "iloveyou2024", "sunshine1234", "manchester", "1q2w3e4r5t6y", "رمز عبور ۱۴۰۵",
    "گذرواژهٔ من", "استقلال ۱۴۰۵", "perspolis1405",
])  # fmt: skip
def test_a_common_password_is_refused_in_every_spelling_and_with_digits(password: str) -> None:
    assert given_holder().when(password) == "password_common"


@pytest.mark.parametrize("password", [
    "1234567890", "09131234567", "۰۹۱۳-۱۲۳-۴۵۶۷", "1405/07/15-12", "qwertyuiop", "POIUYTREWQ", "asdfghjkl;'", "qwerty-asdfg", "zxcvbnm,./",
    "abcdefghijkl", "ضصثقفغعهخح", "reza1234567", "!@#$%^&*()", "x" * 30, "ababababab", "hinahinahina", "kooh12kooh12", "aabbaabbccab",
])  # fmt: skip
def test_digits_rows_of_keys_and_repetitions_are_refused(password: str) -> None:
    assert given_holder().when(password) == "password_common"


@pytest.mark.parametrize("password", [
    CODE, "19378653-ab", "۰۰۱۹۳۷۸۶۵۳", "0003412907", "۰۰۰۳۴-۱۲۹۰۷", "3412907-isfahan", "آرمین سنگ تراش", "سنگ‌تراشِ اصفهان", "tamdid-1405",
    "تمدید عضویت ۱", "isfahan-1405", "Isfahan!Tamdid!", "آرمین ۱۳۵۷۰۹۱۲",
])  # fmt: skip
def test_words_that_everybody_knows_of_the_holder_make_no_password(password: str) -> None:
    assert given_holder().when(password) == "password_personal"


def test_the_name_of_an_officer_and_the_province_make_no_password() -> None:
    for password in ("modir-isfahan", "khazanedar-isfahan", "modir-fars-demo"):
        account = password.rpartition("-")[0]
        assert given_holder(account, "isfahan", "fars").when(password) == "password_personal"


def test_what_is_left_beside_a_name_must_be_a_password_of_its_own() -> None:
    assert given_holder().when("isfahan password1") == "password_common"
    assert given_holder().when("isfahan-zagros-dorna") == ""


def test_the_present_password_is_no_new_one_however_it_is_typed() -> None:
    holder = given_holder(present="کوه‌هاي زاگرس ۱۴۰۵")
    assert holder.when("کوه های زاگرس 1405") == ""
    assert holder.when("کوه‌های زاگرس 1405") == "password_unchanged"


@pytest.mark.parametrize("password", [
    "ten chars!", "kooh-e-1405", "a long enough one", "کوه‌های زاگرس ۱۴۰۵", "T7#kQ!vz2Lp", "lt3Yq-8dWm_R2xVbN0cJ", "#?!~&%$@=+|",
    "koohe-sefid-1405", "آب و آفتاب و نان",
])  # fmt: skip
def test_any_other_password_will_do(password: str) -> None:
    assert given_holder().when(password) == ""


def test_the_list_is_written_as_passwords_are_compared() -> None:
    assert len(common_passwords.passwords()) > 10_000
    assert [word for word in common_passwords.passwords() if letters(word) != word] == []
