"""Numbers of approved templates at the SMS providers that know a template by a number: `template_numbers.toml` in the folder of the texts."""

import tomllib
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from shared.settings import Settings

FILE = "template_numbers.toml"
NUMBERED = ("smsir", "melipayamak")
NUMBER_MAX = 2**31 - 1

NumberOf = Callable[[str], int | None]
Numbers = Mapping[str, Mapping[str, int]]


def number_of(settings: Settings, provider: str) -> NumberOf:
    """A template's number by its name, None where the operator has given none; in development without the file, one made of the name."""
    file = settings.templates_folder / FILE
    if settings.development and not file.exists():
        return made_of
    return (read(file) if file.exists() else {}).get(provider, {}).get


def made_of(name: str) -> int:
    """A number that is always the same for a name; one of digits is its own."""
    return int(name) if name.isdecimal() else zlib.crc32(name.encode()) & NUMBER_MAX


def read(file: Path) -> Numbers:
    """The file's tables, `[<provider>]` with `<name> = <number>`; a wrong one is a ValueError that names it."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{file}: {error}") from error
    for provider, numbers in tables.items():
        if provider not in NUMBERED or not isinstance(numbers, dict):
            raise ValueError(f"{file}: {provider} is no table of {' or '.join(NUMBERED)}")
        for name, number in numbers.items():
            if type(number) is not int or not 0 < number <= NUMBER_MAX:
                raise ValueError(f"{file}: [{provider}] {name} is no number of a template")
    return tables
