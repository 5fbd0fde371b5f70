"""Two copies of the program, and rows that nobody expects: no message twice, and none that holds others up."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, delete, select, update

from services.notification.addresses import contacts
from services.notification.delivery.ways import Situation
from services.notification.delivery.worker import LEASE, Sender
from services.notification.notices import domain
from services.notification.providers.port import Delivery
from services.notification.tables import ATTEMPTS, CONTACTS, MESSAGES, NOTICES
from services.notification.timers import REPORTS, SENDING
from shared.contract.auth import events as auth
from shared.contract.notification.values import Way
from shared.contract.payment import events as payment
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from tests.services.notification import samples as s
from tests.services.notification.delivery.fake_provider import PowerCut
from tests.services.notification.delivery.test_worker import LATER, Office
from tests.services.notification.notices.test_subscriptions import STORY, follow

SMS = ("kavenegar", "09130000001")
MAIL = ("smtp", "ali@example.ir")
SLOW = timedelta(minutes=3)
"""What a provider that answers in drips may take for a message."""


@dataclass
class Clock:
    """The time, which goes on while a provider takes its own."""

    at: datetime = field(default=s.AT)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def office(records: Records) -> Office:
    return Office(records)


def test_no_other_copy_takes_what_a_slow_one_sends(office: Office) -> None:
    """The last message of a round is claimed when its turn comes, not when the round began."""
    follow(office.records, *STORY[3:], first=4)
    clock = Clock()
    office.sender = replace(office.sender, clock=clock)

    def meanwhile() -> None:
        clock.at += SLOW
        if len(office.kavenegar.got) == 2:
            office.kavenegar.meanwhile = lambda: None
            office.sender.send_due(clock.at)

    office.kavenegar.meanwhile = meanwhile
    office.sender.send_due(s.AT)
    assert clock.at > s.AT + LEASE
    assert len(office.kavenegar.got) == 4
    assert office.smsir.got == office.mail.got == []
    assert {state for _, state, _ in office.states()} == {"sent"}


def test_a_copy_that_was_held_up_before_the_call_does_not_send_what_another_has_taken(office: Office) -> None:
    held = Held(*vars(office.sender).values())
    held.run_round(s.AT)
    assert office.got() == [SMS]


class Held(Sender):
    """A copy that stands still after it has looked at a notice, while another one sends it."""

    def situation(self, connection: Connection, row: Any, at: datetime) -> Situation:
        found = super().situation(connection, row, at)
        if is_claimed(connection, row):
            Sender(*vars(self).values()).run_round(at + LEASE)
        return found


def is_claimed(connection: Connection, row: Any) -> bool:
    """Whether a notice is looked at to be sent: before that, with all others that are due."""
    timer = SENDING.find(connection, row.notice)
    return timer is not None and timer.tries > 0


def test_an_address_that_is_removed_at_this_moment_gets_nothing(office: Office) -> None:
    class Removing(Sender):
        def situation(self, connection: Connection, row: Any, at: datetime) -> Situation:
            found = super().situation(connection, row, at)
            if is_claimed(connection, row):
                self.records.write(lambda c: c.execute(delete(CONTACTS).where(CONTACTS.c.way == "sms")).close())
            return found

    Removing(*vars(office.sender).values()).run_round(s.AT)
    assert office.got() == []
    with office.records.read() as connection:
        assert [*connection.execute(select(MESSAGES))] == []


def test_a_reference_that_is_another_messages_marks_that_one_alone(office: Office) -> None:
    office.kavenegar.reference = "1234"
    office.run()
    follow(office.records, *STORY[3:4], first=4)
    office.run(LATER)
    with office.records.read() as connection:
        found = connection.execute(
            select(MESSAGES.c.way, MESSAGES.c.reference, ATTEMPTS.c.state)
            .join(ATTEMPTS, ATTEMPTS.c.attempt == MESSAGES.c.attempt)
            .order_by(MESSAGES.c.handed_at, ATTEMPTS.c.way.desc())
        ).all()
    assert [tuple(one) for one in found][:2] == [("sms", "1234", "delivered"), ("sms", "", "failed")]
    assert office.got() == [SMS, SMS, MAIL], "whether the second one was sent is not known"


def test_a_report_about_an_address_of_before_stops_no_new_one(office: Office) -> None:
    office.kavenegar.delivery = Delivery.PENDING
    follow(office.records, *STORY[3:], first=4)
    office.run()
    new: dict[str, Any] = {"address": uuid4(), "value": "09139999999", "failures": 2}
    office.records.write(lambda c: contacts.change(c, s.PERSON, Way.SMS, **new))
    office.kavenegar.delivery = Delivery.FAILED
    office.sender.inquire_due(LATER)
    with office.records.read() as connection:
        row = connection.execute(select(CONTACTS).where(CONTACTS.c.way == "sms")).one()
    assert (row.failures, row.stopped_at) == (2, None)


@pytest.mark.parametrize("key", sorted(["", "no id", str(UUID(int=5))]))
def test_a_timer_of_no_notice_is_dropped_and_holds_none_up(
    office: Office, caplog: pytest.LogCaptureFixture, key: str
) -> None:
    office.records.write(lambda connection: SENDING.arm(connection, key, s.AT - timedelta(days=1)))
    office.run()
    assert office.got() == [SMS]
    assert "is dropped" in caplog.text
    with office.records.read() as connection:
        assert SENDING.find(connection, key) is None


def test_a_row_that_cannot_be_read_holds_none_up(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    follow(office.records, *STORY[3:], first=4)
    unread = update(NOTICES).where(NOTICES.c.kind == "approved").values(kind="of_tomorrow")
    office.records.write(lambda connection: connection.execute(unread).close())
    office.run()
    assert len(office.got()) == 3
    assert caplog.text.count("was not sent") == 1


@pytest.mark.parametrize("gone", [MESSAGES, NOTICES], ids=["message", "notice"])
def test_a_delivery_of_what_is_gone_is_asked_for_no_more(
    office: Office, caplog: pytest.LogCaptureFixture, gone: Any
) -> None:
    office.kavenegar.delivery = Delivery.PENDING
    office.run()
    office.records.write(lambda connection: connection.execute(delete(gone)).close())
    office.kavenegar.delivery = Delivery.DELIVERED
    office.sender.inquire_due(LATER)
    with office.records.read() as connection:
        assert REPORTS.owners_due(connection, LATER + timedelta(days=1)) == []
    assert "is asked for no more" in caplog.text


HELD = payment.PaymentHeld(**s.ABOUT, attempt=s.SETTLED.attempt, authority="A1", cause="amount", held_at=s.AT)
FINANCE = s.APPOINTED.model_copy(update={"officer": "reza", "roles": (Role.FINANCE,)})
DISMISSED = auth.OfficerDismissed(officer="reza", dismissed_by="officer:admin", dismissed_at=s.AT)


@pytest.mark.parametrize(
    ("change", "passed"),
    [
        (DISMISSED, "dismissed"),
        (FINANCE.model_copy(update={"provinces": ("fars",)}), "dismissed"),
        (FINANCE.model_copy(update={"roles": (Role.AUDITOR,)}), "dismissed"),
        (FINANCE.model_copy(update={"roles": (Role.AUDITOR, Role.FINANCE)}), ""),
    ],
    ids=["dismissed", "elsewhere", "another-role", "still-there"],
)
def test_an_officer_is_told_what_the_office_is_told_as_long_as_the_appointment_holds(
    records: Records, change: Any, passed: str
) -> None:
    office = Office(records)
    row = {"person": "officer:reza", "way": "email", "member": "", "value": "reza@example.ir", "address": uuid4()}
    records.write(lambda connection: connection.execute(CONTACTS.insert().values(**row, proved_at=s.AT)).close())
    follow(records, FINANCE, HELD, change, first=10)
    office.run()
    with records.read() as connection:
        query = select(NOTICES.c.passed).where(NOTICES.c.person == "officer:reza")
        assert connection.execute(query).scalar_one() == passed
    assert (("smtp", "reza@example.ir") in office.got()) == (not passed)


def test_what_an_officer_has_sent_once_more_goes_though_the_first_message_arrives_now(office: Office) -> None:
    office.kavenegar.delivery = Delivery.PENDING
    office.run()
    notice = office.notice.notice
    resend = domain.Resend(uuid4(), LATER, s.OFFICER)
    office.records.handle(domain.stream_of(s.PERSON, notice), resend, domain.NOTICE)
    office.kavenegar.delivery = Delivery.DELIVERED
    office.run(LATER)
    assert office.got() == [SMS, SMS]


def test_what_one_copy_sends_at_this_moment_no_other_looks_for(records: Records) -> None:
    """The report about the first message comes while the second one is on its way, and its provider does not have that yet."""
    office = Office(records, finds=True)
    office.kavenegar.delivery = Delivery.PENDING
    office.run()
    resend = domain.Resend(uuid4(), LATER, s.OFFICER)
    records.handle(domain.stream_of(s.PERSON, office.notice.notice), resend, domain.NOTICE)

    def other_copy() -> None:
        office.kavenegar.meanwhile = lambda: None
        office.kavenegar.delivery = Delivery.DELIVERED
        office.run(LATER + SLOW)

    office.kavenegar.meanwhile = other_copy
    office.run(LATER)
    office.run(LATER + 2 * LEASE)
    assert office.got() == [SMS, SMS]
    assert office.states() == [("kavenegar", "delivered", ""), ("kavenegar", "delivered", "")]


def test_a_message_whose_reference_is_stored_was_accepted(office: Office) -> None:
    """The program ended between the provider's yes and the event."""
    office.kavenegar.cut_after = True

    with pytest.raises(PowerCut):
        office.run()
    office.kavenegar.cut_after = False
    office.records.write(lambda c: c.execute(update(MESSAGES).values(reference="77")).close())
    office.run(s.AT + LEASE)
    office.run(LATER)
    assert office.got() == [SMS]
    assert office.states() == [("kavenegar", "delivered", "")]


def test_a_clock_that_is_set_back_while_a_message_is_sent_sends_no_second_one(office: Office) -> None:
    clock = Clock()
    office.sender = replace(office.sender, clock=clock)
    office.kavenegar.delivery = Delivery.PENDING

    def set_back() -> None:
        clock.at = s.AT - timedelta(hours=1)

    office.kavenegar.meanwhile = set_back
    office.sender.send_due(s.AT)
    for seconds in range(5):
        clock.at += timedelta(seconds=seconds)
        office.sender.send_due(clock.at)
    assert office.got() == [SMS]


def test_a_report_timer_that_cannot_be_read_holds_no_other_up(office: Office) -> None:
    office.sender.send_due(s.AT)
    office.records.write(lambda connection: REPORTS.arm(connection, "no id", s.AT, owner="kavenegar"))
    office.sender.inquire_due(LATER)
    assert office.states() == [("kavenegar", "delivered", "")]
    with office.records.read() as connection:
        assert REPORTS.find(connection, "no id") is None


class Cut:
    """Ends the program before or after the so-manieth step: a transaction, or a message at a provider."""

    def __init__(self, office: Office, step: int) -> None:
        self.left = step
        for name in ("kavenegar", "smsir", "mail"):
            provider = getattr(office, name)
            provider.send = self.watched(provider.send)
        database = office.records.database
        database.write = self.watched(database.write)  # type: ignore[method-assign]

    def watched(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any) -> Any:
            self.count()
            done = work(*arguments)
            self.count()
            return done

        return step

    def count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise PowerCut


@pytest.mark.parametrize("finds", [False, True])
@pytest.mark.parametrize("step", range(1, 21))
def test_wherever_the_program_ends_a_person_is_told_once(records: Records, step: int, finds: bool) -> None:
    office = Office(records, finds=finds)
    write = records.database.write
    cut = Cut(office, step)
    try:
        for seconds in (0, 5):
            office.sender.run_round(s.AT + timedelta(seconds=seconds))
    except PowerCut:
        pass
    records.database.write = write  # type: ignore[method-assign]
    cut.left = 0
    for minutes in (6, 15, 30):
        office.run(s.AT + timedelta(minutes=minutes))
    assert len(office.kavenegar.got) + len(office.smsir.got) <= 1
    assert office.notice.delivered_at or office.mail.got
    assert len(office.got()) == 1 or not finds
