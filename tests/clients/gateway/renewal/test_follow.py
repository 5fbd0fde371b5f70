"""A request is followed by its tracking code without a session, and nothing of the member is shown."""

import pytest
from flask.testing import FlaskClient

from shared.contract.auth import commands as auth_commands
from shared.contract.refusals import Reason
from shared.contract.renewal import queries
from tests.clients.gateway import samples
from tests.clients.gateway.fake_services import FakeServices


@pytest.fixture(autouse=True)
def on_the_desk(services: FakeServices) -> None:
    services.desk = (samples.renewal("submitted"),)


def test_the_form_is_for_anyone_and_asks_nothing(visitor: FlaskClient, services: FakeServices) -> None:
    page = visitor.get("/follow")
    assert page.status_code == 200
    assert 'name="code"' in page.text
    assert services.messages == []


@pytest.mark.parametrize("code", ["7K3MX09QTB", "7k3mx-o9qtb", "۷K3MX ۰9QTB"])
def test_a_code_in_any_spelling_shows_the_status_alone(visitor: FlaskClient, services: FakeServices, code: str) -> None:
    page = visitor.get("/follow", query_string={"code": code})
    assert page.status_code == 200
    assert "در انتظار بررسی" in page.text
    assert not [known for known in (samples.MEMBER, "۰۰۱۲۳۴۵", "صفوی") if known in page.text]
    assert services.sent(queries.FollowRenewal) == [queries.FollowRenewal(tracking_code="7K3MX09QTB")]
    assert len(services.sent(auth_commands.CountHit)) == 1
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_a_code_of_nobody_and_what_is_no_code_are_notified_at_the_field(
    visitor: FlaskClient, services: FakeServices
) -> None:
    nobodys = visitor.get("/follow?code=0000000000")
    assert (nobodys.status_code, "پیدا نشد" in nobodys.text) == (422, True)
    wrong = visitor.get("/follow?code=abc")
    assert (wrong.status_code, "ده حرف و رقم لاتین" in wrong.text) == (422, True)
    assert len(services.sent(auth_commands.CountHit)) == 1


def test_too_many_requests_are_refused_before_the_code_is_looked_up(
    visitor: FlaskClient, services: FakeServices
) -> None:
    services.refuse(auth_commands.CountHit, Reason.TOO_MANY_ATTEMPTS)
    assert visitor.get("/follow?code=7K3MX09QTB").status_code == 429
    assert services.sent(queries.FollowRenewal) == []
