"""The folders of each room with the imports between them, from the source: `make tree`.

A room is a service, a client, `shared`, `deploy`, or one of `OWN_ROOMS`, which everything around it uses. Its root files (a `service.py`, which is a table of contents, or a
`base.py`) are counted apart from its folders.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import grimp

PACKAGES = ("clients", "deploy", "services", "shared")
FILES_MAX = 12
"""Source files of a folder, without its `__init__`."""
IMPORTS_MAX = 40
"""Imports, from module to module, between the folders of a room."""
ROOT = "."
OWN_ROOMS = (
    ["shared", "contract"],
    ["shared", "event_store"],
    ["shared", "observability"],
    ["clients", "gateway", "web"],
)
"""Within another room: everything else there uses them, as each page of the gateway uses `web`."""


@dataclass
class Room:
    """A room's folders with their modules, and how many imports lead from one of its parts to another."""

    name: str
    folders: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    imports: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By part: a folder, or a root file by the module's name."""

    @property
    def between_folders(self) -> int:
        return sum(n for pair, n in self.imports.items() if all(part in self.folders for part in pair))

    def problems(self) -> Iterator[str]:
        for folder, modules in self.folders.items():
            if len(modules) > FILES_MAX:
                yield f"{self.name}: {folder} has {len(modules)} source files, more than {FILES_MAX}"
        if self.between_folders > IMPORTS_MAX:
            yield f"{self.name}: {self.between_folders} imports between folders, more than {IMPORTS_MAX}"
        if circle := self.circle():
            yield f"{self.name}: a circle between {', '.join(sorted(circle))}"

    def circle(self) -> set[str]:
        """The parts that are left when those that import no other, and those that no other imports, are taken away until none is."""
        left = {part for pair in self.imports for part in pair}
        while True:
            inside = [pair for pair in self.imports if left.issuperset(pair)]
            in_both = {one for one, _ in inside} & {other for _, other in inside}
            if in_both == left:
                return left
            left = in_both


def place_of(module: str, is_package: bool) -> tuple[str, str]:
    """The room of a module, and the part of it: a folder (its `__init__` too), or the module's name where it is a root file."""
    parts = module.split(".")
    own = next((room for room in OWN_ROOMS if parts[: len(room)] == room), parts[:1])
    depth = max(len(own), 2 if parts[0] in ("services", "clients") else 1)
    inner = parts[depth:] if is_package else parts[depth:-1]
    return ".".join(parts[:depth]), "/".join(inner) or parts[-1]


def rooms() -> dict[str, Room]:
    """Every room, by its name."""
    graph = grimp.build_graph(*PACKAGES)
    packages = {module.rpartition(".")[0] for module in graph.modules}
    places = {module: place_of(module, module in packages) for module in graph.modules}
    found: dict[str, Room] = {}
    for module, (name, part) in places.items():
        if module not in packages:
            folder = ROOT if f"{name}.{part}" == module else part
            found.setdefault(name, Room(name)).folders[folder].add(module)
    for module, (name, part) in places.items():
        for imported in graph.find_modules_directly_imported_by(module):
            other, other_part = places[imported]
            if name == other and part != other_part:
                found[name].imports[part, other_part] += 1
    return dict(sorted(found.items()))


def main() -> int:
    """Print every room; the exit code is 1 where one breaks a limit."""
    problems: list[str] = []
    for room in rooms().values():
        print(
            f"{room.name}: {room.between_folders} imports between folders, {room.imports.total() - room.between_folders} of root files"
        )
        for folder, modules in sorted(room.folders.items()):
            uses = ", ".join(f"{other} {n}" for (one, other), n in sorted(room.imports.items()) if one == folder)
            print(f"  {folder:20} {len(modules):3} files{'  imports ' + uses if uses else ''}")
        problems += room.problems()
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
