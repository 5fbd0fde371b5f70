"""The descriptions at `/api/openapi.json` and `/api/asyncapi.json`, as `make contract` has written them, compressed and with an ETag."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.api import problems

BLUEPRINT = flask.Blueprint("api_description", __name__, url_prefix="/api")
FILE = Path(__file__).with_name("openapi.json")
"""The JSON API as OpenAPI."""
ASYNCAPI = Path(__file__).with_name("asyncapi.json")
"""All messages over RabbitMQ as AsyncAPI."""
HTML = "text/html"


@BLUEPRINT.get("")
def index() -> ResponseReturnValue:
    """The description for programs; browsers are sent to the page made of it."""
    if flask.request.accept_mimetypes.best_match([problems.JSON, HTML]) == HTML:
        response = flask.make_response(flask.redirect(problems.REFERENCE, 303))
    else:
        response = described(FILE)
    response.vary.add("Accept")
    return response


@BLUEPRINT.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    return described(FILE)


@BLUEPRINT.get("/asyncapi.json")
def asyncapi() -> ResponseReturnValue:
    return described(ASYNCAPI)


def described(file: Path) -> flask.Response:
    """A file; 304 for who has it already."""
    compressed, digest = packed(file)
    response = flask.Response(mimetype=problems.JSON)
    if flask.request.accept_encodings.quality("gzip"):
        response.set_data(compressed)
        response.content_encoding = "gzip"
    else:
        response.set_data(gzip.decompress(compressed))
    response.vary.add("Accept-Encoding")
    response.headers["Link"] = f'<{problems.REFERENCE}>; rel="service-doc"'
    response.set_etag(digest, weak=True)  # the same, compressed or not
    return flask.make_response(response.make_conditional(flask.request))


@cache
def packed(file: Path) -> tuple[bytes, str]:
    """A file compressed, and the digest of its content."""
    content = file.read_bytes()
    return gzip.compress(content, mtime=0), hashlib.sha256(content).hexdigest()
