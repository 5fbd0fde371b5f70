"""Policy files: TOML tables named by their Jalali year, read once at start and checked by a pydantic model.

Every fault is named by file, table and cell, such as `1405.toml [deductions] person_hour.p cell 2: …`.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import BaseModel, ValidationError

DIGEST_CHARACTERS = 12
MADE_UP = "# Made up in development, after "
DIGESTS_MAX = 16
"""Texts whose digests are remembered."""


class PolicyError(ValueError):
    """Policy files that can't be used; the text names file, table and cell, a line each."""


class OfYear(Protocol):
    """A policy that names its year, as its file's name does."""

    @property
    def year(self) -> int: ...


M = TypeVar("M", bound=BaseModel)
P = TypeVar("P", bound=OfYear)


def parse(model: type[M], toml: str, file: str, **fields: object) -> M:
    """The model of a TOML text, with fields that are not in it; `PolicyError` names the file by `file`."""
    try:
        return model.model_validate({**tomllib.loads(toml, parse_float=Decimal), **fields})
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{file}: {error}") from error
    except ValidationError as error:
        raise PolicyError("\n".join(faults(file, error))) from error


@lru_cache(maxsize=DIGESTS_MAX)
def digest(text: str) -> str:
    """The name of a policy's text."""
    return sha256(text.encode()).hexdigest()[:DIGEST_CHARACTERS]


def head_comments(toml: str) -> tuple[str, ...]:
    """The comments at the head of a file, which say where its figures come from."""
    lines = takewhile(lambda line: line.startswith("#"), toml.splitlines())
    return tuple(line.lstrip("#").strip() for line in lines)


def faults(file: str, error: ValidationError) -> Iterator[str]:
    """What is wrong with a file, a line for each cell."""
    for wrong in error.errors(include_url=False):
        table, *cells = wrong["loc"] or ("",)
        field = ".".join(cell for cell in cells if isinstance(cell, str))
        numbers = "".join(f" cell {cell + 1}" for cell in cells if isinstance(cell, int))
        yield f"{file} [{table}] {field}{numbers}: {wrong['msg']}"


def made_up(folder: Path, until: int) -> Iterator[tuple[str, str]]:
    """The last file's text, by its name, for each year since, until a Jalali year: so the demonstration runs in any. Elsewhere nothing is made up (0)."""
    last = max(folder.glob("*.toml"), default=None, key=lambda file: file.stem) if until else None
    if last is None or not last.stem.isdecimal():
        return
    text = f"{MADE_UP}{last.name}\n" + re.sub(r"^first_year\s*=.*\n", "", last.read_text("utf-8"), flags=re.MULTILINE)
    for year in range(int(last.stem) + 1, until + 1):
        yield f"{year}.toml", re.sub(rf"^year\s*=\s*{last.stem}\b", f"year = {year}", text, flags=re.MULTILINE)


def read_folder(folder: Path, parse_text: Callable[[str, str], P], until: int = 0) -> dict[int, P]:
    """Every policy of a folder by its year, or one `PolicyError` with all that is wrong; `parse_text` takes text and name."""
    policies, errors = {}, []
    for file in sorted(folder.glob("*.toml")):
        try:
            policy = parse_text(file.read_text(encoding="utf-8"), file.name)
        except (OSError, UnicodeDecodeError) as error:
            errors.append(f"{file.name}: can't be read ({error})")
        except PolicyError as error:
            errors.append(str(error))
        else:
            policies[policy.year] = policy
            if file.stem != str(policy.year):
                errors.append(f"{file.name} year: says {policy.year}")
    if errors:
        raise PolicyError("\n".join(errors))
    if not policies:
        raise PolicyError(f"{folder}: no policy is there, such as 1405.toml")
    added = (parse_text(text, name) for name, text in made_up(folder, until))
    return policies | {policy.year: policy for policy in added}
