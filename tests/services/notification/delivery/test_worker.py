"""The worker that sends what is due: once, through a crash at any point, by the next provider or way where one fails."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, insert, select

from services.notification import templates
from services.notification.addresses import contacts
from services.notification.delivery import breaker, reports
from services.notification.delivery.worker import LEASE, Sender
from services.notification.notices import domain
from services.notification.providers.port import Answer, Delivery, Outcome
from services.notification.tables import ATTEMPTS, CONTACTS, MESSAGES, NOTICES, STARTS
from services.notification.timers import SENDING
from shared.contract.notification.values import Way
from shared.event_store.command_handler import Records
from shared.event_store.epoch import begin_epoch
from shared.settings import Settings
from tests.services.notification import samples as s
from tests.services.notification.delivery.fake_provider import FakeProvider, PowerCut
from tests.services.notification.notices.test_subscriptions import STORY, follow

FIRST = STORY[:3]
LATER = s.AT + timedelta(minutes=15)


class Office:
    """A sender with two SMS providers and mail, and a member who has proved both addresses."""

    def __init__(self, records: Records, *, finds: bool = False) -> None:
        self.records = records
        self.kavenegar = FakeProvider("kavenegar", Way.SMS, finds=finds)
        self.smsir = FakeProvider("smsir", Way.SMS, finds=finds)
        self.mail = FakeProvider("smtp", Way.EMAIL, reports=False)
        self.sender = Sender(
            records,
            (self.kavenegar, self.smsir, self.mail),
            templates.load(Settings().templates_folder, "http://127.0.0.1:8000"),
        )
        records.write(self.prove)
        follow(records, *FIRST)

    @staticmethod
    def prove(connection: Connection) -> None:
        for way, value in (("sms", "09130000001"), ("email", "ali@example.ir")):
            row = {"person": s.PERSON, "way": way, "member": s.MEMBER, "value": value, "address": uuid4()}
            connection.execute(insert(CONTACTS).values(**row, proved_at=s.AT))

    def run(self, at: datetime = s.AT) -> None:
        """Rounds until nothing is due any more."""
        for _ in range(10):
            self.sender.run_round(at)

    def got(self) -> list[tuple[str, str]]:
        return [(one.name, message.address) for one in (self.kavenegar, self.smsir, self.mail) for message in one.got]

    @property
    def notice(self) -> Any:
        with self.records.read() as connection:
            return connection.execute(select(NOTICES)).one()

    def states(self) -> list[tuple[str, str, str]]:
        with self.records.read() as connection:
            query = select(ATTEMPTS.c.provider, ATTEMPTS.c.state, ATTEMPTS.c.cause).order_by(ATTEMPTS.c.at)
            return [tuple(row) for row in connection.execute(query)]


@pytest.fixture
def office(records: Records) -> Office:
    return Office(records)


def test_a_notice_is_sent_once_and_its_delivery_asked(office: Office) -> None:
    office.run()
    office.run(LATER)
    assert office.got() == [("kavenegar", "09130000001")]
    assert office.states() == [("kavenegar", "delivered", "")]
    assert office.notice.delivered_at is not None
    assert s.CODE in office.kavenegar.got[0].text


def test_what_one_provider_refuses_the_next_one_sends(office: Office) -> None:
    office.kavenegar.outcomes = [Outcome.REFUSED]
    office.run()
    assert office.got() == [("smsir", "09130000001")]


def test_what_is_not_delivered_goes_by_mail(office: Office) -> None:
    office.kavenegar.delivery = Delivery.FAILED
    office.run()
    office.run(LATER)
    assert office.got() == [("kavenegar", "09130000001"), ("smtp", "ali@example.ir")]


def test_what_is_accepted_and_never_delivered_goes_by_mail_after_a_while(office: Office) -> None:
    office.kavenegar.delivery = Delivery.PENDING
    office.run()
    assert office.got() == [("kavenegar", "09130000001")]
    office.run(LATER)
    assert office.got() == [("kavenegar", "09130000001"), ("smtp", "ali@example.ir")]


def test_where_it_is_not_known_whether_it_was_sent_it_goes_by_another_way(office: Office) -> None:
    office.kavenegar.outcomes = [Outcome.UNKNOWN]
    office.run()
    assert office.got() == [("kavenegar", "09130000001"), ("smtp", "ali@example.ir")]


def test_a_lost_answer_is_asked_for_where_the_provider_can_find_the_message(records: Records) -> None:
    office = Office(records, finds=True)
    office.kavenegar.outcomes = [Outcome.UNKNOWN]
    office.run()
    office.run(LATER)
    assert office.got() == [("kavenegar", "09130000001")]
    assert office.states() == [("kavenegar", "delivered", "")]


def test_what_the_provider_does_not_have_after_a_lost_answer_may_still_come(records: Records) -> None:
    office = Office(records, finds=True)
    office.kavenegar.outcomes, office.kavenegar.loses = [Outcome.UNKNOWN], True
    office.run()
    assert office.got() == [("smtp", "ali@example.ir")]


def test_a_message_is_not_found_in_one_of_before_to_the_same_number(records: Records) -> None:
    office = Office(records, finds=True)
    office.run()
    office.kavenegar.outcomes, office.kavenegar.loses = [Outcome.UNKNOWN], True
    follow(records, s.ISSUED, first=4)
    office.run()
    [first], [sought] = office.kavenegar.got, office.kavenegar.sought
    assert sought.others == {office.kavenegar.answer(first).reference}


def test_a_rehearsal_divides_what_is_waited_for(office: Office) -> None:
    office.sender = replace(office.sender, time_scale=600)
    office.kavenegar.delivery = Delivery.PENDING
    office.run()
    assert office.got() == [("kavenegar", "09130000001")]
    office.run(s.AT + timedelta(seconds=1))
    assert office.got() == [("kavenegar", "09130000001"), ("smtp", "ali@example.ir")]


def test_where_no_way_is_left_the_office_is_to_telephone(office: Office) -> None:
    office.kavenegar.outcomes, office.mail.outcomes = [Outcome.BLOCKED], [Outcome.REFUSED]
    office.run()
    assert office.got() == []
    assert office.notice.passed == "no_way"


@pytest.mark.parametrize("moment", ["cut_after", "cut_before"])
def test_after_a_power_cut_it_is_not_sent_again_by_that_way(office: Office, moment: str) -> None:
    setattr(office.kavenegar, moment, True)
    with pytest.raises(PowerCut):
        office.run()
    setattr(office.kavenegar, moment, False)
    office.run(s.AT + LEASE)
    sms = [("kavenegar", "09130000001")] if moment == "cut_after" else []
    assert office.got() == [*sms, ("smtp", "ali@example.ir")]


@pytest.mark.parametrize("moment", ["cut_after", "cut_before"])
def test_a_provider_that_can_be_asked_for_a_message_saves_the_other_way(records: Records, moment: str) -> None:
    office = Office(records, finds=True)
    setattr(office.kavenegar, moment, True)
    with pytest.raises(PowerCut):
        office.run()
    setattr(office.kavenegar, moment, False)
    office.run(s.AT + LEASE)
    office.run(LATER)
    expected = "kavenegar" if moment == "cut_after" else "smsir"
    assert office.got() == [(expected, "09130000001")]


def test_a_provider_that_fails_three_times_is_passed_for_a_minute(office: Office) -> None:
    office.kavenegar.outcomes = [Outcome.REFUSED] * 3
    office.run()
    follow(office.records, *STORY[3:5], first=4)
    office.run()
    follow(office.records, *STORY[5:], first=6)
    office.run()
    assert len(office.kavenegar.outcomes) == 0
    office.kavenegar.outcomes = [Outcome.REFUSED]
    follow(office.records, s.SUBMITTED.model_copy(update={"declaration_version": 2}), first=9)
    office.run()
    assert office.kavenegar.outcomes == [Outcome.REFUSED], "it was asked while it is passed"


@pytest.mark.parametrize(("cause", "failures"), [("account", 1), ("busy", 3), ("configuration", None), ("credit", 3)])
def test_a_provider_is_passed_at_once_for_a_wrong_key_and_not_for_a_wrong_template(
    office: Office, cause: str, failures: int | None
) -> None:
    for number in range(1, 4):
        answer = Answer(Outcome.REFUSED, cause=cause)
        office.records.write(partial(breaker.record_answer, provider="kavenegar", at=s.AT, answer=answer))
        with office.records.read() as connection:
            down = breaker.down(connection, s.AT)
        assert bool(down) == (failures is not None and number >= failures)


def test_a_clock_that_is_set_back_lets_a_provider_be_passed_no_longer(office: Office) -> None:
    answer = Answer(Outcome.REFUSED, cause="account")
    later = s.AT + timedelta(hours=1)
    office.records.write(partial(breaker.record_answer, provider="kavenegar", at=later, answer=answer))
    with office.records.read() as connection:
        assert breaker.down(connection, later) == {"kavenegar"}
        assert breaker.down(connection, s.AT) == frozenset()


@pytest.mark.parametrize(("cause", "said"), [("account", "our key"), ("configuration", "'tamdid-request-received'")])
def test_the_operator_is_told_what_a_provider_refuses_of_ours(
    office: Office, caplog: pytest.LogCaptureFixture, cause: str, said: str
) -> None:
    office.kavenegar.outcomes, office.kavenegar.cause = [Outcome.REFUSED], cause
    office.run()
    [error] = [one for one in caplog.records if one.levelname == "ERROR"]
    assert "kavenegar" in error.getMessage()
    assert said in error.getMessage()


@pytest.mark.parametrize(
    ("cause", "kept"),
    [
        ("", "refused"),
        ("account", "account"),
        ("anything", "refused"),
        ("configuration", "configuration"),
        ("credit", "credit"),
    ],
)
def test_an_officer_sees_why_a_provider_refused_and_the_next_one_sends(office: Office, cause: str, kept: str) -> None:
    office.kavenegar.outcomes, office.kavenegar.cause = [Outcome.REFUSED], cause
    office.run()
    assert office.got() == [("smsir", "09130000001")]
    assert ("kavenegar", "failed", kept) in office.states()


def test_an_address_that_fails_three_times_gets_no_messages_any_more(office: Office) -> None:
    office.kavenegar.outcomes = [Outcome.BLOCKED] * 3
    follow(office.records, *STORY[3:], first=4)
    office.run()
    with office.records.read() as connection:
        found = contacts.contacts_of(connection, s.PERSON)
    assert (found[Way.SMS].is_usable, found[Way.EMAIL].is_usable) == (False, True)


def test_a_member_without_an_address_has_the_inbox(records: Records) -> None:
    follow(records, *FIRST)
    office = Sender(
        records,
        (FakeProvider("kavenegar", Way.SMS),),
        templates.load(Settings().templates_folder, "http://127.0.0.1:8000"),
    )
    office.send_due(s.AT)
    with records.read() as connection:
        row = connection.execute(select(NOTICES)).one()
        assert row.passed == "no_address"
        assert [*connection.execute(select(MESSAGES))] == []
        assert SENDING.first_due(connection, LATER) is None


def test_what_needs_no_provider_is_ended_in_one_transaction(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(records, *STORY)
    write = Mock(side_effect=records.database.write)
    monkeypatch.setattr(records.database, "write", write)
    Sender(records, (), templates.load(Settings().templates_folder, "http://127.0.0.1:8000")).send_due(s.AT)
    assert write.call_count == 1
    with records.read() as connection:
        passed = connection.execute(select(NOTICES.c.passed)).scalars().all()
        assert sorted(passed) == ["no_address", "no_address", "no_address", "no_way"]
        assert SENDING.first_due(connection, LATER) is None


def test_an_officer_has_it_sent_once_more(office: Office) -> None:
    office.kavenegar.outcomes, office.mail.outcomes = [Outcome.BLOCKED], [Outcome.REFUSED]
    office.run()
    notice: UUID = office.notice.notice
    resend = domain.Resend(uuid4(), LATER, s.OFFICER)
    office.records.handle(domain.stream_of(s.PERSON, notice), resend, domain.NOTICE)
    office.run(LATER)
    assert office.got() == [("kavenegar", "09130000001")]


def test_after_a_restore_what_may_have_been_sent_meanwhile_is_not_sent(office: Office) -> None:
    restored_at = s.AT + timedelta(minutes=1)

    def restore(connection: Connection) -> None:
        epoch = begin_epoch(connection).epoch
        connection.execute(insert(STARTS).values(epoch=epoch, started_at=restored_at))

    office.records.write(restore)
    office.run(restored_at)
    assert office.got() == []
    assert office.notice.passed == "before_start"
    resend = domain.Resend(uuid4(), LATER, s.OFFICER)
    office.records.handle(domain.stream_of(s.PERSON, office.notice.notice), resend, domain.NOTICE)
    office.run(LATER)
    assert office.got() == [("kavenegar", "09130000001")], "an officer may still have it sent"


def test_what_was_passed_while_its_message_was_on_its_way_goes_by_no_other_way(office: Office) -> None:
    office.kavenegar.delivery = Delivery.PENDING
    office.run()
    undo = domain.Pass(uuid4(), s.AT, "undone")
    office.records.handle(domain.stream_of(s.PERSON, office.notice.notice), undo, domain.NOTICE)
    office.kavenegar.delivery = Delivery.FAILED
    office.run(LATER)
    assert office.got() == [("kavenegar", "09130000001")]
    with office.records.read() as connection:
        assert SENDING.first_due(connection, LATER + timedelta(days=1)) is None, "a timer is left for nothing"


def test_a_round_asks_for_all_deliveries_before_it_takes_another_way(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "BATCH_MIN", 1)
    office.kavenegar.capabilities = replace(office.kavenegar.capabilities, status_batch_max=1)
    follow(office.records, *STORY[3:], first=4)
    office.sender.send_due(s.AT)
    assert len(office.kavenegar.got) == len(STORY) - 3
    office.sender.run_round(LATER)
    assert {state for _, state, _ in office.states()} == {"delivered"}
