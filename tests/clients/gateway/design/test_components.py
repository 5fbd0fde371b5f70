"""Components: every class of a page has its style, and the gallery shows every one."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from clients.gateway.app import make_app
from shared.app_context import AppContext
from shared.settings import Settings
from tests.clients.gateway.fake_services import FakeServices

GATEWAY = Path("clients/gateway")
STATIC = GATEWAY / "design" / "static"
STYLES = "".join(path.read_text(encoding="utf-8") for path in sorted(STATIC.glob("*.css")))
STYLED = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r'url\("[^"]*"\)|/\*.*?\*/', "", STYLES, flags=re.DOTALL)))
TEMPLATES = {path: path.read_text(encoding="utf-8") for path in sorted(GATEWAY.rglob("*.html"))}
MADE_BY_PYTHON = {"qr", "units"}
SCRIPTS_BYTES_MAX = 15_000
FONT_BYTES_MAX = 70_000


def named(template: str) -> set[str]:
    """The classes that a template writes out, whatever its conditions."""
    values = re.findall(r'class="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"', template)
    plain = (re.sub(r"[\w-]*\{\{.*?\}\}[\w-]*", " ", re.sub(r"\{%.*?%\}", " ", one)) for one in values)
    return {word for one in plain for word in re.findall(r"(?<![\w-])[a-z][\w-]*[a-z0-9_](?![\w-])", one)}


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_each_class_of_a_page_has_a_style(path: Path) -> None:
    assert named(TEMPLATES[path]) - STYLED == set()


def test_each_style_is_used_by_a_page() -> None:
    pages = "".join(TEMPLATES.values())
    words = set(re.findall(r"[a-z][\w-]*", pages))
    completed = set(re.findall(r"([a-z][\w-]*-)\{\{", pages))
    made = {one for one in STYLED if any(one.startswith(stem) for stem in completed)}
    assert STYLED - words - made - MADE_BY_PYTHON == set()


def test_no_page_names_a_colour_of_its_own() -> None:
    base_and_components = "".join(
        (STATIC / name).read_text(encoding="utf-8").replace("%23000", "") for name in ("base.css", "components.css")
    )
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", base_and_components)) <= {"#fff", "#000", "#dbe7e9"}


def gateway(tmp_path: Path, *, development: bool) -> FlaskClient:
    settings = Settings(var=tmp_path, page_secret=SecretStr("a secret of this test"), development=development)
    return make_app(AppContext(FakeServices(), settings)).test_client()


def test_the_gallery_is_there_for_development_only(tmp_path: Path) -> None:
    page = gateway(tmp_path, development=True).get("/design")
    assert page.status_code == 200
    assert "اجزای صفحه‌ها" in page.text
    elsewhere = gateway(tmp_path, development=False)
    assert elsewhere.get("/design").status_code == 404
    assert "/design" not in elsewhere.get("/").text


def test_the_gallery_shows_every_component(tmp_path: Path) -> None:
    page = gateway(tmp_path, development=True).get("/design").text
    shown = {word for one in re.findall(r'class="([^"]*)"', page) for word in one.split()}
    macros = "".join(TEMPLATES[GATEWAY / "design" / name] for name in ("components.html", "macros.html"))
    assert named(macros) - shown == set()


def test_scripts_and_font_stay_small() -> None:
    assert sum(path.stat().st_size for path in STATIC.glob("*.js")) < SCRIPTS_BYTES_MAX
    assert (STATIC / "fonts" / "vazirmatn.woff2").stat().st_size < FONT_BYTES_MAX
