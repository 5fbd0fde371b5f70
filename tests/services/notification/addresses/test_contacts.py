"""A person's addresses, on SQLite and on PostgreSQL: awaited until their code is typed, replaced, stopped and removed."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.notification import persons
from services.notification.addresses import contacts, proof
from services.notification.addresses.contacts import Contact
from services.notification.own_addresses import AddressesRpc
from services.notification.personal_data import PERSONAL_DATA
from services.notification.tables import CONTACTS, SENT_CODES
from services.notification.timers import CODES
from shared import personal_data
from shared.contract import base
from shared.contract.notification import answers, commands
from shared.contract.notification.values import Way
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from tests.services.notification import samples as s

MEMBER = Passport(principal_kind=PrincipalKind.MEMBER, subject=s.MEMBER)
NUMBER, OTHER = "09131234567", "09139999999"


class Service(AddressesRpc):
    def __init__(self, records: Records, caller: Passport = MEMBER) -> None:
        self.records, self.caller, self.digest_key = records, caller, b"key"
        self.is_confirmed = True

    def expects(self, typed: str = NUMBER, way: Way = Way.SMS, after: timedelta = timedelta()) -> answers.Contacts:
        return self.calls("set_address", setting(typed, way, after))

    def calls(self, method: str, command: base.Command[answers.Contacts]) -> answers.Contacts:
        """As the RPC server calls it, at the test's own time, in a session that was just confirmed."""
        confirmed_at = command.at if self.is_confirmed else None
        self.caller = self.caller.model_copy(update={"confirmed_at": confirmed_at})
        found: answers.Contacts = getattr(AddressesRpc, method).__wrapped__(self, command)
        return found

    def is_sent(self, code: str, after: timedelta = timedelta()) -> str | None:
        return self.records.write(lambda c: proof.set_code(c, s.PERSON, Way.SMS, code, s.AT + after))

    def types(self, code: str, after: timedelta = timedelta(minutes=1)) -> answers.Contacts:
        command = commands.ProveAddress(**stamped(after), way=Way.SMS, code=code)
        return self.calls("prove_address", command)

    def usable(self) -> dict[Way, Contact]:
        with self.records.read() as connection:
            return dict(contacts.contacts_of(connection, s.PERSON))


def setting(typed: str = NUMBER, way: Way = Way.SMS, after: timedelta = timedelta()) -> commands.SetAddress:
    return commands.SetAddress(**stamped(after), way=way, address=typed)


def stamped(after: timedelta) -> dict[str, Any]:
    at = s.AT + after
    return {"id": uuid4(), "deadline": at + timedelta(minutes=1), "actor": s.PERSON, "at": at}


@pytest.fixture
def service(records: Records) -> Service:
    return Service(records)


def reason(call: Any) -> Reason:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.reason


def refusal(call: Any) -> tuple[Reason, dict[str, str]]:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.reason, refused.value.details


def until(call: Any) -> datetime:
    """When it may be tried again, which is refused for now."""
    found, details = refusal(call)
    assert found is Reason.TOO_MANY_ATTEMPTS
    return datetime.fromisoformat(details["until"])


def test_an_address_is_used_once_its_code_is_typed(service: Service) -> None:
    found = service.expects("+۹۸ ۹۱۳ ۱۲۳ ۴۵۶۷")
    assert [(one.address, one.is_proved) for one in found.addresses] == [(NUMBER, False)]
    assert service.usable() == {}
    assert service.is_sent("123456") == NUMBER
    found = service.types("123456")
    assert [(one.address, one.is_proved) for one in found.addresses] == [(NUMBER, True)]
    assert service.usable() == {Way.SMS: Contact(NUMBER, is_usable=True)}


def test_the_old_address_is_used_until_the_new_one_is_proved(service: Service) -> None:
    service.expects()
    service.is_sent("123456")
    service.types("123456")
    later = timedelta(hours=1)
    service.expects(OTHER, after=later)
    assert service.usable() == {Way.SMS: Contact(NUMBER, is_usable=True)}
    service.is_sent("654321", later)
    service.types("654321", later)
    assert service.usable() == {Way.SMS: Contact(OTHER, is_usable=True)}


@pytest.mark.parametrize("typed", ["0913", "021 3322 1100", "https://example.ir", "a@example.ir"])
def test_what_is_no_number_is_refused(service: Service, typed: str) -> None:
    with pytest.raises(Refused) as refused:
        service.expects(typed)
    assert refused.value.details == {"address": "string_pattern_mismatch"}


NO_MAIL_ADDRESSES = [
    '"a b"@example.ir',
    "<a@example.ir>",
    "@example.ir",
    ".a@example.ir",
    "a b@example.ir",
    "a%b@example.ir",
    "a,b@example.ir",
    "a..b@example.ir",
    "a.@example.ir",
    "a@-example.ir",
    "a@[127.0.0.1]",
    "a@b.c\nBcc: x@y.z",
    "a@b.ir,c@d.ir",
    "a@b.ir;c@d.ir",
    "a@b.ir\r\nBcc: x@y.ir",
    "a@example",
    "a@example.1",
    "a@example..ir",
    "a@b@example.ir",
    "ali",
    "ali@",
    "ali@example.ir.",
    "علی@example.ir",
    f"{'a' * 65}@example.ir",
    f"a@{'b' * 64}.ir",
]


@pytest.mark.parametrize("typed", NO_MAIL_ADDRESSES)
def test_what_is_not_one_mail_address_is_refused(service: Service, typed: str) -> None:
    assert reason(lambda: service.expects(typed, Way.EMAIL)) is Reason.BAD_INPUT


@pytest.mark.parametrize("address", [*NO_MAIL_ADDRESSES, "", "a@b.ir\0", "a@b.ir\n", "a\t@b.ir", "a@b.ir\x7f"])
def test_nothing_else_is_handed_to_a_mail_server(address: str) -> None:
    assert not persons.is_mail_address(address)


@pytest.mark.parametrize(
    "typed",
    ["A.Rezai+tamdid@mail.example.ir", "a@b.co", "a_b-c@xn--mgba3a4f16a.xn--mgba3a4f16a", f"{'a' * 64}@example.ir"],
)
def test_a_mail_address_is_taken_as_it_is_written(service: Service, typed: str) -> None:
    assert service.expects(typed, Way.EMAIL).addresses[0].address == typed


def test_a_wrong_code_is_refused_with_the_tries_that_are_left(service: Service) -> None:
    service.expects()
    service.is_sent("123456")
    for left in reversed(range(proof.CODE_TRIES_MAX)):
        assert refusal(lambda: service.types("000000")) == (Reason.WRONG_CODE, {"tries_left": str(left)})
    assert reason(lambda: service.types("123456")) is Reason.TOO_MANY_ATTEMPTS
    assert service.usable() == {}


def test_a_code_holds_for_ten_minutes(service: Service) -> None:
    service.expects()
    service.is_sent("123456")
    expired = (Reason.WRONG_CODE, {"code": "expired"})
    assert refusal(lambda: service.types("123456", timedelta(minutes=10, seconds=1))) == expired
    assert service.is_sent("123456", timedelta(minutes=11)) is None
    service.types("123456", timedelta(minutes=10))
    assert refusal(lambda: service.types("123456")) == expired, "nobody awaits it any more"


def test_before_the_code_was_made_none_is_right(service: Service) -> None:
    service.expects()
    assert reason(lambda: service.types("000000")) is Reason.WRONG_CODE


def test_codes_cost_so_there_are_five_a_day_and_one_a_minute(service: Service) -> None:
    for minutes in range(0, 10, 2):
        service.expects(after=timedelta(minutes=minutes))
    tomorrow = s.AT + timedelta(days=1, minutes=8)
    assert until(lambda: service.expects(after=timedelta(minutes=10))) == tomorrow
    service.expects(after=timedelta(days=1, minutes=10))
    in_a_minute = s.AT + timedelta(days=1, minutes=11)
    assert until(lambda: service.expects(after=timedelta(days=1, minutes=10, seconds=59))) == in_a_minute


def test_a_person_has_five_codes_a_day_sent_to_however_many_spellings_of_a_mailbox(service: Service) -> None:
    for number in range(proof.CODES_A_DAY_MAX):
        service.expects(f"ali+{number}@example.ir", Way.EMAIL, timedelta(minutes=2 * number))
    late = timedelta(hours=23)
    assert reason(lambda: service.expects("ali+9@example.ir", Way.EMAIL, late)) is Reason.TOO_MANY_ATTEMPTS


def test_a_removed_address_is_used_no_more_and_its_code_is_not_sent(service: Service) -> None:
    service.expects()
    found = service.calls("remove_address", commands.RemoveAddress(**stamped(timedelta()), way=Way.SMS))
    assert found.addresses == ()
    with service.records.read() as connection:
        assert CODES.first_due(connection, s.AT + timedelta(days=1)) is None


def test_choices_are_kept(service: Service) -> None:
    chosen = commands.SetChoices(
        **stamped(timedelta()), ways=(Way.EMAIL,), wants_reminders=False, quiet_from=time(23), quiet_to=time(7)
    )
    found = service.calls("set_choices", chosen)
    assert (found.ways, found.wants_reminders, str(found.quiet_from)) == ((Way.EMAIL,), False, "23:00:00")


@pytest.mark.parametrize("kind", [PrincipalKind.NOBODY, PrincipalKind.PROGRAM])
def test_only_persons_have_addresses(records: Records, kind: PrincipalKind) -> None:
    stranger = Service(records, Passport(principal_kind=kind, subject="gateway"))
    assert reason(stranger.expects) in (Reason.NOT_ALLOWED, Reason.NOT_SIGNED_IN)


@pytest.mark.parametrize(
    ("value", "shown"), [("09131234567", "0913•••4567"), ("ali@example.ir", "a•••@example.ir"), ("", "")]
)
def test_others_see_an_address_masked(value: str, shown: str) -> None:
    assert contacts.masked(value) == shown


def test_a_removed_address_leaves_the_count_of_codes(service: Service) -> None:
    """Else any number of codes could be sent to a stranger's telephone."""
    service.expects()
    service.calls("remove_address", commands.RemoveAddress(**stamped(timedelta()), way=Way.SMS))
    assert reason(lambda: service.expects(OTHER, after=timedelta(seconds=59))) is Reason.TOO_MANY_ATTEMPTS
    for minutes in range(1, 5):
        service.expects(OTHER, after=timedelta(minutes=minutes))
        service.calls("remove_address", commands.RemoveAddress(**stamped(timedelta()), way=Way.SMS))
    assert reason(lambda: service.expects(OTHER, after=timedelta(minutes=9))) is Reason.TOO_MANY_ATTEMPTS


def test_a_code_proves_the_address_alone_to_which_it_was_sent(service: Service) -> None:
    service.expects()
    service.is_sent("123456")
    service.expects(OTHER, after=timedelta(minutes=2))
    assert reason(lambda: service.types("123456", timedelta(minutes=2))) is Reason.WRONG_CODE
    assert service.usable() == {}


def test_the_same_command_again_is_answered_as_it_was_and_changes_nothing(service: Service) -> None:
    first = setting()
    found = service.calls("set_address", first)
    assert service.calls("set_address", first) == found
    service.is_sent("123456")
    guess = commands.ProveAddress(**stamped(timedelta(minutes=1)), way=Way.SMS, code="000000")
    for _ in range(proof.CODE_TRIES_MAX + 1):
        assert refusal(lambda: service.calls("prove_address", guess)) == (Reason.WRONG_CODE, {"tries_left": "4"})
    right = commands.ProveAddress(**stamped(timedelta(minutes=1)), way=Way.SMS, code="123456")
    proved = service.calls("prove_address", right)
    assert service.calls("prove_address", right) == proved
    removal = commands.RemoveAddress(**stamped(timedelta(minutes=2)), way=Way.SMS)
    service.calls("remove_address", removal)
    awaited = service.expects(OTHER, after=timedelta(minutes=3))
    assert service.calls("remove_address", removal) == awaited, "it is of the address before"


def test_another_command_under_the_same_id_is_refused(service: Service) -> None:
    first = setting()
    service.calls("set_address", first)
    assert reason(lambda: service.calls("set_address", first.model_copy(update={"address": OTHER}))) is Reason.CONFLICT


@pytest.mark.parametrize(("way", "typed"), [(Way.EMAIL, "Ali@Example.ir"), (Way.SMS, NUMBER)])
def test_many_accounts_have_no_more_than_ten_codes_a_day_sent_to_one_address(
    records: Records, way: Way, typed: str
) -> None:
    def requests(number: int, after: timedelta = timedelta(), address: str = typed) -> None:
        caller = Passport(principal_kind=PrincipalKind.MEMBER, subject=f"{number:07}")
        Service(records, caller).expects(address, way, after)

    for number in range(proof.CODES_TO_ADDRESS_A_DAY_MAX):
        requests(number)
    others = [typed.swapcase(), "ali+tamdid@example.ir"] if way is Way.EMAIL else ["+98" + typed[1:]]
    for other in others:
        assert until(lambda: requests(20, timedelta(hours=23), other)) == s.AT + timedelta(days=1)  # noqa: B023
    requests(20, timedelta(hours=23), OTHER if way is Way.SMS else "other@example.ir")
    requests(21, timedelta(days=1))


def test_an_erasure_leaves_nothing_of_the_codes_that_were_sent(service: Service) -> None:
    service.expects()
    with service.records.read() as connection:
        [row] = connection.execute(select(SENT_CODES))
    assert NUMBER not in repr(row)
    service.records.write(lambda c: personal_data.erase(c, PERSONAL_DATA, s.MEMBER, s.AT))
    with service.records.read() as connection:
        assert [*connection.execute(select(SENT_CODES)), *connection.execute(select(CONTACTS))] == []
    assert reason(lambda: service.expects(after=timedelta(minutes=2))) is Reason.NOT_ALLOWED
    chosen = commands.SetChoices(
        **stamped(timedelta()), ways=(), wants_reminders=False, quiet_from=time(23), quiet_to=time(7)
    )
    assert reason(lambda: service.calls("set_choices", chosen)) is Reason.NOT_ALLOWED


def test_a_clock_that_is_set_back_by_an_hour_holds_no_new_code_up(service: Service) -> None:
    service.expects(after=timedelta(hours=1))
    assert reason(lambda: service.expects(after=timedelta(minutes=59, seconds=30))) is Reason.TOO_MANY_ATTEMPTS
    service.expects(after=timedelta())
