"""The words of the pages: each thing has one name in templates, in the gateway's sentences, in the messages and in the translations."""

import ast
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from shared import translations

ROOT = Path(__file__).parents[2]
GLOSSARY = Path(translations.__file__).with_name("words.toml")
WORDS = tomllib.loads(GLOSSARY.read_text(encoding="utf-8"))["word"]
LETTER = "آ-یئؤأءۀ\u200c\u0654"
TEMPLATES = {str(path): path.read_text(encoding="utf-8") for path in sorted((ROOT / "clients/gateway").rglob("*.html"))}


def sentences() -> dict[str, str]:
    """The Persian texts of the gateway's modules, without comments and docstrings in English, the messages and the catalogue."""
    files = (GLOSSARY.with_name("fa.po"), ROOT / "services/notification/templates/fa.toml")
    found = {file.name: file.read_text(encoding="utf-8") for file in files}
    for path in sorted((ROOT / "clients/gateway").rglob("*.py")):
        constants = (
            one.value for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(one, ast.Constant)
        )
        found[str(path)] = "\n".join(text for text in constants if isinstance(text, str))
    return found


TEXTS = {**TEMPLATES, **sentences()}


@pytest.mark.parametrize("word", WORDS, ids=[word["word"] for word in WORDS])
def test_a_thing_has_one_name(word: dict[str, list[str]]) -> None:
    others = "|".join(map(re.escape, word["instead_of"]))
    pattern = re.compile(f"(?<![{LETTER}])(?:{others})(?![{LETTER}])")
    used = [
        f"{path}: {found[0]}, instead of «{word['word']}»"
        for path, text in TEXTS.items()
        for found in pattern.finditer(text)
    ]
    assert used == []


@pytest.mark.parametrize("word", WORDS, ids=[word["word"] for word in WORDS])
def test_a_word_of_the_glossary_is_used(word: dict[str, str]) -> None:
    assert any(word["word"] in text for text in TEXTS.values())


def test_no_word_is_named_twice_or_refused_beside() -> None:
    names = [word["word"] for word in WORDS]
    assert len(set(names)) == len(names)
    assert not set(names) & set(chain.from_iterable(word["instead_of"] for word in WORDS))


def test_another_name_would_be_found() -> None:
    pattern = re.compile(f"(?<![{LETTER}])(?:لینک)(?![{LETTER}])")
    assert pattern.search("این لینک را باز کنید")
    assert not pattern.search("لینکلن")
