"""Static files have a version in their address, and the portal can be installed, with a page for when there is no connection."""

import json
import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

from clients.gateway.design import static_files
from tests.clients.gateway import samples
from tests.clients.gateway.fake_services import FakeServices

STATIC = static_files.STATIC
LINKS = re.compile(r'(?:href|src)="(/static/[^"?]+)([^"]*)"')


@pytest.mark.parametrize("path", ["/", "/sign-in", "/member", "/member/renewal", "/offline"])
def test_each_address_of_a_static_file_names_its_version(
    member: FlaskClient, services: FakeServices, path: str
) -> None:
    services.renewal = samples.renewal("submitted")
    found = LINKS.findall(member.get(path).text)
    assert len(found) > 4
    for file, query in found:
        name = file.removeprefix("/static/")
        assert query == f"?v={static_files.version(name)}", file


def test_styles_name_the_version_of_the_font_as_pages_do() -> None:
    address = re.search(r'url\("(fonts/[^"]+)"\)', (STATIC / "tokens.css").read_text("utf-8"))
    assert address is not None
    name, _, query = address[1].partition("?v=")
    assert query == static_files.version(name), "write the new version into tokens.css"


def test_a_named_version_is_kept_for_long_and_any_other_address_for_an_hour(visitor: FlaskClient) -> None:
    def kept(query: str) -> str:
        with visitor.get(f"/static/base.css{query}") as answer:
            assert answer.status_code == 200
            return answer.headers["Cache-Control"]

    assert kept(f"?v={static_files.version('base.css')}") == "public, max-age=31536000, immutable"
    for query in ("", "?v=", "?v=00000000"):
        assert kept(query) == "public, max-age=3600"


def test_the_manifest_names_icons_of_their_sizes(visitor: FlaskClient) -> None:
    answer = visitor.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = json.loads(answer.text)
    assert (manifest["lang"], manifest["dir"], manifest["start_url"]) == ("fa", "rtl", "/member")
    for icon in manifest["icons"]:
        with visitor.get(icon["src"]) as found, Image.open(BytesIO(found.data)) as picture:
            assert "{}x{}".format(*picture.size) == icon["sizes"]
    assert sum(path.stat().st_size for path in (STATIC / "icons").glob("*.png")) < 20_000


def test_the_worker_keeps_files_that_are_the_same_for_everybody_and_no_page_of_a_member(
    member: FlaskClient, visitor: FlaskClient
) -> None:
    script = member.get("/service-worker.js")
    assert (script.mimetype, script.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert script.text == visitor.get("/service-worker.js").text
    line = re.search(r"const FILES = (.*);", script.text)
    assert line is not None
    files = json.loads(line[1])
    assert [one for one in files if not one.startswith("/static/")] == ["/offline"]
    for file in files:
        with visitor.get(file) as answer:
            assert answer.status_code == 200, file
    assert set(re.findall(r"caches\.(\w+)\(|kept\.(\w+)\(", script.text)) == {
        ("open", ""), ("", "addAll"), ("keys", ""), ("delete", ""), ("match", "")
    }  # fmt: skip
    assert 'credentials: "omit"' in script.text


def test_the_page_without_a_connection_knows_no_session(member: FlaskClient, visitor: FlaskClient) -> None:
    page = member.get("/offline").text
    assert samples.MEMBER not in page
    assert "csrf_token" not in page
    assert "ذخیره" in page
    known = set(LINKS.findall(visitor.get("/offline").text))
    listed = visitor.get("/service-worker.js").text
    scripts = {"once.js", "icons/icon-192.png"}
    missing = {file for file, query in known if file + query not in listed} - {f"/static/{one}" for one in scripts}
    assert missing == set()
