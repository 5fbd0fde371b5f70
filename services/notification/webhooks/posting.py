"""One request of a webhook: to a checked address, within a total time, with no redirect followed and no more than the status read."""

import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import eventlet
import httpcore
import httpx

from services.notification.webhooks import address_guard
from services.notification.webhooks.address_guard import AddressRefused, Lookup
from shared.settings import Settings

ANSWER_SECONDS = 10.0
"""For all of a request, from the look-up of the name to the answer's status: one that comes in drips is none."""
TAKEN = range(200, 300)
REDIRECTS = range(300, 400)
USER_AGENT = "tamdid-webhooks"


class TlsRefused(Exception):  # noqa: N818 - the name is the finding
    """No TLS: the certificate is of another name or authority, or the other side ended it."""


class Result(NamedTuple):
    """What became of a request: its status, 0 without one, and why it does not count, as a code of the group `webhook`."""

    status: int = 0
    cause: str = ""

    @property
    def is_taken(self) -> bool:
        return not self.cause


class Post(Protocol):
    """Sends one signed message to a URL."""

    def __call__(self, url: str, headers: Mapping[str, str], body: str) -> Result: ...


@dataclass(frozen=True)
class Poster:
    """A new connection for each request, so that each is made to an address that was checked for it."""

    is_development: bool
    tls: ssl.SSLContext
    lookup: Lookup
    seconds: float = ANSWER_SECONDS

    def __call__(self, url: str, headers: Mapping[str, str], body: str) -> Result:
        if address_guard.url_problem(url, is_development=self.is_development):
            return Result(cause="address")
        with eventlet.Timeout(self.seconds, False):  # also of a name server, or a handshake in drips
            return self._result(url, headers, body)
        return Result(cause="timeout")

    def _result(self, url: str, headers: Mapping[str, str], body: str) -> Result:
        backend = CheckedBackend(time.monotonic() + self.seconds, self.is_development, self.lookup)
        sent = {"User-Agent": USER_AGENT, "Connection": "close", **headers}
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self.tls, network_backend=backend) as pool,
                pool.stream("POST", url, headers=list(sent.items()), content=body.encode()) as answer,
            ):
                return result_of(answer.status)
        except AddressRefused:
            return Result(cause="address")
        except httpcore.TimeoutException:
            return Result(cause="timeout")
        except TlsRefused:
            return Result(cause="tls")
        except httpcore.ConnectError:
            return Result(cause="unreachable")
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError, ValueError):
            return Result(cause="broken")


def poster(settings: Settings) -> Poster:
    """Verifies certificates by the authorities that the program came with, or those of `SSL_CERT_FILE`."""
    return Poster(settings.development, httpx.create_ssl_context(), socket.getaddrinfo)


def result_of(status: int) -> Result:
    if status in TAKEN:
        return Result(status)
    return Result(status, "redirect" if status in REDIRECTS else "status")


@dataclass(frozen=True)
class CheckedBackend(httpcore.NetworkBackend):
    """Connects to the address that it has checked, whatever the name resolves to a moment later; TLS still verifies the name."""

    deadline: float
    is_development: bool
    lookup: Lookup

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - of one step, while the deadline is of all
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            address = address_guard.resolve(self.lookup, host, port, is_development=self.is_development)
        except (socket.gaierror, UnicodeError) as error:
            raise httpcore.ConnectError(str(type(error))) from None
        stream = httpcore.SyncBackend().connect_tcp(
            address, port, left_until(self.deadline), local_address, socket_options
        )
        return Stream(stream, self.deadline)


@dataclass(frozen=True)
class Stream(httpcore.NetworkStream):
    """A connection on which everything together must be done by a deadline."""

    inner: httpcore.NetworkStream
    deadline: float

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self.inner.read(max_bytes, left_until(self.deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self.inner.write(buffer, left_until(self.deadline))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        try:
            encrypted = self.inner.start_tls(ssl_context, server_hostname, left_until(self.deadline))
        except httpcore.ConnectError:
            raise TlsRefused from None
        return Stream(encrypted, self.deadline)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


def left_until(deadline: float) -> float:
    """The seconds that are left; `TimeoutException` without any."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left
