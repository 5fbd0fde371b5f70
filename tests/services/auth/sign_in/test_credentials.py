"""Passwords and first credentials."""

import unicodedata
from collections.abc import Callable
from typing import Any, Literal

import pytest

from services.auth.sign_in import credentials
from services.auth.sign_in.credentials import Passwords, StoredCredential
from shared.contract.refusals import Reason, Refused
from shared.text import persian

CODE = "0019378653"
FRESH = StoredCredential("member:0123", None, is_own=False, national_code=CODE)
NOBODY = StoredCredential("member:9999", None, is_own=False, national_code=None)


def test_a_password_is_kept_as_a_salted_argon2id_hash_at_the_recommended_cost() -> None:
    passwords = Passwords()
    one, other = passwords.hash("a long enough one"), passwords.hash("a long enough one")
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != other
    assert passwords.verify(one, "a long enough one")
    assert not passwords.verify(one, "a long enough two")


def test_a_broken_hash_opens_nothing(passwords: Passwords) -> None:
    assert not passwords.verify("not a hash", "anything")


@pytest.mark.parametrize("typed", [CODE, "19378653", "۰۰۱۹۳۷۸۶۵۳", "١٩٣٧٨٦٥٣", " 001-937865-3 "])
def test_a_national_code_opens_the_account_however_it_is_typed(passwords: Passwords, typed: str) -> None:
    first = credentials.verify(passwords, FRESH, typed)
    assert first is not None
    assert credentials.verify(
        passwords, StoredCredential("member:0123", first, is_own=False, national_code=CODE), typed
    )


@pytest.mark.parametrize("typed", ["1275260187", "", "0019378654", "۰۰۱۹۳۷۸۶۵", "x" * 10_000])
def test_anything_else_does_not(passwords: Passwords, typed: str) -> None:
    first = passwords.hash(CODE)
    assert not credentials.verify(passwords, FRESH, typed)
    assert not credentials.verify(
        passwords, StoredCredential("member:0123", first, is_own=False, national_code=CODE), typed
    )
    assert not credentials.verify(passwords, NOBODY, typed)


def test_an_own_password_replaces_the_national_code(passwords: Passwords) -> None:
    own = StoredCredential(
        "member:0123", passwords.hash(credentials.canonical("kooh-e-1405!")), is_own=True, national_code=CODE
    )
    assert credentials.verify(passwords, own, "kooh-e-1405!")
    assert credentials.verify(passwords, own, "kooh-e-۱۴۰۵!")
    assert not credentials.verify(passwords, own, CODE)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("typed", ["گذرواژهٔ کوه‌آيينِ ٣", "گذرواژۀ كوه‌آیینِ 3", "گذرواژه کوهآيين ۳"])
def test_a_password_opens_from_every_keyboard_and_in_every_unicode_form(
    passwords: Passwords, typed: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"]
) -> None:
    own = StoredCredential(
        "member:0123", passwords.hash(credentials.canonical("گذرواژهٔ کوه‌آیین ۳")), is_own=True, national_code=CODE
    )
    assert credentials.verify(passwords, own, unicodedata.normalize(form, typed))
    assert not credentials.verify(passwords, own, typed + "۱")


@pytest.mark.parametrize("password", ["گذرواژهٔ قديمِ كوه", "Ａbc\u200c dé fgh", "ﻋﻠﻲ  و كوه ها"])
def test_a_hash_from_before_letters_were_folded_still_opens(passwords: Passwords, password: str) -> None:
    as_hashed_then = unicodedata.normalize("NFKC", persian.digits_to_ascii(password))
    own = StoredCredential("member:0123", passwords.hash(as_hashed_then), is_own=True, national_code=CODE)
    assert credentials.verify(passwords, own, password)


def test_capitals_count(passwords: Passwords) -> None:
    own = StoredCredential(
        "member:0123", passwords.hash(credentials.canonical("Kooh-e-Safeh")), is_own=True, national_code=CODE
    )
    assert not credentials.verify(passwords, own, "kooh-e-safeh")


@pytest.mark.parametrize("typed", ["wrong password", "گذرواژهٔ غلط"])
def test_an_account_that_does_not_exist_takes_as_long_as_one_that_does(typed: str) -> None:
    verified: list[str] = []

    def run(function: Callable[..., Any], *arguments: Any) -> Any:
        verified.append(function.__name__)
        return function(*arguments)

    counted = Passwords(run)
    own = StoredCredential("member:0123", counted.hash("a long enough one"), is_own=True, national_code=CODE)
    costs = set()
    for kept in (NOBODY, FRESH, own):
        verified.clear()
        assert not credentials.verify(counted, kept, typed)
        costs.add(len(verified))
    assert len(costs) == 1


@pytest.mark.parametrize(
    ("principal_kind", "name", "account"),
    [
        ("member", "۰۱۲-۳۴۵", "member:012345"),
        ("member", " 012345 ", "member:012345"),
        ("member", "nobody", "member:nobody"),
        ("officer", "Modir ", "officer:modir"),
    ],
)
def test_an_account_is_found_however_its_name_is_typed(principal_kind: str, name: str, account: str) -> None:
    assert credentials.account_of(principal_kind, name) == account


def test_a_weak_password_is_refused_with_what_is_weak() -> None:
    for account, password, code in (
        ("member:0000012345", "x" * 9, "password_short:10"),
        ("officer:modir", "dorna-1405!", "password_short:12"),
        ("member:0000012345", "isfahan-1405", "password_personal"),
        ("member:0000012345", "اصفهان ۱۴۰۵ !", "password_personal"),
    ):
        with pytest.raises(Refused) as refusal:
            credentials.require_strong(password, account, (CODE, "isfahan"))
        assert (refusal.value.reason, refusal.value.details) == (Reason.WEAK_PASSWORD, {"password": code})
    credentials.require_strong("dorna-1405!", "member:0000012345", (CODE, "isfahan"))


def test_what_is_kept_does_not_print_itself() -> None:
    assert CODE not in repr(FRESH)
