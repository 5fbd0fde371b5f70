"""Descriptions of the fields of a JSON schema: the docstrings under the attributes of the contract's classes."""

import ast
import inspect
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from pydantic import BaseModel

from deploy.reference.asyncapi_parts import Json

ROOMS = ("shared.contract", "clients.gateway.api")


def add_descriptions(schemas: Json) -> None:
    """Describe the fields of each schema that has the name of one of the contract's classes."""
    kinds = set(documented(BaseModel))
    classes, names = {kind.__name__: kind for kind in kinds}, Counter(kind.__name__ for kind in kinds)
    for name, schema in schemas.items():
        kind_name = name.removesuffix("-Input").removesuffix("-Output")
        if names[kind_name] != 1:
            continue
        found = {field: text for base in reversed(classes[kind_name].__mro__) for field, text in texts(base)}
        for field, part in schema.get("properties", {}).items():
            if field in found:
                part.setdefault("description", found[field])


def documented(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """All classes of the contract below a class; pydantic's own of a generic one are left out."""
    for one in kind.__subclasses__():
        if one.__module__.startswith(ROOMS) and "[" not in one.__name__:
            yield one
        yield from documented(one)


def texts(kind: type) -> Iterator[tuple[str, str]]:
    """A class's own fields with their docstrings, each in one line."""
    if not kind.__module__.startswith(ROOMS) or "[" in kind.__name__:
        return
    for field, after in pairwise(classes_in(kind.__module__)[kind.__name__].body):
        match field, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, " ".join(text.split())
            case _:
                pass


@cache
def classes_in(module: str) -> Mapping[str, ast.ClassDef]:
    """A module's classes as they are written, by their names; read once, for a module has many of them."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {one.name: one for one in tree.body if isinstance(one, ast.ClassDef)}
