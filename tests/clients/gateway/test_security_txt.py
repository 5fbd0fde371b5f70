from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr, ValidationError

from clients.gateway.app import make_app
from shared.app_context import AppContext
from shared.settings import Settings
from tests.clients.gateway.fake_services import FakeServices

PATH = "/.well-known/security.txt"
CONTACT = "mailto:security@isfahan.example.ir"


def test_it_names_the_contact_and_ends_within_a_year(services: FakeServices, tmp_path: Path) -> None:
    settings = Settings(
        var=tmp_path,
        page_secret=SecretStr("a secret"),
        public_url="https://isfahan.example.ir/",
        security_contact=CONTACT,
    )
    client = make_app(AppContext(services, settings)).test_client()
    answer = client.get(PATH, headers={"Host": "isfahan.example.ir"})
    assert answer.content_type == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    expires = datetime.fromisoformat(fields.pop("Expires"))
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
    assert fields == {
        "Contact": CONTACT,
        "Preferred-Languages": "fa, en",
        "Canonical": f"https://isfahan.example.ir{PATH}",
    }


def test_without_a_contact_there_is_no_file(visitor: FlaskClient) -> None:
    assert visitor.get(PATH).status_code == 404


@pytest.mark.parametrize(
    "contact", ["security@isfahan.example.ir", "http://isfahan.example.ir", "mailto:", "mailto:a@b\nExpires: never"]
)
def test_a_contact_that_is_no_address_of_one_line_is_refused(contact: str) -> None:
    with pytest.raises(ValidationError, match="security_contact"):
        Settings(security_contact=contact)
