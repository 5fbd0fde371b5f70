"""What a notice says by each way, whatever its values are."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.templates.rendering import Rendered
from services.notification.templates.tokens import REMINDERS
from shared.contract.bounds import INSTANT_MAX, INSTANT_MIN, RIALS_MAX, YEAR_MAX, YEAR_MIN
from shared.contract.notification.values import NoticeKind, NoticeValues, Way
from tests.services.notification.templates.samples import PORTAL, TEXTS, UNTIL, VALUES

INSTANTS = st.datetimes(INSTANT_MIN.replace(tzinfo=None), INSTANT_MAX.replace(tzinfo=None), timezones=st.just(UTC))
HOSTILE = st.sampled_from(["<b>", "<img/src=x>", '"><a/href=x>', "{amount}", "&lt;"]) | st.text(
    "<>&\"'{}/=xA0 \n۷", max_size=12
)
NOTICES = st.builds(
    NoticeValues,
    tracking_code=st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", max_size=12) | HOSTILE,
    year=st.none() | st.integers(YEAR_MIN, YEAR_MAX),
    amount_rials=st.none() | st.integers(0, RIALS_MAX),
    until=st.none() | INSTANTS,
    count=st.none() | st.integers(0, 999_999),
)


class Document(HTMLParser):
    """The tags and addresses of an e-mail, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.sampled_from(sorted(NoticeKind)), NOTICES)
def test_no_value_breaks_a_text(kind: NoticeKind, values: NoticeValues) -> None:
    rendered = TEXTS.render(kind, values)
    assert rendered.segments <= 2
    assert not any(re.search(r"\s", token) for token in rendered.tokens.values()), "no provider's token may have one"
    left = {"{", "}"} - set(values.tracking_code)
    assert not left & set(f"{rendered.title}{rendered.inbox}{rendered.sms}{rendered.email_text}")
    assert "\n" not in rendered.subject
    document = Document(rendered.email_html)
    harmless = TEXTS.render(kind, values.model_copy(update={"tracking_code": "7K2M9QX4AB"}))
    assert document.tags == Document(harmless.email_html).tags
    assert rendered.tokens.get("tracking_code", "") in document.text
    assert all(link.startswith(f"{PORTAL}/") for link in document.links)


@pytest.mark.parametrize("kind", sorted(NoticeKind))
def test_markup_in_a_value_is_text(kind: NoticeKind) -> None:
    hostile = TEXTS.render(kind, VALUES.model_copy(update={"tracking_code": "<img/src=x>"}))
    assert Document(hostile.email_html).tags == Document(whole(kind).email_html).tags


@given(st.from_regex("[0-9]{6}", fullmatch=True), st.integers(1, 60))
def test_a_code_is_there_as_it_is_typed(code: str, minutes: int) -> None:
    rendered = TEXTS.render_code(code, minutes)
    assert code in rendered.sms.split()
    assert rendered.tokens["code"] == code
    assert rendered.segments == 1
    assert "{" not in rendered.sms + rendered.email_text


def test_a_member_reads_persian_digits_a_jalali_day_and_the_hour_in_tehran() -> None:
    rendered = TEXTS.render(NoticeKind.APPROVED, VALUES)
    assert "۹٬۰۰۰٬۰۰۰ ریال را تا شنبه ۲۹ اسفند ۱۴۰۵، ساعت ۲۳:۵۹ بپردازید" in rendered.inbox
    assert "۹٬۰۰۰٬۰۰۰ ریال را تا ۱۴۰۵/۱۲/۲۹-۲۳:۵۹ بپردازید" in rendered.sms
    assert rendered.tokens == {"amount": "۹٬۰۰۰٬۰۰۰", "until": "۱۴۰۵/۱۲/۲۹-۲۳:۵۹"}
    assert rendered.provider_template == "tamdid-approved"
    assert rendered.link == "/member/pay/1405"
    assert f'<a href="{PORTAL}/member/pay/1405">' in rendered.email_html
    assert f"{PORTAL}/member/pay/1405" in rendered.email_text


def test_a_minute_after_midnight_in_tehran_is_the_next_year() -> None:
    values = VALUES.model_copy(update={"until": datetime(2027, 3, 20, 20, 31, tzinfo=UTC)})
    assert "۱۴۰۶/۰۱/۰۱-۰۰:۰۱" in TEXTS.render(NoticeKind.APPROVED, values).sms


def test_tokens_are_in_the_order_of_the_provider_s_template() -> None:
    assert [*TEXTS.render(NoticeKind.REQUEST_RECEIVED, VALUES).tokens] == ["tracking_code", "until"]


@pytest.mark.parametrize("kind", [NoticeKind.REQUEST_RECEIVED, NoticeKind.RETURNED])
def test_a_notice_without_a_deadline_has_texts_of_its_own(kind: NoticeKind) -> None:
    dated, open_ended = (TEXTS.render(kind, VALUES.model_copy(update={"until": until})) for until in (UNTIL, None))
    assert "۱۴۰۵/۱۲/۲۹" in dated.sms
    assert dated.provider_template != open_ended.provider_template
    assert not [text for text in (open_ended.inbox, open_ended.sms, open_ended.email_text) if "–" in text]


def test_what_a_notice_has_not_is_a_dash_and_no_failure() -> None:
    assert TEXTS.render(NoticeKind.MONEY_BACK, NoticeValues(year=1405)).inbox.startswith("– ریال")


def test_an_e_mail_is_from_right_to_left_and_needs_nothing_from_elsewhere() -> None:
    for rendered in map(whole, NoticeKind):
        document = Document(rendered.email_html)
        assert rendered.email_html.startswith('<!doctype html>\n<html lang="fa" dir="rtl">')
        assert not {"img", "link", "script", "style", "iframe"} & set(document.tags)
        assert "url(" not in rendered.email_html
        plain = "".join(rendered.email_text.split())
        assert all("".join(line.split()) in plain for line in document.text.splitlines() if "سازمان نظام" in line)


def test_only_reminders_say_where_they_are_switched_off() -> None:
    choices = f"{PORTAL}/messages/ways"
    with_a_link = {kind for kind in NoticeKind if choices in whole(kind).email_text}
    assert with_a_link == {kind for kind in NoticeKind if choices in whole(kind).email_html} == REMINDERS


def test_an_sms_has_no_page_but_the_portal_and_tokens_for_every_provider() -> None:
    """Providers approve a template with its address, and Kavenegar's has three tokens without blanks at most."""
    for rendered in map(whole, NoticeKind):
        assert len(rendered.tokens) <= 3
        assert re.findall(r"https?://\S+", rendered.sms) in ([], [PORTAL])


def test_the_ways_of_a_kind_are_those_that_it_has_texts_for() -> None:
    assert TEXTS.ways(NoticeKind.APPROVED, VALUES) == {Way.SMS, Way.EMAIL}
    assert TEXTS.ways(NoticeKind.DESK_DIGEST, VALUES) == {Way.EMAIL}
    assert whole(NoticeKind.DESK_DIGEST).segments == 0


def test_payment_unknown_says_not_to_pay_again_by_every_way() -> None:
    rendered = whole(NoticeKind.PAYMENT_UNKNOWN)
    texts = (rendered.title, rendered.inbox, rendered.sms, rendered.subject, rendered.email_text)
    assert all("دوباره پرداخت نکنید" in text for text in texts)


def whole(kind: NoticeKind) -> Rendered:
    """A notice with all its values."""
    return TEXTS.render(kind, VALUES)
