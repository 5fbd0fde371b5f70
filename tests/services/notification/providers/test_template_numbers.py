"""The numbers of templates at providers that know them by number."""

from pathlib import Path

import pytest

from services.notification.providers.template_numbers import NUMBERED, made_of, number_of
from shared.settings import Settings


def settings(folder: Path, text: str | None = None, *, development: bool = False) -> Settings:
    if text is not None:
        (folder / "template_numbers.toml").write_text(text)
    return Settings(templates=folder, development=development)


@pytest.mark.parametrize("development", [False, True])
def test_a_number_is_of_the_file(tmp_path: Path, development: bool) -> None:
    given = settings(tmp_path, "[smsir]\ntamdid-approved = 123456\n", development=development)
    assert number_of(given, "smsir")("tamdid-approved") == 123456
    assert number_of(given, "smsir")("tamdid-returned") is None
    assert number_of(given, "melipayamak")("tamdid-approved") is None


def test_without_the_file_there_is_none(tmp_path: Path) -> None:
    assert number_of(settings(tmp_path), "smsir")("tamdid-approved") is None


def test_in_development_a_number_is_made_of_the_name(tmp_path: Path) -> None:
    made = {name: number_of(settings(tmp_path, development=True), "smsir")(name) for name in ("one", "two", "123456")}
    assert made == {name: made_of(name) for name in made}
    assert made["123456"] == 123456
    assert len({*made.values()}) == 3


@pytest.mark.parametrize(
    "text",
    [
        "[kavenegar]\ntamdid-approved = 1\n",
        "[smsir\n",
        "[smsir]\ntamdid-approved = '123456'\n",
        "[smsir]\ntamdid-approved = 0\n",
        "[smsir]\ntamdid-approved = 3000000000\n",
        "[smsir]\ntamdid-approved = true\n",
        "smsir = 1\n",
    ],
)
@pytest.mark.parametrize("provider", sorted(NUMBERED))
def test_a_wrong_file_is_named(tmp_path: Path, text: str, provider: str) -> None:
    with pytest.raises(ValueError, match=r"template_numbers\.toml: "):
        number_of(settings(tmp_path, text), provider)
