"""Officers on real databases: who may appoint whom."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from services.auth.accounts import queries
from services.auth.officers import appointments
from services.auth.sign_in import credentials
from services.auth.sign_in.credentials import Passwords
from shared import provinces
from shared.contract.auth import answers, commands, events
from shared.contract.envelope import Metadata
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from tests.services.auth.samples import ADMIN, NOON, appointment, stamps

HERE = ADMIN.model_copy(update={"subject": "here", "provinces": frozenset({"isfahan"})})


def cards(records: Records) -> tuple[answers.OfficerCard, ...]:
    with records.read() as connection:
        return queries.officer_cards(connection)


def types(records: Records) -> list[str]:
    with records.read() as connection:
        return [one.type for one in records.own_log().read(connection, 0, 100)]


def refused(work: Any, *arguments: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        work(*arguments)
    return refusal.value


def dismissal(officer: str = "modir") -> commands.DismissOfficer:
    return commands.DismissOfficer(**stamps(), officer=officer)


def test_an_officer_is_appointed_and_listed(records: Records, passwords: Passwords) -> None:
    appointments.appoint(records, passwords, appointment(), ADMIN)
    assert cards(records) == (
        answers.OfficerCard(officer="modir", full_name="مدیر كارتابل", roles=(Role.MANAGER,), provinces=("isfahan",)),
    )


def test_a_new_name_alone_is_kept_without_an_event(records: Records, passwords: Passwords) -> None:
    appointments.appoint(records, passwords, appointment(), ADMIN)
    appointments.appoint(records, passwords, appointment(full_name="مدیر تازه", password=None), ADMIN)
    assert [card.full_name for card in cards(records)] == ["مدیر تازه"]
    assert types(records) == ["OfficerAppointed"]


def test_a_dismissed_officers_acts_keep_their_name(records: Records, passwords: Passwords) -> None:
    appointments.appoint(records, passwords, appointment(), ADMIN)
    appointments.dismiss(records, dismissal(), ADMIN)
    assert cards(records) == ()
    with records.read() as connection:
        assert queries.officer_names(connection, ["modir", "ghost"]) == {"modir": "مدیر كارتابل"}


def test_neither_name_nor_password_is_in_the_log(records: Records, passwords: Passwords) -> None:
    appointments.appoint(records, passwords, appointment(), ADMIN)
    with records.read() as connection:
        (recorded,) = records.own_log().read(connection, 0, 100)
    assert "مدیر" not in recorded.data
    assert "long enough" not in recorded.data


def test_a_weak_password_and_a_missing_one_appoint_nobody(records: Records, passwords: Passwords) -> None:
    weak = refused(appointments.appoint, records, passwords, appointment(password="short"), ADMIN)
    none = refused(appointments.appoint, records, passwords, appointment(password=None), ADMIN)
    assert (weak.reason, none.reason, none.details) == (
        Reason.WEAK_PASSWORD,
        Reason.BAD_INPUT,
        {"password": "missing"},
    )
    assert types(records) == []
    with records.read() as connection:
        assert not queries.has_officers(connection)


@pytest.mark.parametrize(
    ("caller", "command", "reason"),
    [
        (HERE, appointment(provinces=["isfahan", "fars"]), Reason.NOT_ALLOWED),
        (HERE, appointment("far", roles=[Role.MANAGER], provinces=["isfahan"], password=None), Reason.NOT_ALLOWED),
        (HERE, appointment("here", roles=[Role.MANAGER]), Reason.NOT_ALLOWED),
        (HERE.model_copy(update={"roles": frozenset({Role.MANAGER})}), appointment(), Reason.NOT_ALLOWED),
        (HERE, appointment(provinces=["atlantis"]), Reason.BAD_INPUT),
    ],
    ids=["other province", "officer of another province", "own admin role", "no admin", "no province"],
)
def test_an_admin_reaches_no_further_than_own_provinces(
    records: Records, passwords: Passwords, caller: Passport, command: commands.AppointOfficer, reason: Reason
) -> None:
    appointments.appoint(records, passwords, appointment("far", provinces=["fars"]), ADMIN)
    assert refused(appointments.appoint, records, passwords, command, caller).reason is reason
    assert types(records) == ["OfficerAppointed"]


def test_a_dismissed_officer_has_no_password_and_is_not_listed(records: Records, passwords: Passwords) -> None:
    appointments.appoint(records, passwords, appointment(), ADMIN)
    appointments.dismiss(records, dismissal(), ADMIN)
    assert cards(records) == ()
    with records.read() as connection:
        assert credentials.find(connection, "officer:modir").password_hash is None
    assert types(records) == ["OfficerAppointed", "OfficerDismissed"]


def test_nobody_is_dismissed_by_themselves_from_afar_or_without_being_known(
    records: Records, passwords: Passwords
) -> None:
    appointments.appoint(records, passwords, appointment("far", provinces=["fars"]), ADMIN)
    assert refused(appointments.dismiss, records, dismissal("far"), HERE).reason is Reason.NOT_ALLOWED
    assert refused(appointments.dismiss, records, dismissal("admin"), ADMIN).reason is Reason.NOT_ALLOWED
    assert refused(appointments.dismiss, records, dismissal("ghost"), ADMIN).reason is Reason.UNKNOWN_OFFICER


def test_the_first_admin_is_appointed_once_and_only_where_nobody_is(records: Records, passwords: Passwords) -> None:
    assert not appointments.appoint_first(records, passwords, None, NOON)
    assert appointments.appoint_first(records, passwords, "the first password", NOON)
    assert not appointments.appoint_first(records, passwords, "another password", NOON)
    (card,) = cards(records)
    assert (card.officer, set(card.roles), set(card.provinces)) == ("admin", {Role.ADMIN}, set(provinces.PROVINCES))
    with records.read() as connection:
        (recorded,) = records.own_log().read(connection, 0, 100)
        assert credentials.verify(passwords, credentials.find(connection, "officer:admin"), "the first password")
    assert recorded.metadata.actor == "program:auth"
    assert '"appointed_by":"program:auth"' in recorded.data.replace(" ", "")


def test_an_id_belongs_to_one_appointment(records: Records, passwords: Passwords) -> None:
    first = appointment()
    appointments.appoint(records, passwords, first, ADMIN)
    others: list[dict[str, object]] = [
        {"full_name": "مدیر دیگر"},
        {"password": SecretStr("گذرواژهٔ دیگری ۱۴۰۳")},
    ]
    for other in others:
        assert refused(appointments.appoint, records, passwords, first.model_copy(update=other), ADMIN).reason is (
            Reason.CONFLICT
        )
    appointments.appoint(records, passwords, first, ADMIN)
    assert [card.full_name for card in cards(records)] == ["مدیر كارتابل"]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.FINANCE, Role.TREASURY])
def test_no_admin_holds_a_role_of_money(records: Records, passwords: Passwords, role: Role) -> None:
    both = appointment(roles=[Role.ADMIN, role])
    assert refused(appointments.appoint, records, passwords, both, ADMIN).reason is Reason.ROLES_EXCLUDED
    assert types(records) == []


def test_an_admin_whom_the_past_gave_roles_of_money_is_only_an_admin_now(
    records: Records, passwords: Passwords
) -> None:
    all_roles = events.OfficerAppointed(
        officer="admin", roles=tuple(Role), provinces=("isfahan",), appointed_by="program:auth", appointed_at=NOON
    )
    records.write(
        lambda connection: records.own_log().append(
            connection, "officer/admin", 0, [all_roles], Metadata(correlation_id=uuid4(), causation_id=uuid4()), NOON
        )
    )
    assert [card.roles for card in cards(records)] == [(Role.ADMIN,)]
    with records.read() as connection:
        passport = queries.passport_of(connection, "officer:admin")
    assert passport is not None
    assert passport.roles == {Role.ADMIN}
