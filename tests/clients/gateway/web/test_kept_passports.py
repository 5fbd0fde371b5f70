"""Passports for queries are kept for a minute; commands have their own, and what changes rights ends what is kept."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from clients.gateway.web import rpc
from clients.gateway.web.rpc import KeptPassports
from shared.contract.auth import commands
from shared.contract.auth.answers import SignedPassports
from shared.contract.refusals import Reason
from tests.clients.gateway.fake_services import FakeServices


def issued(services: FakeServices) -> int:
    return len(services.sent(commands.IssuePassports))


def test_pages_within_a_minute_ask_auth_once(
    member: FlaskClient, manager: FlaskClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        assert member.get("/member").status_code == 200
    assert issued(services) == 1
    assert manager.get("/desk").status_code == 200
    assert issued(services) == 2, "each session has its own"
    later = rpc.now() + timedelta(minutes=1)
    monkeypatch.setattr(rpc, "now", lambda: later)
    services.refuse(commands.IssuePassports, Reason.NOT_SIGNED_IN)
    assert member.get("/member").status_code == 303


@pytest.fixture
def kept(services: FakeServices) -> KeptPassports:
    return KeptPassports(services)


def passports(kept: KeptPassports, message: commands.IssuePassports) -> SignedPassports:
    return kept.of("member-session", lambda: kept.call(message))


def request(**more: object) -> commands.IssuePassports:
    return commands.IssuePassports.model_validate(
        {"session": "member-session", "services": ("renewal",), **rpc.new_command(), **more}
    )


def test_passports_for_a_command_are_not_kept(kept: KeptPassports, services: FakeServices) -> None:
    for_command = request(command_id="00000000-0000-4000-8000-000000000001")
    assert [passports(kept, for_command).passport.command_id for _ in range(2)] == [for_command.command_id] * 2
    assert issued(services) == 2


def test_none_are_kept_past_a_command_that_may_end_a_session(kept: KeptPassports, services: FakeServices) -> None:
    passports(kept, request())
    kept.call(commands.NewCaptcha(**rpc.new_command()))
    passports(kept, request())
    assert issued(services) == 1, "strangers send this one all the time"
    kept.call(commands.SignOut.model_validate({"session": "manager-session", **rpc.new_command()}))
    passports(kept, request())
    assert issued(services) == 2


def test_none_are_kept_that_were_asked_for_before_such_a_command(kept: KeptPassports, services: FakeServices) -> None:
    def overtaken() -> SignedPassports:
        signed = kept.call(request())
        kept.call(commands.SignOut.model_validate({"session": "member-session", **rpc.new_command()}))
        return signed

    kept.of("member-session", overtaken)
    passports(kept, request())
    assert issued(services) == 2


def test_only_so_many_sessions_are_kept(
    kept: KeptPassports, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rpc, "SESSIONS_KEPT_MAX", 1)
    passports(kept, request())
    kept.of("manager-session", lambda: kept.call(request()))
    passports(kept, request())
    assert issued(services) == 3
