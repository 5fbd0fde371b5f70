"""HTTP client for SMS providers: bounded answers, timeouts, no redirects or proxies, and no key or number in a log or an error."""

import json
import logging
import ssl
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

import eventlet
import httpx

from services.notification.providers.port import Answer, Outcome
from services.notification.providers.reading import ACCOUNT, BUSY, UNREACHABLE

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
"""For each piece of an answer."""
ANSWER_SECONDS = 20.0
"""For all of an answer: one that comes in drips is none."""
BODY_BYTES_MAX = 2_000_000
SERVER_ERROR, UNAVAILABLE = 500, 503
"""After the second nothing was taken: whoever stands before the provider says so instead of it."""
REFUSED_BY_STATUS = {401: ACCOUNT, 403: ACCOUNT, 404: ACCOUNT, 405: ACCOUNT, 429: BUSY}
"""What a status says that comes without an answer in the provider's own form, such as of whoever stands before it."""
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL)
"""Errors before a byte of the message has left."""
TOO_SLOW = "TotalTimeout"

Body = Mapping[str, Any]
Reading = Callable[[Body], object]
"""What an object says in the provider's own form: an `Answer` where it is an error."""
log = logging.getLogger(__name__)
logging.getLogger("httpx").addFilter(lambda record: not str(record.msg).startswith("HTTP Request"))
"""httpx would log each address, and an address has the provider's key in it."""


@cache
def tls() -> ssl.SSLContext:
    """Made once for all providers: to read the authorities takes some 25 ms and half a megabyte that is kept."""
    return httpx.create_ssl_context(trust_env=False)


class HttpClient:
    """A provider's interface at one base address, with a connection for each request.

    One that is kept may end just as the next message is sent, of which nobody knows then whether it was.
    """

    def __init__(
        self, name: str, base_url: str, reading: Reading, timeout: httpx.Timeout | None = None, **headers: str
    ) -> None:
        self._name = name
        self._reading = reading
        self._base_url = base_url
        self._http = httpx.Client(
            timeout=timeout or httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=False,
            verify=tls(),
            headers={"Accept": "application/json", "Accept-Encoding": "identity", **headers},
        )

    def get(self, path: str, **sent: Any) -> Body | Answer:
        return self._call("GET", path, sent)

    def post(self, path: str, **sent: Any) -> Body | Answer:
        return self._call("POST", path, sent)

    def _call(self, method: str, path: str, sent: dict[str, Any]) -> Body | Answer:
        """The object that came back; where none did, what that says about a message."""
        answer = self._exchange(method, path, sent)
        if isinstance(answer, Answer):
            log.warning("no usable answer of %s: %s", self._name, answer.cause)
        return answer

    def _exchange(self, method: str, path: str, sent: dict[str, Any]) -> Body | Answer:
        status, body = 0, b""
        try:
            with (
                eventlet.Timeout(ANSWER_SECONDS, False),
                self._http.stream(method, f"{self._base_url}{path}", **sent) as response,
            ):
                body = bounded(response)
                status = response.status_code
        except NOT_SENT:
            return Answer(Outcome.REFUSED, cause=UNREACHABLE)
        except httpx.HTTPError as error:
            return Answer(Outcome.UNKNOWN, cause=type(error).__name__)
        return read(status, body, self._reading) if status else Answer(Outcome.UNKNOWN, cause=TOO_SLOW)

    def __repr__(self) -> str:
        return f"HttpClient({self._name!r})"


def bounded(response: httpx.Response) -> bytes:
    """The body, or a little more than the most that is read."""
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            break
    return bytes(body)


def read(status: int, body: bytes, reading: Reading) -> Body | Answer:
    """The object in an answer: below 500 the provider's own codes in it decide, and the status where it has none that is known."""
    if status == UNAVAILABLE:
        return Answer(Outcome.REFUSED, cause=BUSY)
    if status >= SERVER_ERROR:
        return Answer(Outcome.UNKNOWN, cause=f"status {status}")
    if len(body) > BODY_BYTES_MAX:
        return Answer(Outcome.UNKNOWN, cause="too_long")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if status in REFUSED_BY_STATUS and not (isinstance(found, dict) and says_something(reading(found))):
        return Answer(Outcome.REFUSED, cause=REFUSED_BY_STATUS[status])
    if isinstance(found, dict):
        return found
    return Answer(Outcome.UNKNOWN, cause="no_object")


def says_something(found: object) -> bool:
    return not (isinstance(found, Answer) and found.outcome is Outcome.UNKNOWN)


def in_path(key: str) -> str:
    """A key as a part of a path."""
    return quote(key, safe="")
