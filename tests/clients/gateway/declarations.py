"""Posting a declaration topic by topic, as its pages do."""

from collections.abc import Mapping

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from clients.gateway.declaration import topics
from tests.clients.gateway import pages

FORM = "/member/declaration"
SENDING = f"{FORM}/send"


def post(
    client: FlaskClient, slug: str, values: Mapping[str, str], action: str = "next", query: str = ""
) -> TestResponse:
    """Post a topic's own fields of a declaration."""
    topic = next(topic for topic in topics.TOPICS if topic.slug == slug)
    own = {name: text for name, text in values.items() if topic.has(name) or name == "command_id"}
    return pages.send(client, f"{FORM}/{slug}{query}", {**own, "action": action})


def post_all(client: FlaskClient, values: Mapping[str, str]) -> None:
    """Answer all topics."""
    for topic in topics.TOPICS:
        answer = post(client, topic.slug, values)
        assert answer.status_code == 303, (topic.slug, answer.text)
