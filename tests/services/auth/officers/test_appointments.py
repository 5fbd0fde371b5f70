"""Officers on real databases: one admin requests who may do what, and a second one grants it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from services.auth.accounts import queries
from services.auth.officers import appointments, grants, request_details
from services.auth.sign_in import credentials
from services.auth.sign_in.credentials import Passwords
from shared.contract.auth import answers, commands
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from tests.services.auth.samples import (
    ADMIN,
    NOON,
    SECOND,
    appoint,
    appointment,
    by,
    dismiss,
    grant,
    stamps,
    start_with_two_admins,
)

pytestmark = pytest.mark.usefixtures("replays")

HERE = ADMIN.model_copy(update={"subject": "here", "provinces": frozenset({"isfahan"})})
GHOST = ADMIN.model_copy(update={"subject": "ghost"})
START = ["OfficerAppointed"] * 2
"""Of the two admins."""


@pytest.fixture(autouse=True)
def two_admins(records: Records, passwords: Passwords) -> None:
    start_with_two_admins(records, passwords)


def cards(records: Records) -> dict[str, answers.OfficerCard]:
    """Who serves, besides the two admins."""
    with records.read() as connection:
        found = {card.officer: card for card in queries.officer_cards(connection)}
    return {name: card for name, card in found.items() if name not in {"admin", "rahbar"}}


def waiting(records: Records, caller: Passport = ADMIN) -> tuple[answers.OfficerRequest, ...]:
    with records.read() as connection:
        return grants.open_requests(connection, records.own_log(), caller, NOON)


def types(records: Records) -> list[str]:
    """What is recorded after the start."""
    with records.read() as connection:
        return [one.type for one in records.own_log().read(connection, 0, 100)][len(START) :]


def refused(work: Any, *arguments: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        work(*arguments)
    return refusal.value


def dismissal(officer: str = "modir") -> commands.DismissOfficer:
    return commands.DismissOfficer(**stamps(), officer=officer)


def request(records: Records, passwords: Passwords, asker: Passport = SECOND, **more: Any) -> UUID:
    command = by(asker, appointment(**more))
    appointments.appoint(records, passwords, command, asker)
    return command.id


def test_an_officer_is_appointed_by_two_and_listed(records: Records, passwords: Passwords) -> None:
    request_id = request(records, passwords)
    assert cards(records) == {}
    with records.read() as connection:
        assert credentials.find(connection, "officer:modir").password_hash is None
    grant(records, "modir", request_id)
    assert cards(records) == {
        "modir": answers.OfficerCard(
            officer="modir", full_name="مدیر كارتابل", roles=(Role.MANAGER,), provinces=("isfahan",)
        )
    }
    with records.read() as connection:
        assert credentials.verify(passwords, credentials.find(connection, "officer:modir"), "a long enough one")
        assert request_details.find(connection, request_id) is None
    assert types(records) == ["AppointmentRequested", "OfficerAppointed"]
    assert waiting(records) == ()


def test_what_waits_is_listed_with_who_may_grant_it_and_why_one_may_not(records: Records, passwords: Passwords) -> None:
    request_id = request(records, passwords)
    (shown,) = waiting(records)
    assert (shown.request, shown.officer, shown.full_name) == (request_id, "modir", "مدیر كارتابل")
    assert (shown.roles, shown.sets_credential, shown.requested_by) == ((Role.MANAGER,), True, SECOND.actor)
    assert (shown.granters, shown.hindrance) == (("admin",), "")
    assert waiting(records, SECOND)[0].hindrance == Reason.OWN_REQUEST
    request(records, passwords, ADMIN, officer="other", at=NOON + timedelta(minutes=1))
    assert [one.granters for one in waiting(records)] == [("admin",), ()]
    assert waiting(records, SECOND)[1].hindrance == Reason.NOT_INDEPENDENT


def test_a_declined_request_appoints_nobody_and_its_name_and_password_are_gone(
    records: Records, passwords: Passwords
) -> None:
    request_id = request(records, passwords)
    decline = commands.DeclineOfficerRequest(**stamps(), officer="modir", request=request_id)
    grants.decide(records, decline, ADMIN)
    assert refused(grant, records, "modir", request_id).reason is Reason.UNKNOWN_REQUEST
    assert (cards(records), waiting(records)) == ({}, ())
    with records.read() as connection:
        assert request_details.find(connection, request_id) is None
    assert types(records) == ["AppointmentRequested", "OfficerRequestDeclined"]


def test_a_new_name_comes_with_the_grant(records: Records, passwords: Passwords) -> None:
    appoint(records, passwords, appointment())
    request_id = request(records, passwords, full_name="مدیر تازه", password=None)
    assert cards(records)["modir"].full_name == "مدیر كارتابل"
    grant(records, "modir", request_id)
    assert cards(records)["modir"].full_name == "مدیر تازه"


def test_a_dismissed_officers_acts_keep_their_name(records: Records, passwords: Passwords) -> None:
    appoint(records, passwords, appointment())
    dismiss(records, "modir")
    assert cards(records) == {}
    with records.read() as connection:
        assert queries.officer_names(connection, ["modir", "ghost"]) == {"modir": "مدیر كارتابل"}


def test_neither_name_nor_password_is_in_the_log(records: Records, passwords: Passwords) -> None:
    appoint(records, passwords, appointment())
    with records.read() as connection:
        for recorded in records.own_log().read(connection, 0, 100):
            assert "مدیر" not in recorded.data
            assert "long enough" not in recorded.data


def test_a_weak_password_and_a_missing_one_are_not_even_requested(records: Records, passwords: Passwords) -> None:
    weak = refused(appointments.appoint, records, passwords, appointment(password="short"), ADMIN)
    none = refused(appointments.appoint, records, passwords, appointment(password=None), ADMIN)
    assert (weak.reason, none.reason, none.details) == (
        Reason.WEAK_PASSWORD,
        Reason.BAD_INPUT,
        {"password": "missing"},
    )
    assert types(records) == []


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
    appoint(records, passwords, appointment("far", provinces=["fars"]))
    assert refused(appointments.appoint, records, passwords, command, caller).reason is reason
    assert types(records) == ["AppointmentRequested", "OfficerAppointed"]


def test_a_dismissed_officer_has_no_password_and_is_not_listed(records: Records, passwords: Passwords) -> None:
    appoint(records, passwords, appointment())
    command = by(SECOND, dismissal())
    appointments.dismiss(records, command, SECOND)
    assert "modir" in cards(records)
    grant(records, "modir", command.id)
    assert cards(records) == {}
    with records.read() as connection:
        assert credentials.find(connection, "officer:modir").password_hash is None
    assert types(records)[-2:] == ["DismissalRequested", "OfficerDismissed"]


def test_nobody_is_dismissed_by_themselves_from_afar_or_without_being_known(
    records: Records, passwords: Passwords
) -> None:
    appoint(records, passwords, appointment("far", provinces=["fars"]))
    assert refused(appointments.dismiss, records, dismissal("far"), HERE).reason is Reason.NOT_ALLOWED
    assert refused(appointments.dismiss, records, dismissal("admin"), ADMIN).reason is Reason.NOT_ALLOWED
    assert refused(appointments.dismiss, records, dismissal("unknown"), ADMIN).reason is Reason.UNKNOWN_OFFICER


def test_an_id_belongs_to_one_appointment(records: Records, passwords: Passwords) -> None:
    first = by(SECOND, appointment())
    others: list[dict[str, object]] = [
        {"full_name": "مدیر دیگر"},
        {"password": SecretStr("گذرواژهٔ دیگری ۱۴۰۳")},
    ]
    appointments.appoint(records, passwords, first, SECOND)
    for is_granted in (False, True):
        if is_granted:
            grant(records, "modir", first.id)
        for other in others:
            again = first.model_copy(update=other)
            assert refused(appointments.appoint, records, passwords, again, SECOND).reason is Reason.CONFLICT
        appointments.appoint(records, passwords, first, SECOND)
    assert [card.full_name for card in cards(records).values()] == ["مدیر كارتابل"]
    assert types(records) == ["AppointmentRequested", "OfficerAppointed"]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.FINANCE, Role.TREASURY])
def test_no_admin_holds_a_role_of_money(records: Records, passwords: Passwords, role: Role) -> None:
    both = appointment(roles=[Role.ADMIN, role])
    assert refused(appointments.appoint, records, passwords, both, ADMIN).reason is Reason.ROLES_EXCLUDED
    assert types(records) == []


# ---------------------------------------------------------------- attacks


def test_an_admin_who_grants_the_own_request_appoints_nobody(records: Records, passwords: Passwords) -> None:
    request_id = request(records, passwords, SECOND)
    assert refused(grant, records, "modir", request_id, SECOND).reason is Reason.OWN_REQUEST
    assert cards(records) == {}


def test_a_ghost_grants_nothing_that_its_maker_requests_and_requests_nothing_that_its_maker_grants(
    records: Records, passwords: Passwords
) -> None:
    appoint(records, passwords, appointment("ghost", roles=[Role.ADMIN], provinces=["isfahan", "fars"]))
    of_maker = request(records, passwords, SECOND)
    assert refused(grant, records, "modir", of_maker, GHOST).reason is Reason.NOT_INDEPENDENT
    of_ghost = request(records, passwords, GHOST)
    assert refused(grant, records, "modir", of_ghost, SECOND).reason is Reason.NOT_INDEPENDENT
    assert cards(records).keys() == {"ghost"}
    grant(records, "modir", of_maker, GHOST, NOON + timedelta(days=30))
    assert cards(records).keys() == {"ghost", "modir"}


def test_who_has_reset_a_colleagues_password_cannot_grant_in_that_name(records: Records, passwords: Passwords) -> None:
    appoint(records, passwords, appointment("third", roles=[Role.ADMIN], provinces=["isfahan", "fars"]))
    third = ADMIN.model_copy(update={"subject": "third"})
    later = NOON + timedelta(days=40)
    reset = request(records, passwords, SECOND, officer="third", at=later, roles=[Role.ADMIN])
    grant(records, "third", reset, ADMIN, later)
    wanted = request(records, passwords, SECOND, at=later)
    assert refused(grant, records, "modir", wanted, third, later).reason is Reason.NOT_INDEPENDENT
    assert cards(records).keys() == {"third"}


def test_a_lone_admin_resets_and_dismisses_nobody(records: Records, passwords: Passwords) -> None:
    appoint(records, passwords, appointment())
    dismiss(records, "rahbar")
    request(records, passwords, ADMIN)
    appointments.dismiss(records, dismissal(), ADMIN)
    assert [one.granters for one in waiting(records)] == [(), ()]
    assert "modir" in cards(records)
    with records.read() as connection:
        assert credentials.verify(passwords, credentials.find(connection, "officer:modir"), "a long enough one")


def test_the_request_of_an_admin_who_was_dismissed_is_granted_by_nobody(records: Records, passwords: Passwords) -> None:
    appoint(records, passwords, appointment("third", roles=[Role.ADMIN], provinces=["isfahan", "fars"]))
    third = ADMIN.model_copy(update={"subject": "third"})
    request_id = request(records, passwords, third)
    dismiss(records, "third")
    assert refused(grant, records, "modir", request_id).reason is Reason.REQUESTER_DISMISSED
