"""docs/walkthrough.md quotes the source as it is: its links lead to files, its code is in them, its names exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "walkthrough.md"
FILES_MAX = 8
STEPS: list[tuple[str, str, str]] = [
    (shown, link, body)
    for shown, link, body in re.findall(
        r"^## \d\. \[([^\]]+)\]\(([^)]+)\)\n(.*?)(?=^## |\Z)",
        PAGE.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
]
SOURCES = {shown: (PAGE.parent / link).resolve() for shown, link, _ in STEPS}


def lines_of(text: str) -> str:
    """The lines without indentation and without blank ones."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def test_it_passes_each_file_once_and_not_many() -> None:
    assert 1 < len(STEPS) <= FILES_MAX
    assert len(SOURCES) == len(STEPS)


@pytest.mark.parametrize(
    ("shown", "body"), [(shown, body) for shown, _, body in STEPS], ids=[shown for shown, *_ in STEPS]
)
def test_what_it_quotes_is_in_the_file(shown: str, body: str) -> None:
    assert SOURCES[shown] == ROOT / shown
    source = lines_of(SOURCES[shown].read_text(encoding="utf-8"))
    quotes = re.findall(r"```python\n(.*?)```", body, re.DOTALL)
    assert quotes
    for quote in quotes:
        for part in re.split(r"^ *\.\.\.\n", quote, flags=re.MULTILINE):
            assert lines_of(part) in source


def test_the_names_of_its_text_exist_in_its_files() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.values())
    text = re.sub(r"```.*?```", "", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    names = set(re.findall(r"`([A-Za-z_]\w*)`", text))
    assert names
    assert {name for name in names if not re.search(rf"\b{name}\b", sources)} == set()
