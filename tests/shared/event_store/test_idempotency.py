"""An id belongs to one command: the same one again is done already, another one under it is refused."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import SecretStr

from shared.contract.auth import commands as auth_commands
from shared.contract.base import Event
from shared.contract.refusals import ID_TAKEN, Reason, Refused
from shared.contract.renewal import commands
from shared.contract.values import Role
from shared.event_store import idempotency
from shared.event_store.command_handler import Records
from shared.event_store.decider import Decider
from tests.support import sample_log
from tests.support.sample_log import LOG, database, fact, history
from tests.support.servers.prepared_databases import Prepare
from tests.support.waiting import behind

ID = UUID(int=1403)
AT = datetime(2025, 3, 20, 20, 29, tzinfo=UTC)
"""One minute to the midnight that ends 30 Esfand of a leap year, in Tehran."""
STREAM = "renewal/0012345"
AnyCommand = commands.RequestRenewal | commands.WithdrawRenewal
FACTS: Decider[AnyCommand, int] = Decider(
    lambda _command, state: [fact("0012345", state)], lambda state, _event: state + 1, 0
)


def nothing(_command: AnyCommand, _state: int) -> list[Event]:
    return []


def request(member: str = "0012345", actor: str = "member:0012345", later: int = 0) -> commands.RequestRenewal:
    at = AT + timedelta(seconds=later)
    return commands.RequestRenewal(id=ID, at=at, deadline=at, actor=actor, member=member, year=1403)


WITHDRAW = commands.WithdrawRenewal(**request().model_dump())


@pytest.fixture
def prepare() -> Prepare:
    return sample_log.create_tables


@pytest.fixture
def records(database_url: str) -> Records:
    return Records(database(database_url), LOG)


def must_be_refused(records: Records, command: AnyCommand, stream: str = STREAM) -> None:
    before = len(history(records.database))
    with pytest.raises(Refused) as refusal:
        records.handle(stream, command, FACTS)
    assert (refusal.value.reason, refusal.value.details) == (Reason.CONFLICT, {"id": ID_TAKEN})
    assert len(history(records.database)) == before


def test_another_command_under_the_id_of_one_that_is_done_is_refused(records: Records) -> None:
    records.handle(STREAM, request(), FACTS)
    must_be_refused(records, WITHDRAW)


def test_the_same_command_later_and_with_a_later_deadline_is_done_already(records: Records) -> None:
    records.handle(STREAM, request(), FACTS)
    assert not records.handle(STREAM, request(later=3600), FACTS).is_new
    assert len(history(records.database)) == 1


def test_the_id_is_taken_for_other_streams_too(records: Records) -> None:
    records.handle(STREAM, request(), FACTS)
    must_be_refused(records, request(member="0054321"), "renewal/0054321")


def test_an_id_is_also_refused_to_another_actor(records: Records) -> None:
    records.handle(STREAM, request(), FACTS)
    must_be_refused(records, request(actor="officer:modir"))


def test_a_command_that_had_nothing_to_record_has_its_id_too(records: Records) -> None:
    records.handle(STREAM, request(), Decider(nothing, FACTS.evolve, 0))
    must_be_refused(records, WITHDRAW)


def test_a_refused_command_leaves_its_id_free(records: Records) -> None:
    """Whoever corrects a form sends it with the id that the page has had all the time."""

    def no(_command: AnyCommand, _state: int) -> list[Event]:
        raise Refused(Reason.NOT_REQUESTED)

    with pytest.raises(Refused):
        records.handle(STREAM, WITHDRAW, Decider(no, FACTS.evolve, 0))
    assert records.handle(STREAM, request(), FACTS).is_new


def test_of_two_commands_at_once_at_two_copies_one_has_the_id(postgres_url: str) -> None:
    first, second = (Records(database(postgres_url), LOG) for _ in range(2))
    with (
        behind(
            first.database,
            lambda connection: idempotency.claim(connection, request()),
            lambda: second.handle(STREAM, WITHDRAW, FACTS),
        ) as outcome,
        pytest.raises(Refused, match=ID_TAKEN),
    ):
        outcome.result()
    assert history(first.database) == []


def test_ids_of_long_ago_are_forgotten(records: Records) -> None:
    records.write(lambda connection: idempotency.claim(connection, request()))
    records.write(lambda connection: idempotency.delete_expired(connection, AT + idempotency.RETENTION))
    assert records.handle(STREAM, WITHDRAW, FACTS).is_new


def test_a_command_of_another_session_is_another_one() -> None:
    """Its answer may repeat what only that session was to see, such as recovery codes."""

    def confirm(session: str, code: str) -> str:
        command = auth_commands.ConfirmSecondFactor(
            id=ID, at=AT, deadline=AT, session=SecretStr(session), code=SecretStr(code)
        )
        return idempotency.digest(command)

    assert confirm("one", "123456") == confirm("one", "654321")
    assert confirm("one", "123456") != confirm("two", "123456")


def test_no_typed_secret_is_in_the_digest_that_is_stored() -> None:
    """One fast hash for 90 days would let whoever reads the table guess an officer's password at the speed of SHA-256."""

    def appoint(password: str, officer: str = "sara") -> auth_commands.AppointOfficer:
        return auth_commands.AppointOfficer(
            id=ID,
            at=AT,
            deadline=AT,
            officer=officer,
            full_name="سارا",
            roles=(Role.MANAGER,),
            provinces=("yazd",),
            password=SecretStr(password),
        )

    assert idempotency.digest(appoint("کلید-گنج-۱۴۰۵")) == idempotency.digest(appoint("دیگری-۱۴۰۵-کلید"))
    assert idempotency.digest(appoint("کلید-گنج-۱۴۰۵")) != idempotency.digest(appoint("کلید-گنج-۱۴۰۵", "maryam"))
