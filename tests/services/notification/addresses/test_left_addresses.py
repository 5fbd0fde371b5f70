"""A proved address is replaced or removed by a confirmed session alone, and is told so once, on SQLite and on PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from services.notification import templates
from services.notification.addresses import contacts, proof
from services.notification.delivery.worker import Sender
from services.notification.notices import queries as notice_queries
from services.notification.personal_data import PERSONAL_DATA
from services.notification.providers.port import Outcome
from services.notification.tables import LEFT_ADDRESSES
from shared import personal_data
from shared.contract.notification import answers, commands, queries
from shared.contract.notification.values import NoticeKind, Way
from shared.contract.refusals import Reason
from shared.event_store.command_handler import Records
from shared.settings import Settings
from tests.services.notification import samples as s
from tests.services.notification.addresses.test_contacts import NUMBER, OTHER, Service, reason, stamped
from tests.services.notification.delivery.fake_provider import FakeProvider

HOUR = timedelta(hours=1)
TEXTS = templates.load(Settings().templates_folder, "http://127.0.0.1:8000")


class Member(Service):
    """A member with a proved number."""

    def __init__(self, records: Records) -> None:
        super().__init__(records)
        self.sms = FakeProvider("kavenegar", Way.SMS)
        self.proves(NUMBER)

    def proves(self, number: str, after: timedelta = timedelta()) -> None:
        self.expects(number, after=after)
        self.is_sent("123456", after)
        self.types("123456", after)

    def removes(self, after: timedelta = HOUR) -> answers.Contacts:
        return self.calls("remove_address", commands.RemoveAddress(**stamped(after), way=Way.SMS))

    def got(self) -> list[tuple[str, str]]:
        """What has come by SMS until now, by number and template."""
        at = self.records.own_log().now()
        for _ in range(5):
            Sender(self.records, (self.sms,), TEXTS).run_round(at)
        return [(one.address, one.template) for one in self.sms.got]

    def inbox(self, kind: NoticeKind | None = None) -> list[NoticeKind]:
        query, at = queries.ListNotices(kind=kind), self.records.own_log().now()
        with self.records.read() as connection:
            found = notice_queries.inbox(connection, TEXTS, s.PERSON, query, at)
        return [one.kind for one in found.notices]


WORD = [(NUMBER, "tamdid-address-changed")]


@pytest.fixture
def member(records: Records) -> Member:
    return Member(records)


def test_who_has_only_an_open_session_takes_no_proved_address_away(member: Member) -> None:
    member.is_confirmed = False
    assert reason(lambda: member.expects(OTHER, after=HOUR)) is Reason.CODE_NEEDED
    assert reason(member.removes) is Reason.CODE_NEEDED
    assert member.usable()[Way.SMS].value == NUMBER
    assert (member.got(), member.inbox()) == ([], [])


def test_a_first_address_and_the_same_one_again_need_no_confirmation(member: Member) -> None:
    member.is_confirmed = False
    member.expects("ali@example.ir", Way.EMAIL)
    member.calls("remove_address", commands.RemoveAddress(**stamped(timedelta()), way=Way.EMAIL))
    member.proves(NUMBER, HOUR)
    assert (member.got(), member.inbox()) == ([], [])


def test_a_confirmation_counts_for_ten_minutes(member: Member) -> None:
    caller = member.caller.model_copy(update={"confirmed_at": s.AT})
    caller.must_be_confirmed_lately(s.AT + timedelta(minutes=10))
    assert reason(lambda: caller.must_be_confirmed_lately(s.AT + timedelta(minutes=11))) is Reason.CODE_NEEDED


def test_an_address_that_is_replaced_is_told_so_once(member: Member) -> None:
    member.expects(OTHER, after=HOUR)
    assert member.got() == [], "it stays until the new one is proved"
    member.is_sent("123456", HOUR)
    member.types("123456", HOUR)
    assert member.got() == WORD == member.got()
    assert member.inbox() == member.inbox(NoticeKind.ADDRESS_CHANGED) == [NoticeKind.ADDRESS_CHANGED]
    assert member.inbox(NoticeKind.APPROVED) == []


def test_an_address_that_is_removed_is_told_so_once(member: Member) -> None:
    assert member.removes().addresses == ()
    member.removes()
    assert member.got() == WORD
    assert member.inbox() == [NoticeKind.ADDRESS_CHANGED]


def test_an_address_at_which_messages_fail_is_told_nothing_more(member: Member) -> None:
    member.records.write(lambda c: contacts.change(c, s.PERSON, Way.SMS, stopped_at=s.AT))
    member.removes()
    assert (member.got(), member.inbox()) == ([], [NoticeKind.ADDRESS_CHANGED])


def test_each_of_two_addresses_that_were_left_is_told(member: Member) -> None:
    member.proves(OTHER, HOUR)
    member.removes(HOUR)
    assert sorted(member.got()) == [*WORD, (OTHER, "tamdid-address-changed")]


def test_nobody_telephones_where_the_address_that_was_left_is_out_of_use(member: Member) -> None:
    member.sms.outcomes = [Outcome.BLOCKED]
    member.removes()
    assert member.got() == []
    query, at = queries.ListUndelivered(province=s.PROVINCE), member.records.own_log().now()
    with member.records.read() as connection:
        assert notice_queries.undelivered(connection, TEXTS, query, at).total == 0


def test_an_erasure_leaves_nothing_of_an_address_that_was_left(member: Member) -> None:
    member.removes()
    member.records.write(lambda c: personal_data.erase(c, PERSONAL_DATA, s.MEMBER, s.AT))
    with member.records.read() as connection:
        assert connection.execute(select(LEFT_ADDRESSES)).all() == []
    assert member.got() == []


def test_codes_are_not_counted_before_the_session_is_confirmed(member: Member) -> None:
    member.is_confirmed = False
    for _ in range(proof.CODES_A_DAY_MAX):
        assert reason(lambda: member.expects(OTHER, after=HOUR)) is Reason.CODE_NEEDED
    member.is_confirmed = True
    member.expects(OTHER, after=HOUR)
