"""Reading and sending the forms of a page as a browser would: hidden fields go along."""

import html
import re
from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def token(client: FlaskClient, path: str) -> str:
    """The form token of a page."""
    return hidden(client.get(path).text)["csrf_token"]


def hidden(page: str) -> dict[str, str]:
    """A page's hidden fields; of two forms with the same field, the last one's."""
    return {name: html.unescape(value) for name, value in HIDDEN.findall(page)}


def send(client: FlaskClient, path: str, fields: Mapping[str, Any], page: str = "/password") -> TestResponse:
    """Post fields with the token of a page."""
    return client.post(path, data={"csrf_token": token(client, page), **fields})


def field(page: str, name: str, attribute: str = "name") -> str:
    """The markup of one input, select or textarea by its name."""
    found = re.search(rf'<(input|select|textarea)[^>]*{attribute}="{re.escape(name)}"[^>]*>', page)
    assert found, f"no field {name}"
    return found[0]
