"""Two copies of the program at one person's address on PostgreSQL: what is counted is counted one after another."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, insert, select

from services.notification.addresses import contacts, proof
from services.notification.addresses.proof import NewAddress
from services.notification.service import LOG
from services.notification.tables import CONTACTS
from shared.contract.notification.values import Way
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from tests.services.notification import samples as s
from tests.services.notification.addresses.test_contacts import NUMBER, Service
from tests.services.notification.two_copies import interleaved

COPIES = 9
KEY = b"key"
ADDRESS = UUID(int=7)


def outcome(work: object) -> str:
    try:
        work()  # type: ignore[operator]
    except Refused as refused:
        return refused.reason
    return ""


def test_tries_at_once_are_as_few_as_one_after_another(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database:
        service = Service(Records(database, LOG))
        service.expects()
        service.is_sent("123456")
    start = Barrier(COPIES)

    def guess(number: int) -> str:
        with closing(Database(postgres_url)) as copy:
            guessing = Service(Records(copy, LOG))
            start.wait()
            return outcome(lambda: guessing.types(f"{number:06}"))

    with ThreadPoolExecutor(COPIES) as threads:
        found = [*threads.map(guess, range(COPIES))]
    assert found.count(Reason.WRONG_CODE) == proof.CODE_TRIES_MAX
    assert found.count(Reason.TOO_MANY_ATTEMPTS) == COPIES - proof.CODE_TRIES_MAX


def expect(connection: Connection, person: str = s.PERSON, number: str = NUMBER) -> str:
    return outcome(lambda: proof.expect(connection, NewAddress(person, Way.SMS, number, s.AT), KEY))


def test_a_person_who_asks_twice_at_once_gets_one_code(postgres_url: str) -> None:
    assert interleaved(postgres_url, expect, expect) == Reason.TOO_MANY_ATTEMPTS


def test_persons_who_ask_at_once_for_codes_to_one_address_are_counted_together(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database:
        for number in range(proof.CODES_TO_ADDRESS_A_DAY_MAX - 1):
            assert database.write(lambda connection: expect(connection, f"member:{number:07}")) == ""  # noqa: B023
    last = interleaved(
        postgres_url,
        lambda connection: expect(connection, "member:0000020"),
        lambda connection: expect(connection, "member:0000021"),
    )
    assert last == Reason.TOO_MANY_ATTEMPTS


@pytest.fixture
def proved_url(postgres_url: str) -> str:
    """A database where a person has a proved address, with two failures behind it."""
    row = {"person": s.PERSON, "way": "sms", "member": s.MEMBER, "value": NUMBER, "address": ADDRESS, "failures": 1}
    with closing(Database(postgres_url)) as database:
        database.write(lambda connection: connection.execute(insert(CONTACTS).values(**row, proved_at=s.AT)).close())
    return postgres_url


def test_failures_that_two_copies_hear_of_at_once_are_both_counted(proved_url: str) -> None:
    def fail(connection: Connection) -> bool:
        return contacts.count_failure(connection, s.PERSON, Way.SMS, ADDRESS, s.AT + timedelta(minutes=1))

    assert interleaved(proved_url, fail, fail)
    with closing(Database(proved_url)) as database, database.read() as connection:
        row = connection.execute(select(CONTACTS)).one()
    assert (row.failures, row.stopped_at is not None) == (contacts.FAILURES_MAX, True)


def test_a_failure_of_an_address_that_is_replaced_at_this_moment_is_not_one_of_the_new_one(proved_url: str) -> None:
    def replace(connection: Connection) -> None:
        contacts.change(connection, s.PERSON, Way.SMS, address=uuid4(), failures=0)

    def fail(connection: Connection) -> bool:
        return contacts.count_failure(connection, s.PERSON, Way.SMS, ADDRESS, s.AT)

    assert not interleaved(proved_url, replace, fail)
    with closing(Database(proved_url)) as database, database.read() as connection:
        assert connection.execute(select(CONTACTS.c.failures)).scalar_one() == 0
