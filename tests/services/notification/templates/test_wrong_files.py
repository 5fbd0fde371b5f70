"""Every rule of the texts by a file that breaks it: the message names file, line, kind and field."""

from pathlib import Path
from typing import NamedTuple

import pytest

from services.notification import templates
from services.notification.providers import registry
from services.notification.templates.tokens import PERSONAL
from shared.policies.policy_files import PolicyError
from tests.services.notification.templates.samples import FOLDER, PORTAL, TEXT, folder_with, line_of

REJECTED_SMS = 'sms = "درخواست {tracking_code} رد شد.'
WRONG = {
    "token missing": (REJECTED_SMS, 'sms = "درخواست تمدید شما رد شد.', "[rejected] sms: lacks {tracking_code}"),
    "token missing in the inbox": (
        '{amount} ریال از پرداخت شما برای سال {year} در راه بازگشت به شماست. اگر تا چند روز کاری نرسید، با سازمان تماس بگیرید."\nsms',
        'پول شما در راه است."\nsms',
        "[money_back] inbox: lacks {amount}",
    ),
    "token of another kind": (
        'subject = "درخواست تمدید شما رد شد"',
        'subject = "{amount} ریال"',
        "[rejected] subject: {amount} is unknown here; known are {tracking_code}, {year}",
    ),
    "unknown token": ('title = "درخواست تمدید شما رد شد"', 'title = "{tracking}"', "[rejected] title: {tracking} is unk"),
    "token that only an SMS has": ('title = "عضویت شما تمدید شد"', 'title = "{portal}"', "] title: {portal} is unknown"),
    "half a brace": ('title = "عضویت شما تمدید شد"', 'title = "سال {year"', "] title: a brace is there without its other"),
    "too long": (
        REJECTED_SMS,
        f"{REJECTED_SMS}{'س' * 60}",
        f"[rejected] sms: takes 3 segments with the longest values and {PORTAL}, more than 2",
    ),
    "figures in an SMS": (
        "رو به پایان است:",
        "{remaining} P است:",
        "[capacity_nearly_used] sms: {remaining} is unknown here; known are {link}, {portal}, {year}",
    ),
    "unknown kind": ("[rejected]", '[refused]\ntitle = "رد"\n[rejected]', "[refused] is no kind of notice"),
    "unknown field": ('link = "/member/account"', 'fax = "x"\nlink = "/"', "[money_back] fax: Extra inputs are not perm"),
    "link elsewhere": ('link = "/member/account"', 'link = "https://elsewhere.example"', "[money_back] link: is no path"),
    "link to another host": ('link = "/member/account"', 'link = "//elsewhere.example"', "[money_back] link: is no path"),
    "link with a query": ('link = "/member/account"', 'link = "/member?next=x"', "[money_back] link: is no path"),
    "link to a year that it has not": ('link = "/second-factor"', 'link = "/a/{year}"', "[factor_changed] link: is no"),
    "link missing": ('link = "/member/account"', "", "[money_back] link: Field required"),
    "no title": ('title = "عضویت شما تمدید شد"', 'title = " "', "[payment_confirmed] title: String should have at least"),
    "title of two lines": ('title = "عضویت شما تمدید شد"', 'title = "a\\nb"', "[payment_confirmed] title: String should m"),
    "number for a text": ('title = "عضویت شما تمدید شد"', "title = 5", "[payment_confirmed] title: Input should be a valid"),
    "SMS without the provider's": ('provider_template = "tamdid-code"', "", "[code] has only one of sms and provider_t"),
    "e-mail without a subject": ('subject = "کد تأیید رایانامهٔ شما"', "", "[code] has only one of email and subject"),
    "variant with a deadline": (
        "خوداظهاری شما بازگشته است. اصلاحش کنید:",
        "تا {until}:",
        "[returned.without_until] sms: {until} is unknown here; known are {link}, {portal}, {tracking_code}, {year}",
    ),
    "unsubscribe elsewhere": (
        'unsubscribe_link = "/messages/ways"',
        'unsubscribe_link = "//elsewhere.example"',
        "[mail] unsubscribe_link: String should match",
    ),
    "no TOML": ('title = "عضویت شما تمدید شد"', "title = \n", "Invalid value (at line"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_wrong_file_is_refused_by_file_and_line(name: str, tmp_path: Path) -> None:
    right, wrong, problem = WRONG[name]
    text = TEXT.replace(right, wrong, 1)
    table = line_of(problem[: problem.index("]") + 1], text) if is_of_table(problem) else 0
    with pytest.raises(PolicyError) as refused:
        templates.load(folder_with(tmp_path, text), PORTAL)
    (message,) = str(refused.value).splitlines()
    place, _, said = message.partition(": ")
    assert problem in said
    assert place == f"{tmp_path / 'fa.toml'}:{table or line_of(wrong, text)}"


def is_of_table(problem: str) -> bool:
    """Whether it is told of the whole table, or of a field that is not there."""
    return problem.startswith("[") and ("] has" in problem or "required" in problem)


@pytest.mark.parametrize("token", sorted(PERSONAL))
def test_personal_data_is_in_no_message(token: str, tmp_path: Path) -> None:
    text = TEXT.replace(REJECTED_SMS, f"{REJECTED_SMS} {{{token}}}", 1)
    with pytest.raises(PolicyError, match=rf"fa.toml:[0-9]+: \[rejected\] sms: {{{token}}} would put personal data"):
        templates.load(folder_with(tmp_path, text), PORTAL)


def test_a_kind_that_is_missing_is_named_once(tmp_path: Path) -> None:
    before, _, rest = TEXT.partition("[expired]\n")
    text = before + "[approved]" + rest.partition("[approved]")[2]
    with pytest.raises(PolicyError) as refused:
        templates.load(folder_with(tmp_path, text), PORTAL)
    assert str(refused.value) == f"{tmp_path / 'fa.toml'}:1: [expired] is missing"


def test_an_empty_table_is_no_kind_that_is_there(tmp_path: Path) -> None:
    before, _, rest = TEXT.partition("[expired]\n")
    text = before + "[expired]\n[approved]" + rest.partition("[approved]")[2]
    with pytest.raises(PolicyError, match=rf"fa.toml:{line_of('[expired]')}: \[expired\] title: Field required"):
        templates.load(folder_with(tmp_path, text), PORTAL)


def test_a_notice_without_its_variant_is_named_at_its_table(tmp_path: Path) -> None:
    before, _, rest = TEXT.partition("[returned.without_until]\n")
    with pytest.raises(PolicyError) as refused:
        templates.load(folder_with(tmp_path, before + "[rejected]" + rest.partition("[rejected]")[2]), PORTAL)
    assert str(refused.value) == (
        f"{tmp_path / 'fa.toml'}:{line_of('[returned]')}: [returned.without_until] is missing"
    )


def test_a_notice_is_in_the_inbox(tmp_path: Path) -> None:
    start = TEXT.index("inbox", TEXT.index("[expired]"))
    text = TEXT[:start] + TEXT[TEXT.index("\n", start) :]
    with pytest.raises(PolicyError, match=r"\[expired\] has no text for the inbox"):
        templates.load(folder_with(tmp_path, text), PORTAL)


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    wrong = TEXT.replace('link = "/member"', 'link = "member"').replace('link = "/desk"', 'link = "desk"')
    with pytest.raises(PolicyError) as refused:
        templates.load(folder_with(tmp_path, wrong), PORTAL)
    lines = [int(line.split(":")[1]) for line in str(refused.value).splitlines()]
    assert len(lines) == 5
    assert lines == sorted(lines)


def test_a_line_inside_of_a_text_is_no_field_of_the_file(tmp_path: Path) -> None:
    text = TEXT.replace('email = """\nپروانهٔ', 'email = """\nlink = 1\n[code]\nپروانهٔ', 1).replace(
        'link = "/member"\n\n[password_changed]', 'link = "member"\n\n[password_changed]', 1
    )
    with pytest.raises(PolicyError) as refused:
        templates.load(folder_with(tmp_path, text), PORTAL)
    line = line_of('link = "member"', text)
    assert str(refused.value).startswith(f"{tmp_path / 'fa.toml'}:{line}: [licence_ends] link")


def test_a_long_portal_address_is_refused_before_it_makes_messages_dearer() -> None:
    with pytest.raises(PolicyError, match=r"\[approved\] sms: takes 3 segments with the longest values and https://a"):
        templates.load(FOLDER, f"https://{'a' * 60}.example")


def test_a_folder_without_texts_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"fa\.toml: can't be read"):
        templates.load(tmp_path, PORTAL)
    (tmp_path / "fa.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError, match=r"fa\.toml: can't be read"):
        templates.load(tmp_path, PORTAL)


class Takes(NamedTuple):
    """A provider's limits."""

    tokens_max: int = 9
    token_length_max: int = 99
    tokens_may_have_blanks: bool = False


UNFIT = {
    "tokens": (TEXT, Takes(tokens_max=1), "[request_received] sms: has 2 tokens, more than the 1 that some takes"),
    "length": (
        TEXT,
        Takes(token_length_max=15),
        "[request_received] sms: {until} may have 16 characters, more than the 15",
    ),
    "link": (
        TEXT.replace(REJECTED_SMS, 'sms = "{tracking_code} {link}', 1),
        Takes(token_length_max=25),
        f"[rejected] sms: {{link}} may have {len(PORTAL) + len('/member/renewal')} characters, more than the 25 that",
    ),
}


@pytest.mark.parametrize("name", sorted(UNFIT))
def test_tokens_that_a_provider_does_not_take_are_refused_by_file_and_line(name: str, tmp_path: Path) -> None:
    text, limits, problem = UNFIT[name]
    templates.load(folder_with(tmp_path, text), PORTAL, {"some": Takes()})
    with pytest.raises(PolicyError) as refused:
        templates.load(folder_with(tmp_path, text), PORTAL, {"some": limits})
    first = str(refused.value).splitlines()[0]
    table = line_of(problem.partition("]")[0] + "]", text)
    assert first.startswith(
        f"{tmp_path / 'fa.toml'}:{table + text.splitlines()[table:].index(sms_after(text, table)) + 1}: {problem}"
    )


def sms_after(text: str, line: int) -> str:
    return next(one for one in text.splitlines()[line:] if one.startswith("sms"))


def test_all_providers_take_the_texts_that_the_program_comes_with() -> None:
    assert templates.load(FOLDER, PORTAL, registry.CAPABILITIES) == templates.load(FOLDER, PORTAL)
