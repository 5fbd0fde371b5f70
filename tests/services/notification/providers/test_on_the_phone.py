"""The adapters of a development instance on the phone's fakes: both sides speak the same dialects, whatever goes wrong."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest

from services.notification.providers import registry
from services.notification.providers.port import Delivery, Message, Outcome, Provider
from shared.contract.notification.values import Way
from shared.settings import Settings, SmsProvider
from tests.support import phone as phones
from tests.support.phone import NUMBER, Phone

ORDER: tuple[SmsProvider, ...] = ("kavenegar", "smsir", "melipayamak", "ghasedak")
TEMPLATE = "371085"
MAILBOX = "reza@example.ir"


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    with phones.running(tmp_path) as phone:
        for provider in ORDER:
            phone.register(provider, TEMPLATE, "درخواست {tracking_code} تأیید شد: {amount} ریال تا {until}")
        yield phone


@pytest.fixture(params=[*ORDER, "smtp"])
def provider(request: pytest.FixtureRequest, phone: Phone) -> Provider:
    port = urlsplit(phone.url).port
    settings = Settings.model_validate(
        {"development": True, "sms_providers": ORDER, "phone_port": port, "phone_smtp_port": phone.smtp_port}
    )
    return next(one for one in registry.providers(settings) if one.name == request.param)


def message(provider: Provider, attempt: UUID | None = None) -> Message:
    return Message(
        attempt=attempt or uuid4(),
        address=NUMBER if provider.capabilities.way is Way.SMS else MAILBOX,
        template=TEMPLATE,
        tokens={"tracking_code": "K-12", "amount": "۹٬۰۰۰", "until": "۱۴۰۶/۰۱/۳۱"},
        text="درخواست K-12 تأیید شد: ۹٬۰۰۰ ریال تا ۱۴۰۶/۰۱/۳۱",
        subject="درخواست تأیید شد",
        html="<p>درخواست تأیید شد</p>",
    )


def state(provider: Provider, reference: str) -> Delivery:
    return provider.deliveries([reference])[reference]


def test_a_message_arrives_with_its_words_and_is_reported(phone: Phone, provider: Provider) -> None:
    sent = message(provider)
    answer = provider.send(sent)
    assert answer.outcome is Outcome.ACCEPTED
    [shown] = phone.messages(sent.address)
    assert shown["text"].strip() == sent.text
    if provider.capabilities.reports_delivery:
        assert state(provider, answer.reference) is Delivery.PENDING
        phone.clock.advance(2)
        assert state(provider, answer.reference) is Delivery.DELIVERED


def test_what_was_refused_was_not_sent(phone: Phone, provider: Provider) -> None:
    for fault in ("no_credit", "error_answer", "down"):
        phone.switch(provider.name, fault)
        outcome = provider.send(message(provider)).outcome
        assert outcome is Outcome.REFUSED or (outcome is Outcome.UNKNOWN and fault == "error_answer"), fault
    assert phone.messages() == []
    assert provider.send(message(provider)).outcome is Outcome.ACCEPTED


def test_a_blocked_address_is_a_hard_failure_at_once_or_later(phone: Phone, provider: Provider) -> None:
    phone.switch(provider.name, "blocked")
    answer = provider.send(message(provider))
    found = answer.outcome if answer.outcome is not Outcome.ACCEPTED else state(provider, answer.reference)
    assert found in {Outcome.BLOCKED, Delivery.BLOCKED}


def test_what_never_arrives_stays_on_its_way(phone: Phone, provider: Provider) -> None:
    phone.switch(provider.name, "never_delivered")
    answer = provider.send(message(provider))
    phone.clock.advance(3_600)
    if provider.capabilities.reports_delivery:
        assert state(provider, answer.reference) is Delivery.PENDING


def test_a_lost_answer_is_no_yes_and_no_no_and_is_found_where_it_can_be(phone: Phone, provider: Provider) -> None:
    phone.clock.now = datetime.now(UTC)
    sent, other = message(provider), replace(message(provider), address="09350000001")
    phone.switch(provider.name, "answer_lost")
    assert provider.send(sent).outcome is Outcome.UNKNOWN
    assert len(phone.messages()) == 1
    if provider.capabilities.finds_by_attempt:
        found, none = provider.find(sent, phone.clock.now), provider.find(other, phone.clock.now)
        assert found is not None
        assert (found.outcome, none) == (Outcome.ACCEPTED, None)


def test_an_unknown_template_is_refused(phone: Phone, provider: Provider) -> None:
    if provider.capabilities.way is Way.SMS:
        assert provider.send(replace(message(provider), template="404")).outcome is Outcome.REFUSED
        assert phone.messages() == []


def test_a_delivery_that_is_reported_twice_is_the_same_delivery(phone: Phone, provider: Provider) -> None:
    answer = provider.send(message(provider))
    if provider.capabilities.status_batch_max > 1:
        phone.switch(provider.name, "delivery_twice")
        assert state(provider, answer.reference) is Delivery.PENDING
