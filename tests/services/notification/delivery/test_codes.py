"""Codes that prove an address: sent by the first provider that takes them, each try with a new one, and never stored."""

from datetime import timedelta
from itertools import count

import pytest

from services.notification import templates
from services.notification.addresses import proof
from services.notification.addresses.proof import NewAddress
from services.notification.delivery.codes import LEASE, CodeSender
from services.notification.providers.port import Outcome
from services.notification.tables import CONTACTS
from services.notification.timers import CODES
from shared.contract.notification.values import Way
from shared.event_store.command_handler import Records
from shared.settings import Settings
from tests.services.notification import samples as s
from tests.services.notification.delivery.fake_provider import FakeProvider

NUMBER = "09131234567"
TEXTS = templates.load(Settings().templates_folder, Settings().portal_url)


class Desk:
    """Two SMS providers, and a person who awaits a code."""

    def __init__(self, records: Records) -> None:
        self.database = records.database
        self.first, self.second = FakeProvider("kavenegar", Way.SMS), FakeProvider("smsir", Way.SMS)
        self.numbers = count(111_111)
        self.expect(NUMBER)

    def expect(self, number: str, after: timedelta = timedelta()) -> None:
        new = NewAddress(s.PERSON, Way.SMS, number, s.AT + after)
        self.database.write(lambda connection: proof.expect(connection, new, b"key"))

    def send(self, after: timedelta = timedelta()) -> None:
        new_code = lambda: str(next(self.numbers))  # noqa: E731 - a stand-in for chance
        sender = CodeSender(self.database, (self.first, self.second), TEXTS, new_code, lambda: s.AT + after)
        sender.send_due()

    def texts(self) -> list[str]:
        return [message.text for provider in (self.first, self.second) for message in provider.got]

    def is_awaited(self) -> bool:
        with self.database.read() as connection:
            return CODES.find(connection, f"{s.PERSON}/sms") is not None


@pytest.fixture
def desk(records: Records) -> Desk:
    return Desk(records)


def test_a_code_goes_once_to_the_number_and_is_stored_as_a_hash_alone(desk: Desk) -> None:
    desk.send()
    desk.send(timedelta(minutes=5))
    [text] = desk.texts()
    assert "111111" in text
    with desk.database.read() as connection:
        [row] = connection.execute(CONTACTS.select())
    assert "111111" not in repr(row)


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.UNKNOWN])
def test_where_one_provider_does_not_take_it_the_next_one_gets_the_same_code(desk: Desk, outcome: Outcome) -> None:
    desk.first.outcomes = [outcome]
    desk.send()
    assert len(desk.second.got) == 1
    assert {"111111" in text for text in desk.texts()} == {True}
    assert not desk.is_awaited()


def test_where_none_takes_it_it_is_tried_again_with_another_code(desk: Desk) -> None:
    desk.first.outcomes, desk.second.outcomes = [Outcome.REFUSED], [Outcome.REFUSED]
    desk.send()
    assert desk.is_awaited()
    desk.send(timedelta(minutes=1))
    [text] = desk.texts()
    assert "111112" in text


def test_where_it_may_come_no_other_code_makes_it_wrong(desk: Desk) -> None:
    desk.first.outcomes, desk.second.outcomes = [Outcome.UNKNOWN], [Outcome.REFUSED]
    desk.send()
    assert not desk.is_awaited()


def test_a_code_that_nobody_awaits_any_more_is_not_sent(desk: Desk) -> None:
    desk.send(proof.CODE_HOLDS_FOR + timedelta(seconds=1))
    assert desk.texts() == []
    assert not desk.is_awaited()


def test_a_code_for_another_address_is_sent_though_it_was_asked_for_while_the_first_one_was_sent(desk: Desk) -> None:
    minute = timedelta(minutes=1)
    desk.first.meanwhile = lambda: desk.expect("09139999999", minute)
    desk.send()
    desk.first.meanwhile = lambda: None
    desk.send(minute)
    assert [message.address for message in desk.first.got] == [NUMBER, "09139999999"]


def test_while_one_copy_sends_a_code_another_one_does_not(desk: Desk) -> None:
    desk.first.meanwhile = lambda: desk.send(timedelta(minutes=1, seconds=40)) if not desk.first.got else None
    desk.send()
    assert len(desk.texts()) == 1
    assert timedelta(minutes=1, seconds=40) < LEASE


def test_a_key_that_cannot_be_read_is_dropped_and_holds_no_code_up(desk: Desk) -> None:
    desk.database.write(lambda connection: CODES.arm(connection, f"{s.PERSON}/fax", s.AT - timedelta(days=1)))
    desk.send()
    assert len(desk.texts()) == 1
    with desk.database.read() as connection:
        assert CODES.find(connection, f"{s.PERSON}/fax") is None
