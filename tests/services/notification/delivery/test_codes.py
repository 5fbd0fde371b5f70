"""Codes that prove an address: sent by the first provider that takes them, each try with a new one, and never stored."""

from datetime import timedelta
from itertools import count

import pytest

from services.notification import templates
from services.notification.addresses import contacts
from services.notification.delivery import codes
from services.notification.providers.port import Outcome
from services.notification.tables import CODES, CONTACTS
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
        records.write(lambda connection: contacts.expect(connection, s.PERSON, Way.SMS, NUMBER, s.AT))

    def send(self, after: timedelta = timedelta()) -> None:
        new_code = lambda: str(next(self.numbers))  # noqa: E731 - a stand-in for chance
        codes.send_due(self.database, (self.first, self.second), TEXTS, new_code, s.AT + after)

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
    desk.send(contacts.CODE_HOLDS_FOR + timedelta(seconds=1))
    assert desk.texts() == []
    assert not desk.is_awaited()
