"""The phone's own interface checks what it is sent, and the phone is for development only."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from clients.phone import messages, tables
from clients.phone.app import make_app
from clients.phone.sms import answers
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.settings import Settings
from tests.support import phone as phones
from tests.support.phone import Phone


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


def test_a_slow_provider_is_slow_until_it_is_cleared(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(answers, "time", SimpleNamespace(sleep=slept.append))
    phone.switch("ghasedak", "slow", 7)
    for provider in ("ghasedak", "ghasedak", "smsir"):
        phone.http.get(f"/{provider}/rest/api/v1/WebService/CheckSmsStatus")
    assert slept[:2] == [7, 7]
    assert 7 not in slept[2:]


def test_what_was_sent_is_there_after_a_restart(tmp_path: Path) -> None:
    with phones.running(tmp_path) as phone:
        phone.register("kavenegar", "code", "کد {code}")
        fields = {"receptor": phones.NUMBER, "template": "code", "token": "1"}
        phone.http.post("/kavenegar/v1/k/verify/lookup.json", data=fields).raise_for_status()
        sent = phone.messages()
    with phones.running(tmp_path) as phone:
        assert phone.messages("9120000007") == sent != []


def test_another_host_is_refused(phone: Phone) -> None:
    assert phone.http.get("/messages", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("text", "count"), [("", 1), ("ا" * 70, 1), ("ا" * 71, 2), ("ا" * 134, 2), ("ا" * 135, 3), ("😀" * 35, 1)]
)
def test_seventy_signs_are_a_segment_and_sixty_seven_in_a_chain(text: str, count: int) -> None:
    assert messages.segments(text) == count
