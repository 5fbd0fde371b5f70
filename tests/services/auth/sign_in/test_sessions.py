"""Sessions, by the clock that is passed in."""

from datetime import datetime, timedelta

import pytest

from services.auth.register import import_batch
from services.auth.sign_in import credentials, sessions
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.sessions import IDLE, LIFE
from services.auth.sign_in.sign_in import SignIn
from services.auth.tables import SESSIONS
from shared.contract.auth import commands
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from tests.services.auth.samples import ADMIN, NOON, ROW, appoint, appointment, dismiss, import_of, sign_in, stamps

TOKEN = "a token of the browser"
MEMBER = Passport(principal_kind=PrincipalKind.MEMBER, subject="012345")


@pytest.fixture
def opened(records: Records) -> Records:
    import_batch.import_members(records, import_of(ROW), ADMIN)
    records.write(lambda connection: sessions.start(connection, TOKEN, "member:012345", NOON))
    return records


def holder(records: Records, at: datetime, token: str = TOKEN) -> Passport | None:
    try:
        return sessions.use(records, token, at, initial_lasts=True).passport
    except Refused as refusal:
        return (
            None
            if refusal.reason is Reason.NOT_SIGNED_IN
            else Passport(principal_kind=PrincipalKind.NOBODY, subject="")
        )


def test_a_session_belongs_to_its_token(opened: Records) -> None:
    assert holder(opened, NOON) == MEMBER
    assert holder(opened, NOON, "another token") is None


def test_the_token_itself_is_nowhere(opened: Records) -> None:
    with opened.read() as connection:
        (row,) = connection.execute(SESSIONS.select()).all()
    assert TOKEN not in str(row)
    assert row.token_hash == sessions.hashed(TOKEN)


def test_a_session_that_is_used_stays_open_and_one_that_is_not_ends(opened: Records) -> None:
    for minutes in (20, 40, 60):
        assert holder(opened, NOON + timedelta(minutes=minutes)) == MEMBER
    assert holder(opened, NOON + timedelta(minutes=60) + IDLE) is None


def test_no_session_outlives_its_longest_life(opened: Records) -> None:
    at = NOON
    while (at := at + IDLE / 2) < NOON + LIFE:
        assert holder(opened, at) == MEMBER
    assert holder(opened, NOON + LIFE) is None


def test_the_first_use_is_written_down_and_none_within_a_minute_of_it(opened: Records) -> None:
    for seconds in (1, 60):
        holder(opened, NOON + timedelta(seconds=seconds))
        with opened.read() as connection:
            assert connection.execute(SESSIONS.select()).one().used_at == NOON + timedelta(seconds=1)


def test_signing_out_ends_the_session_and_again_does_nothing(opened: Records) -> None:
    for _ in range(2):
        opened.write(lambda connection: sessions.end(connection, TOKEN))
        assert holder(opened, NOON) is None


def test_what_has_run_out_is_forgotten(opened: Records) -> None:
    opened.write(lambda connection: sessions.delete_expired(connection, NOON + IDLE - timedelta(seconds=1)))
    assert holder(opened, NOON) == MEMBER
    opened.write(lambda connection: sessions.delete_expired(connection, NOON + IDLE))
    assert holder(opened, NOON) is None


def test_an_officers_passport_follows_the_appointment_at_once(records: Records, passwords: Passwords) -> None:
    appoint(records, passwords, appointment())
    records.write(lambda connection: sessions.start(connection, TOKEN, "officer:modir", NOON))
    appoint(records, passwords, appointment(roles=[Role.FINANCE], provinces=["fars"], password=None))
    passport = holder(records, NOON)
    assert passport == Passport(
        principal_kind=PrincipalKind.OFFICER,
        subject="modir",
        roles=frozenset({Role.FINANCE}),
        provinces=frozenset({"fars"}),
    )
    dismiss(records, "modir")
    assert holder(records, NOON) is None


def test_an_officers_name_is_known_with_the_session_and_no_members(
    records: Records, opened: Records, passwords: Passwords
) -> None:
    with opened.read() as connection:
        of_member = sessions.find(connection, TOKEN, NOON)
    assert of_member is not None
    assert of_member.full_name == ""
    named = appointment()
    appoint(records, passwords, named)
    records.write(lambda connection: sessions.start(connection, "another token", "officer:modir", NOON))
    with records.read() as connection:
        of_officer = sessions.find(connection, "another token", NOON)
    assert of_officer is not None
    assert of_officer.full_name == named.full_name


def listed(records: Records, account: str = "member:012345", at: datetime = NOON) -> list[tuple[str, bool]]:
    with records.read() as connection:
        return [(one.device, one.is_this) for one in sessions.list_open(connection, account, TOKEN, at)]


def open_more(records: Records, *devices: str, account: str = "member:012345") -> None:
    for minute, device in enumerate(devices, 1):
        at = NOON + timedelta(minutes=minute)
        records.write(lambda connection: sessions.start(connection, device, account, at, device))  # noqa: B023 - at once


def test_the_holder_sees_the_open_sessions_the_last_used_first(opened: Records) -> None:
    open_more(opened, "firefox-android", "tamdid")
    open_more(opened, "edge-windows", account="member:012346")
    assert listed(opened) == [("tamdid", False), ("firefox-android", False), ("", True)]
    assert listed(opened, at=NOON + IDLE) == [("tamdid", False), ("firefox-android", False)]


def test_the_list_names_sessions_by_what_opens_none(opened: Records) -> None:
    with opened.read() as connection:
        [one] = sessions.list_open(connection, "member:012345", TOKEN, NOON)
    assert len(one.session_id) == 32
    assert holder(opened, NOON, one.session_id) is None


def test_a_session_is_ended_by_its_holder_alone(opened: Records) -> None:
    with opened.read() as connection:
        [one] = sessions.list_open(connection, "member:012345", TOKEN, NOON)
    opened.write(lambda connection: sessions.end_by_id(connection, "member:012346", one.session_id))
    opened.write(lambda connection: sessions.end_by_id(connection, "member:012345", "%" * 32))
    assert holder(opened, NOON) == MEMBER
    opened.write(lambda connection: sessions.end_by_id(connection, "member:012345", one.session_id))
    assert holder(opened, NOON) is None


def test_all_others_end_and_those_of_other_accounts_go_on(opened: Records) -> None:
    open_more(opened, "firefox-android", "tamdid")
    open_more(opened, "edge-windows", account="member:012346")
    opened.write(lambda connection: sessions.end_others(connection, "member:012345", TOKEN))
    assert listed(opened) == [("", True)]
    assert listed(opened, "member:012346") == [("edge-windows", False)]


def test_one_session_too_many_ends_the_one_that_was_not_used_for_longest(opened: Records) -> None:
    devices = [f"d{number}" for number in range(sessions.SESSIONS_MAX - 1)]
    open_more(opened, *devices)
    assert len(listed(opened)) == sessions.SESSIONS_MAX
    for minute, token in enumerate([TOKEN, *devices[1:], devices[0]], 2):
        holder(opened, NOON + timedelta(minutes=minute), token)
    open_more(opened, "surplus")
    assert len(listed(opened)) == sessions.SESSIONS_MAX
    assert ("", True) not in listed(opened)
    assert {("d0", False), ("surplus", False)} <= set(listed(opened))


def test_sessions_that_nobody_uses_end_no_session_in_use(opened: Records) -> None:
    holder(opened, NOON + timedelta(seconds=1))
    open_more(opened, *(f"d{number}" for number in range(2 * sessions.SESSIONS_MAX)))
    found = listed(opened, at=NOON + timedelta(minutes=29))
    assert len(found) == sessions.SESSIONS_MAX
    assert ("", True) in found


def test_an_officers_first_password_gives_no_right_but_to_change_it(records: Records, passwords: Passwords) -> None:
    appoint(records, passwords, appointment(password="koohe-sefid-1405"))
    service = SignIn(records, passwords, "never")
    first = sign_in("modir", "koohe-sefid-1405", principal_kind="officer")
    opened = service.open_session(first, TOKEN, "device")
    modir = Passport(principal_kind=PrincipalKind.OFFICER, subject="modir")
    assert (opened.passport, opened.must_change_password) == (modir, True)
    used = sessions.use(records, TOKEN, NOON)
    assert (used.passport, used.must_change_password) == (modir, True)
    change = {"actor": modir.actor, "current": "koohe-sefid-1405", "new": "daryache-ye-gav", "session": TOKEN}
    service.set_password(commands.SetPassword(**{**stamps(), **change}))
    used = sessions.use(records, TOKEN, NOON)
    assert (used.passport.roles, used.passport.provinces) == (frozenset({Role.MANAGER}), frozenset({"isfahan"}))
    assert not used.must_change_password


def test_in_development_an_officer_may_keep_the_first_password(records: Records, passwords: Passwords) -> None:
    appoint(records, passwords, appointment(password="koohe-sefid-1405"))
    service = SignIn(records, passwords, "never", initial_lasts=True)
    opened = service.open_session(sign_in("modir", "koohe-sefid-1405", principal_kind="officer"), TOKEN, "device")
    assert (opened.passport.roles, opened.must_change_password) == (frozenset({Role.MANAGER}), False)


def test_a_member_need_not_change_the_national_code(opened: Records) -> None:
    opened.write(lambda connection: credentials.save_hash(connection, "member:012345", "hash", NOON, is_own=False))
    assert not sessions.use(opened, TOKEN, NOON).must_change_password
