"""HTTP client for banks: timeouts, no redirects or proxies, and how much of an answer is logged."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import eventlet
import httpx

from shared.observability import tracing

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
"""For each piece of an answer."""
ANSWER_SECONDS = 20.0
"""For all of an answer: one that comes in drips is none, however often another drip comes."""
LATE = timedelta(seconds=8)
"""An answer that took longer is read, but the bank counts as failing: whoever waited for it is about to give up."""
TOO_SLOW = "TotalTimeout"
ANSWER_KEPT_MAX = 4_000
"""Characters of an answer that are kept."""


def client(timeout: httpx.Timeout | None, **headers: str) -> httpx.Client:
    """Neither redirects nor a proxy of the environment: who we are to a bank goes to its own host alone.

    A connection for each request: one that is kept may end just as the next request is sent, and nobody knows what became of that.
    """
    return httpx.Client(
        timeout=timeout or httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        limits=httpx.Limits(max_keepalive_connections=0),
        follow_redirects=False,
        trust_env=False,
        headers=headers,
    )


def post(http: httpx.Client, url: str, **sent: Any) -> tuple[str, httpx.Response | None]:
    """What came back as text, to be kept, and the answer; where none came, the error's name."""
    response = None
    try:
        with tracing.http_client("POST", url) as span, eventlet.Timeout(ANSWER_SECONDS, False):
            response = http.post(url, **sent)
            tracing.set_status(span, response.status_code, HTTPStatus.BAD_REQUEST)
    except httpx.HTTPError as error:
        return type(error).__name__, None
    if response is None:
        return TOO_SLOW, None
    return f"{response.status_code} {response.text[:ANSWER_KEPT_MAX]}", response


def is_late(response: httpx.Response | None) -> bool:
    return response is not None and response.elapsed > LATE
