"""The folders of each room and the imports between them, read from the code: `make tree` prints them, and what breaks a limit.

A room is a service, a client, the deployment, the contract, or the rest of `shared`. The modules at a room's root stand above its folders,
each for itself, and count for circles only.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
FOLDER_FILES_MAX = 12
ROOM_IMPORTS_MAX = 40
LEVELS: Mapping[str, int] = {"shared": 0, "services": 1, "clients": 1, "deploy": 2}
"""A room imports from lower levels only: what stands on one level knows nothing of each other."""


@dataclass
class Room:
    """One room: the source files of each folder, the imports from node to node, and those that lead to no lower level."""

    name: str
    files: Counter[str] = field(default_factory=Counter)
    imports: Counter[tuple[str, str]] = field(default_factory=Counter)
    upward: list[str] = field(default_factory=list)

    @property
    def between_folders(self) -> int:
        """Imports from a module of one folder to a module of another."""
        return sum(count for pair, count in self.imports.items() if self.files.keys() >= {*pair})

    def problems(self) -> Iterator[str]:
        """What breaks a limit, each in a sentence."""
        yield from self.upward
        for folder, count in self.files.items():
            if count > FOLDER_FILES_MAX:
                yield f"{self.name}/{folder} has {count} files, and at most {FOLDER_FILES_MAX} belong in a folder"
        if self.between_folders > ROOM_IMPORTS_MAX:
            yield f"{self.name} has {self.between_folders} imports between its folders, and at most {ROOM_IMPORTS_MAX} are readable"
        graph: dict[str, set[str]] = defaultdict(set)
        for importer, imported in self.imports:
            graph[importer].add(imported)
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            yield f"{self.name} has a circle: {' -> '.join(reversed(error.args[1]))}"


def rooms() -> dict[str, Room]:
    """Every room by its path, from import-linter's own graph."""
    graph = grimp.build_graph(*LEVELS)
    found: dict[str, Room] = {}
    for importer in sorted(graph.modules):
        room = found.setdefault(room_of(importer), Room(room_of(importer)))
        room.files[folder_of(importer)] += 1
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            if room_of(imported) != room.name:
                if not is_lower(imported, importer):
                    room.upward.append(f"{importer} imports {imported}, which is not below it")
            elif node_of(importer) != node_of(imported):
                room.imports[node_of(importer), node_of(imported)] += 1
    return found


def is_package(module: str) -> bool:
    return (ROOT / module.replace(".", "/") / "__init__.py").exists()


def room_of(module: str) -> str:
    top, *rest = module.split(".")
    has_rooms = top in {"services", "clients"} or rest[:1] == ["contract"]
    return "/".join([top, *rest[:1]]) if has_rooms else top


def folder_of(module: str) -> str:
    """The folder within the room; empty at its root."""
    package = module if is_package(module) else module.rpartition(".")[0]
    return package.replace(".", "/").removeprefix(room_of(module)).strip("/")


def node_of(module: str) -> str:
    """The folder, or at the room's root the module itself."""
    return folder_of(module) or f"{module.rpartition('.')[2]}.py"


def is_lower(imported: str, importer: str) -> bool:
    low, high = (LEVELS[module.partition(".")[0]] for module in (imported, importer))
    return low < high or low == high == 0


def main() -> int:
    found, wrong = rooms(), list[str]()
    for room in found.values():
        print(f"\n{room.name}: {room.files.total()} files, {room.between_folders} imports between folders")
        for folder, count in sorted(room.files.items()):
            nodes = {
                node
                for pair in room.imports
                for node in pair
                if node == folder or (not folder and node.endswith(".py"))
            }
            uses = Counter(
                {there: n for (here, there), n in room.imports.items() if here in nodes and there in room.files}
            )
            print(f"  {folder or '.':<20} {count:>3}  {', '.join(f'{name} {n}' for name, n in sorted(uses.items()))}")
        wrong += room.problems()
    print("", *(wrong or ["Every limit holds."]), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
