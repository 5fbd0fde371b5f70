"""A notice that an officer has sent once more, on SQLite and on PostgreSQL: one message, whatever became of those before."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete

from services.notification.notices import domain
from services.notification.providers.port import Delivery
from services.notification.tables import MESSAGES
from shared.event_store.command_handler import Records
from tests.services.notification import samples as s
from tests.services.notification.delivery.test_worker import LATER, Office

MUCH_LATER = s.AT + timedelta(days=400)
SMS = ("kavenegar", "09130000001")


def resend(office: Office, at: object) -> None:
    notice: UUID = office.notice.notice
    command = domain.Resend(uuid4(), at, s.OFFICER)  # type: ignore[arg-type]
    office.records.handle(domain.stream_of(s.PERSON, notice), command, domain.NOTICE)


def test_after_the_retention_it_is_sent_once(records: Records) -> None:
    office = Office(records)
    office.run()
    records.write(lambda connection: connection.execute(delete(MESSAGES)).close())
    resend(office, MUCH_LATER)
    for minutes in (0, 5, 10):
        office.run(MUCH_LATER + timedelta(minutes=minutes))
    assert office.got() == [SMS, SMS]


def test_a_report_about_an_earlier_message_is_no_try_of_the_new_one(records: Records) -> None:
    office = Office(records)
    office.kavenegar.delivery = Delivery.PENDING
    office.run()
    resend(office, LATER)
    office.kavenegar.delivery = Delivery.FAILED
    office.sender.inquire_due(LATER + timedelta(minutes=1))
    office.kavenegar.delivery = Delivery.DELIVERED
    office.run(LATER + timedelta(minutes=2))
    assert office.got() == [SMS, SMS]


def test_a_clock_that_was_set_back_before_it_loses_none(records: Records) -> None:
    office = Office(records)
    office.run(LATER)
    resend(office, LATER - timedelta(minutes=10))
    office.run(LATER + timedelta(minutes=1))
    assert office.got() == [SMS, SMS]
    office.run(LATER + timedelta(hours=1))
    assert office.got() == [SMS, SMS]
