"""What the demonstration is not answered in time, it begins again: a machine on which all programs have just started is busy."""

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from deploy import demonstration
from services.auth.accounts import projection
from services.auth.accounts import queries as accounts
from services.auth.officers import appointments, grants
from services.auth.sign_in.credentials import Passwords
from services.auth.tables import TABLES
from shared.contract.auth import commands, queries
from shared.contract.auth.answers import Officers
from shared.contract.base import Done
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.settings import Settings


class Portal:
    """Refuses for each of these reasons once, and then takes all."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *reasons: Reason) -> None:
        self.loads: list[tuple[str, str]] = []
        self.reasons = list(reasons)
        monkeypatch.setattr(demonstration, "load_missing", self.load)
        monkeypatch.setattr(demonstration, "PAUSE_SECONDS", 0)

    def load(self, url: str, password: str, _ids: object) -> None:
        self.loads.append((url, password))
        if self.reasons:
            raise Refused(self.reasons.pop(0))


def test_what_is_not_answered_in_time_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    portal = Portal(monkeypatch, Reason.NO_ANSWER, Reason.DEADLINE_PASSED)
    demonstration.load(Settings(gateway_port=9))
    assert portal.loads == [("http://127.0.0.1:9", demonstration.admin_password())] * 3


def test_any_other_refusal_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    portal = Portal(monkeypatch, Reason.NOT_ALLOWED)
    with pytest.raises(Refused, match="not_allowed"):
        demonstration.load(Settings(gateway_port=9), "of-the-first-admin")
    assert portal.loads == [("http://127.0.0.1:9", "of-the-first-admin")]


def test_it_ends_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    portal = Portal(monkeypatch, Reason.NO_ANSWER, Reason.NO_ANSWER)
    monkeypatch.setattr(demonstration, "LOAD_SECONDS", -1)
    with pytest.raises(Refused, match="no_answer"):
        demonstration.load(Settings(gateway_port=9))
    assert len(portal.loads) == 1


class Auth:
    """What the service decides; of a command in `lost`, by its class and its officer, the first answer is lost, before it is done or after."""

    def __init__(self, folder: Path, *lost: tuple[type, str, str]) -> None:
        database = Database(f"sqlite:///{folder / 'auth.db'}")
        database.create_tables(log.TABLES, *TABLES)
        self.records = Records(database, EventLog("auth", projection.project))
        self.passwords = Passwords(hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.lost = list(lost)
        appointments.appoint_first(self.records, self.passwords, demonstration.admin_password(), datetime.now(UTC))

    def officers(self, admin: Passport) -> Officers:
        with self.records.read() as connection:
            requests = grants.open_requests(connection, self.records.own_log(), admin, datetime.now(UTC))
            return Officers(officers=accounts.officer_cards(connection), requests=requests)

    def decide(self, command: Any, admin: Passport) -> Done:
        command = command.model_copy(update={"actor": admin.actor, "at": datetime.now(UTC)})
        self.lose(command, "before")
        if isinstance(command, commands.GrantOfficerRequest):
            grants.decide(self.records, command, admin)
        else:
            appointments.appoint(self.records, self.passwords, command, admin)
        self.lose(command, "after")
        return Done()

    def lose(self, command: Any, when: str) -> None:
        if (lost := (type(command), command.officer, when)) in self.lost:
            self.lost.remove(lost)
            raise Refused(Reason.NO_ANSWER)


class Signed:
    """An admin's way to it."""

    def __init__(self, auth: Auth, name: str) -> None:
        self.auth = auth
        roles, places = frozenset({Role.ADMIN}), frozenset({"isfahan", "fars"})
        self.admin = Passport(principal_kind=PrincipalKind.OFFICER, subject=name, roles=roles, provinces=places)

    def call(self, message: Any) -> Any:
        is_query = isinstance(message, queries.ListOfficers)
        return self.auth.officers(self.admin) if is_query else self.auth.decide(message, self.admin)

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    "command",
    [
        (commands.AppointOfficer, demonstration.SECOND_ADMIN),
        (commands.AppointOfficer, "modir"),
        (commands.GrantOfficerRequest, "modir"),
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("again", [1, 2], ids=["in the same load", "in the next one"])
def test_an_officer_whose_answer_was_lost_is_appointed_once_and_no_request_stays_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: tuple[type, str], when: str, again: int
) -> None:
    auth = Auth(tmp_path, (*command, when))
    monkeypatch.setattr(demonstration, "signed_in", lambda _url, name, _password: Signed(auth, name))
    monkeypatch.setattr(demonstration, "is_known", lambda *_: True)
    monkeypatch.setattr(demonstration, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(demonstration, "LOAD_SECONDS", -1 if again == 2 else 60)
    for left in reversed(range(again)):
        if left:
            with pytest.raises(Refused, match="no_answer"):
                demonstration.load(Settings(gateway_port=9))
        else:
            demonstration.load(Settings(gateway_port=9))
    found = Signed(auth, "admin").call(queries.ListOfficers())
    assert {card.officer for card in found.officers} == {row["officer"] for row in demonstration.rows("officers.csv")}
    assert (found.requests, auth.lost) == ((), [])


def test_what_the_first_admin_has_requested_does_not_keep_the_second_from_requesting_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody grants a request of one's own."""
    auth = Auth(tmp_path)
    monkeypatch.setattr(demonstration, "signed_in", lambda _url, name, _password: Signed(auth, name))
    monkeypatch.setattr(demonstration, "is_known", lambda *_: True)
    officer = next(row for row in demonstration.rows("officers.csv") if row["officer"] == "modir")
    Signed(auth, "admin").call(demonstration.appointment(officer, defaultdict(uuid4)))
    demonstration.load(Settings(gateway_port=9))
    found = Signed(auth, "admin").call(queries.ListOfficers())
    assert {card.officer for card in found.officers} == {row["officer"] for row in demonstration.rows("officers.csv")}
