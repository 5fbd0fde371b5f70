"""Versions of static files: each address names the digest of the file's content, so that a browser may keep it for long."""

import hashlib
from functools import cache
from pathlib import Path

import flask

STATIC = Path(__file__).parent / "static"
VERSION = "v"
DIGEST_LENGTH = 8


def attach(app: flask.Flask) -> None:
    """Name the version in every address that `url_for('static')` makes."""

    def add_version(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static" and (found := version(str(values["filename"]))):
            values.setdefault(VERSION, found)

    app.url_defaults(add_version)


@cache
def version(filename: str) -> str:
    """The beginning of the digest of a file's content; empty where there is no such file."""
    file = STATIC / filename
    return digest(file.read_bytes()) if file.is_file() else ""


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:DIGEST_LENGTH]


def is_of_version(request: flask.Request) -> bool:
    """Whether a file is asked for by the version that it has."""
    named = str((request.view_args or {}).get("filename", ""))
    return VERSION in request.args and request.args[VERSION] == version(named)
