"""The first admins on real databases: one by the settings, who appoints one other alone; an admin of the past."""

from uuid import uuid4

from services.auth.accounts import queries
from services.auth.officers import appointments, grants
from services.auth.sign_in import credentials
from services.auth.sign_in.credentials import Passwords
from shared import provinces
from shared.contract.auth import events
from shared.contract.envelope import Metadata
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from tests.services.auth.samples import ADMIN, NOON, appointment


def test_the_first_admin_is_appointed_once_and_only_where_nobody_is(records: Records, passwords: Passwords) -> None:
    assert not appointments.appoint_first(records, passwords, None, NOON)
    assert appointments.appoint_first(records, passwords, "the first password", NOON)
    assert not appointments.appoint_first(records, passwords, "another password", NOON)
    with records.read() as connection:
        (card,) = queries.officer_cards(connection)
        (recorded,) = records.own_log().read(connection, 0, 100)
        assert credentials.verify(passwords, credentials.find(connection, "officer:admin"), "the first password")
    assert (card.officer, set(card.roles), set(card.provinces)) == ("admin", {Role.ADMIN}, set(provinces.PROVINCES))
    assert recorded.metadata.actor == "program:auth"
    assert '"appointed_by":"program:auth"' in recorded.data.replace(" ", "")


def test_the_only_admin_appoints_one_other_admin_alone_and_nobody_else(records: Records, passwords: Passwords) -> None:
    appointments.appoint_first(records, passwords, "the first password", NOON)
    appointments.appoint(records, passwords, appointment(), ADMIN)
    for name in ("rahbar", "ghost"):
        appointments.appoint(records, passwords, appointment(name, roles=[Role.ADMIN]), ADMIN)
    with records.read() as connection:
        assert queries.admins(connection) == ["admin", "rahbar"]
        waiting = grants.open_requests(connection, records.own_log(), ADMIN, NOON)
    assert {one.officer for one in waiting} == {"modir", "ghost"}


def test_an_admin_whom_the_past_gave_roles_of_money_is_only_an_admin_now(records: Records) -> None:
    all_roles = events.OfficerAppointed(
        officer="admin", roles=tuple(Role), provinces=("isfahan",), appointed_by="program:auth", appointed_at=NOON
    )
    records.write(
        lambda connection: records.own_log().append(
            connection, "officer/admin", 0, [all_roles], Metadata(correlation_id=uuid4(), causation_id=uuid4()), NOON
        )
    )
    with records.read() as connection:
        assert [card.roles for card in queries.officer_cards(connection)] == [(Role.ADMIN,)]
        passport = queries.passport_of(connection, "officer:admin")
    assert passport is not None
    assert passport.roles == {Role.ADMIN}
