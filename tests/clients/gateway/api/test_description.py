"""The JSON API describes itself: the OpenAPI document for programs, and pages made of it for people."""

import gzip
import html
import json
import re
import shlex
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from clients.gateway.api import reference, schema_fields
from clients.gateway.api.catalogue import OFFERED, OPEN
from clients.gateway.api.description import ASYNCAPI, FILE
from shared.contract.refusals import Reason
from tests.clients.gateway.conftest import SignedIn

ROOT = Path(__file__).parents[4]
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = {f"/api/reference/{service}/{method}" for service, method in OFFERED}


@pytest.mark.parametrize(
    ("path", "file"), [("/api", FILE), ("/api/openapi.json", FILE), ("/api/asyncapi.json", ASYNCAPI)]
)
def test_the_document_is_what_make_contract_has_written(visitor: FlaskClient, path: str, file: Path) -> None:
    answer = visitor.get(path)
    assert answer.mimetype == "application/json"
    assert answer.data == file.read_bytes() == (ROOT / "docs" / file.name).read_bytes()
    assert answer.headers["Link"] == '</api/reference>; rel="service-doc"'


def test_the_document_is_sent_compressed_and_only_once(visitor: FlaskClient) -> None:
    plain = visitor.get("/api/openapi.json")
    packed = visitor.get("/api/openapi.json", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 5
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert packed.headers["Cache-Control"] == "no-cache"
    for encoding in ("gzip", "identity"):
        headers = {"If-None-Match": plain.headers["ETag"], "Accept-Encoding": encoding}
        again = visitor.get("/api/openapi.json", headers=headers)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", plain.headers["ETag"])
    assert visitor.get("/api/openapi.json", headers={"If-None-Match": '"another"'}).status_code == 200


def test_head_has_the_headers_alone(visitor: FlaskClient) -> None:
    whole, head = visitor.get("/api/openapi.json"), visitor.head("/api/openapi.json")
    assert head.data == b""
    for name in ("Content-Length", "ETag", "Content-Type"):
        assert head.headers[name] == whole.headers[name]


def test_a_browser_is_led_to_the_page(visitor: FlaskClient) -> None:
    answer = visitor.get("/api", headers=BROWSER)
    assert (answer.status_code, answer.location) == (303, "/api/reference")
    assert "Accept" in answer.headers["Vary"]
    assert visitor.get("/api").headers["Vary"].split(", ").count("Accept") == 1


def test_the_page_lists_every_operation_and_every_refusal(visitor: FlaskClient) -> None:
    page = visitor.get("/api/reference").text
    assert [path for path in sorted(PAGES) if f'href="{path}"' not in page] == []
    assert [reason for reason in Reason if page.count(f'id="{reason}"') != 1] == []
    assert page.count("بدون نشست") == sum(kind in OPEN for kind in OFFERED.values())
    assert 'href="/api/openapi.json"' in page
    assert 'href="/api/asyncapi.json"' in page


def test_every_operation_has_a_page_with_its_fields(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "described", cache(reference.described))  # two hundred pages
    for (service, method), kind in OFFERED.items():
        page = visitor.get(f"/api/reference/{service}/{method}")
        assert page.status_code == 200
        needed = [name for name, field in kind.model_fields.items() if field.is_required()]
        assert [name for name in needed if f">{name}</bdi>" not in page.text] == [], method


def test_a_page_shows_an_example_and_what_its_fields_are(visitor: FlaskClient) -> None:
    page = visitor.get("/api/reference/renewal/approve_renewal").text
    assert "&#34;tracking_code&#34;: &#34;7K3MX09QTB&#34;" in page
    assert "After this instant the command is not run any more" in page
    assert ">actor</bdi>" not in page


@pytest.mark.parametrize("path", ["/api/renewal/list_desk", "/api/payment/get_tariff"])
def test_a_page_has_a_command_that_does_it(signed_in: SignedIn, path: str) -> None:
    client = signed_in("")
    (command,) = re.findall(
        r"<pre dir=\"ltr\">(curl .*?)</pre>", client.get(path.replace("/api/", "/api/reference/")).text, re.DOTALL
    )
    _, url, *rest = shlex.split(html.unescape(command).replace("\\\n", "").replace("$TOKEN", "manager-session"))
    options = list(zip(rest[::2], rest[1::2], strict=True))
    headers = dict(value.split(": ") for name, value in options if name == "--header")
    (body,) = [value for name, value in options if name == "--data"]
    assert client.post(urlsplit(url).path, data=body, headers=headers).status_code == 200
    assert ("Authorization" in headers) == (path == "/api/renewal/list_desk")


def test_pages_tell_programs_how_they_get_a_token_and_for_which_scope(visitor: FlaskClient) -> None:
    page = visitor.get("/api/reference").text
    assert "grant_type=client_credentials http://127.0.0.1:8000/api/oauth/token" in page
    assert "&#34;tracking_code&#34;" in page
    assert ">desk:approve</bdi>" in visitor.get("/api/reference/renewal/approve_renewal").text
    assert "دامنهٔ" not in visitor.get("/api/reference/payment/confirm_payment").text


def test_an_operation_that_is_not_there_has_no_page(visitor: FlaskClient) -> None:
    for path in ("auth/issue_passports", "renewal/nothing", "../../x/y"):
        answer = visitor.get(f"/api/reference/{path}")
        assert answer.status_code == 404


def test_help_leads_to_the_page(signed_in: SignedIn) -> None:
    for session in ("", "manager-session"):
        assert 'href="/api/reference"' in signed_in(session).get("/help").text


def test_the_fields_of_what_holds_itself_are_listed_once() -> None:
    parts = {
        "Node": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "maxLength": 5},
                "next": {"anyOf": [{"$ref": "#/components/schemas/Node"}, {"type": "null"}], "default": None},
                "marks": {"type": "array", "items": {"type": "object", "properties": {"at": {"type": "string", "format": "date"}}}},
            },
            "required": ["name"],
        }
    }  # fmt: skip
    found = schema_fields.listed({"$ref": "#/components/schemas/Node"}, parts)
    assert [(one.name, one.type, one.limits, one.is_required) for one in found] == [
        ("name", "string", "length ≤ 5", True),
        ("next", "object or null", "default null", False),
        ("marks", "array of object", "", False),
        ("marks[].at", "string (date)", "", False),
    ]


def test_the_document_holds_nothing_of_the_machine_that_wrote_it() -> None:
    document = json.loads(FILE.read_text(encoding="utf-8"))
    assert document["servers"] == [{"url": "/", "description": "The portal that this document comes from."}]
    assert document["info"]["version"] in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
