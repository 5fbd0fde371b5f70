"""The phone's own interface checks what it is sent, and the phone is for development only."""

from pathlib import Path

import pytest

from clients.phone import messages, tables
from clients.phone.app import make_app
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.settings import Settings
from tests.clients.phone.conftest import Phone


def test_outside_of_development_there_is_no_phone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/phone.db")
    database.create_tables(tables.STATE)
    with pytest.raises(LookupError):
        make_app(Records(database, None), Settings(development=False))
    database.close()


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/faults/kavenegar/down", {"value": -1}),
        ("/faults/kavenegar/down", {"value": 1_001}),
        ("/faults/kavenegar/down", {"value": True}),
        ("/faults/kavenegar/down", {"value": 1, "to": 7}),
        ("/faults/kavenegar/unknown", {"value": 1}),
        ("/faults/smtp/delivery_twice", {"value": 1}),
        ("/faults/unknown/down", {"value": 1}),
        ("/templates/kavenegar/code", {}),
        ("/templates/kavenegar/code", {"text": "x" * 1_001}),
        ("/templates/smtp/code", {"text": "x"}),
    ],
)
def test_what_cannot_be_switched_or_registered_is_refused(phone: Phone, path: str, sent: dict[str, object]) -> None:
    assert phone.http.put(path, json=sent).status_code == 400
    assert phone.http.get("/faults").json() == {}


def test_faults_are_shown_and_cleared(phone: Phone) -> None:
    phone.switch("smtp", "down", 3)
    phone.switch("kavenegar", "slow", 2, to="09120000007")
    assert phone.http.get("/faults").json() == {"smtp": {"down": 3}}
    assert phone.http.delete("/faults").json() == {}


def test_another_host_is_refused(phone: Phone) -> None:
    assert phone.http.get("/messages", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("text", "count"), [("", 1), ("ا" * 70, 1), ("ا" * 71, 2), ("ا" * 134, 2), ("ا" * 135, 3), ("😀" * 35, 1)]
)
def test_seventy_signs_are_a_segment_and_sixty_seven_in_a_chain(text: str, count: int) -> None:
    assert messages.segments(text) == count
