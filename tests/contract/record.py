"""Take the contract's additions on record, and write what is made of it: `make contract`.

`schemas.json` is the record of every message and of the JSON API's paths; `docs/asyncapi.json`, `docs/openapi.json`, `docs/events.md` and
`docs/settings.md` are the reference made of it.
A change that breaks a promise is named and nothing is written: it needs a new word instead (CONTRIBUTING.md).
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from clients.gateway.api.description import ASYNCAPI
from clients.gateway.api.description import FILE as OPENAPI
from deploy.reference import asyncapi, events_page, openapi, settings_page
from tests.clients.gateway.api import examples
from tests.contract import asyncapi_examples, schemas
from tests.contract.compatibility import breaks
from tests.contract.schemas import Contract

ROOT = Path(__file__).parents[2]
SCHEMAS = Path(__file__).parent / "schemas.json"
DOCS = ROOT / "docs"


def main() -> int:
    now = schemas.contract()
    if found := breaks(promised(), now):
        print("The contract would break:", *found, sep="\n  ", file=sys.stderr)
        return 1
    for path, text in made(now).items():
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"Renewed {path.relative_to(ROOT)}")
    return 0


def promised() -> Contract:
    """The contract on record; empty before the first time."""
    kept: Contract = json.loads(SCHEMAS.read_text(encoding="utf-8")) if SCHEMAS.exists() else {}
    return kept


def made(now: Contract) -> dict[Path, str]:
    """Each file that follows from the contract, with its text."""
    return {path: write(now) for path, write in FILES.items()}


def indented(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def written(contract: Contract) -> str:
    """The contract as JSON with a line a field, so that a change reads as one."""
    kinds = ",\n".join(f"{quoted(kind)}: {{\n{words(kept)}\n}}" for kind, kept in contract.items())
    return f"{{\n{kinds}\n}}\n"


def words(kept: dict[str, dict[str, object]]) -> str:
    return ",\n".join(f"  {quoted(name)}: {word(about)}" for name, about in kept.items())


def word(about: dict[str, object]) -> str:
    """A word without fields is a line; one with fields has a line for each."""
    fields = about.get("fields")
    if not isinstance(fields, dict):
        return quoted(about)
    own = [f"    {quoted(name)}: {quoted(value)}" for name, value in about.items() if name != "fields"]
    lines = ",\n".join(f"      {quoted(place)}: {quoted(field)}" for place, field in fields.items())
    return "{\n" + ",\n".join([*own, f'    "fields": {{\n{lines}\n    }}' if lines else '    "fields": {}']) + "\n  }"


def quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


FILES: Mapping[Path, Callable[[Contract], str]] = {
    SCHEMAS: written,
    ASYNCAPI: lambda _now: indented(asyncapi.document(asyncapi_examples.messages())),
    OPENAPI: lambda _now: indented(openapi.document(examples.played())),
    DOCS / "events.md": lambda _now: events_page.page(),
    DOCS / "settings.md": lambda _now: settings_page.page(),
}
"""The files that follow from the contract, and how the text of each is made."""

if __name__ == "__main__":
    sys.exit(main())
