"""The pages' font has every character that pages write, and every page loads it."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from shared import translations
from shared.text import persian

GATEWAY = Path("clients/gateway")
MADE_OF = re.findall(
    r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", (GATEWAY / "design/fonts/README.md").read_text(encoding="utf-8").split("```")[1]
)
IN_FONT = {chr(code) for first, last in MADE_OF for code in range(int(first, 16), int(last or first, 16) + 1)}


@pytest.mark.parametrize("path", sorted(GATEWAY.rglob("*.html")), ids=str)
def test_the_font_has_every_character_of_a_page(path: Path) -> None:
    assert set(path.read_text(encoding="utf-8")) - IN_FONT - {"\n"} == set()


def test_the_font_has_every_character_of_labels_and_sentences() -> None:
    catalogue = Path(translations.__file__).with_name("fa.po").read_text(encoding="utf-8")
    said = "".join(re.findall(r'^(?:msgstr )?"(.*)"$', catalogue, re.MULTILINE))
    assert set(said) - IN_FONT == {"←"}, "but for the command line's arrow"
    assert set(persian.format_number(-1234567890) + persian.format_units(-12345)) <= IN_FONT


@pytest.mark.parametrize("path", ["/", "/nowhere", "/sign-in"])
def test_each_page_loads_the_font_before_its_styles_need_it(visitor: FlaskClient, path: str) -> None:
    page = visitor.get(path).text
    [address] = re.findall(r'<link rel="preload" href="([^"]+)" as="font" type="font/woff2" crossorigin>', page)
    font = visitor.get(address)
    assert font.data.startswith(b"wOF2")
    font.close()
