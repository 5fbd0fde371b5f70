"""Raw HTTP for fuzzing: requests that no polite client would send, over connections that are kept, and as a curl command."""

import gzip
import http.client
import json
import shlex
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlsplit

ANSWER_SECONDS = 60
CHUNK_BYTES = 1000
NESTED, NESTED_DEEP = 900, 100_000
BIG_BYTES = 3 * 1024 * 1024
BOUNDARY = "frontier-of-this-form"
CUT = 0
"""The status of a request whose connection was closed before an answer came."""
SHOWN_BYTES_MAX = 2000


@dataclass(frozen=True)
class Sent:
    """A request as it goes over the wire."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    is_chunked: bool = False

    @property
    def lies_about_length(self) -> bool:
        """Whether a server that believes it waits for a body that never comes: nothing else may follow on its connection."""
        said = [value for name, value in self.headers if name.lower() == "content-length"]
        is_said_to_be_chunked = any(name.lower() == "transfer-encoding" for name, _ in self.headers)
        return any(value != str(len(self.body)) for value in said) or is_said_to_be_chunked != self.is_chunked


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


class RawConnection(http.client.HTTPConnection):
    """Python's own client without its manners: any target and any header goes out as it is."""

    def _validate_path(self, url: str) -> None:
        """Whatever it is."""

    def _encode_request(self, request: str) -> bytes:
        return request.encode("utf-8", errors="surrogatepass")


class Wire:
    """A kept connection to one server."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url)
        self._connection = self._opened()

    def _opened(self) -> RawConnection:
        return RawConnection(self._address.hostname or "", self._address.port, timeout=ANSWER_SECONDS)

    def send(self, sent: Sent) -> Answered:
        """The answer; on a new connection where the kept one was closed meanwhile."""
        for _ in range(2):
            with suppress(OSError, http.client.HTTPException):
                return self._tried(sent)
            self._connection.close()
            self._connection = self._opened()
        return Answered(CUT, {}, b"")

    def _tried(self, sent: Sent) -> Answered:
        one = self._connection
        one.putrequest(sent.method, sent.target, skip_accept_encoding=True)
        for name, value in sent.headers:
            one.putheader(name, value.encode("utf-8", errors="surrogatepass"))
        with suppress(BrokenPipeError, ConnectionResetError):  # it may have answered without reading all of it
            one.endheaders(chunks(sent.body) if sent.is_chunked else sent.body, encode_chunked=sent.is_chunked)
        if sent.lies_about_length:
            with suppress(OSError):  # or the server waits for the rest for as long as it may
                one.sock.shutdown(socket.SHUT_WR)
        came = one.getresponse()
        answered = Answered(came.status, dict(came.headers.items()), came.read())
        if came.will_close or sent.lies_about_length:
            one.close()
        return answered

    def close(self) -> None:
        self._connection.close()


def chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), CHUNK_BYTES):
        yield body[start : start + CHUNK_BYTES]


def encoded(kind: str, content: Any) -> tuple[str, bytes]:
    """A body's content type and bytes."""
    match kind:
        case "json":
            return "application/json", json.dumps(content).encode()
        case "form":
            pairs = [f"{field(name)}={field(value)}" for name, value in content]
            return "application/x-www-form-urlencoded", "&".join(pairs).encode()
        case "multipart":
            return f"multipart/form-data; boundary={BOUNDARY}", b"".join(
                map(part, content)
            ) + f"--{BOUNDARY}--".encode()
        case "text":
            return "text/plain", content.encode(errors="surrogatepass")
        case _:
            return "", b""


def field(text: str) -> str:
    return quote_plus(text, errors="surrogatepass")


def part(field_of: list[str]) -> bytes:
    """A field of a form; of a file where a third text names it."""
    name, value, *files = field_of
    file = f'; filename="{files[0]}"' if files else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return f"{head}{value}\r\n".encode(errors="surrogatepass")


SPOILERS: Mapping[str, Callable[[bytes], bytes]] = {
    "cut short": lambda body: body[: len(body) // 2],
    "broken utf-8": lambda body: body.replace(b'"', b'"\xff\xc0\x80', 2) + b"\xed\xa0\x80",
    "byte order mark": lambda body: b"\xef\xbb\xbf" + body,
    "utf-16": lambda body: body.decode(errors="replace").encode("utf-16"),
    "zipped": gzip.compress,
    "nested lists": lambda _body: b"[" * NESTED_DEEP,
    "nested objects": lambda body: body[:-1] + b', "a": ' + b'{"a":' * NESTED_DEEP + b"1" + b"}" * NESTED_DEEP + b"}",
    "big": lambda body: body[:-1] + b', "a": "' + b"a" * BIG_BYTES + b'"}',
    "huge number": lambda body: body[:-1] + b', "a": ' + b"9" * 5000 + b"}",
    "said twice": lambda body: body[:-1] + b"," + body[1:],
    "not an object": lambda body: b"[" + body + b"]",
    "zeros": lambda body: body.replace(b'"', b'\x00"', 3),
    "nested within reason": lambda body: body[:-1] + b', "a": ' + b"[" * NESTED + b"]" * NESTED + b"}",
    "chunked": lambda body: body,
    "chunks without sizes": lambda body: body,
    "chunked big": lambda body: body[:-1] + b', "a": "' + b"a" * BIG_BYTES + b'"}',
}
"""What may happen to a body on its way."""
CUTTING = frozenset({"big", "chunked big", "nested objects", "chunks without sizes"})
"""After these a server may close the connection before it has read all."""


def curl(url: str, sent: Sent) -> str:
    """The request as a command that can be typed; a long body is cut, for the case itself is kept."""
    words = ["curl", "-i", "--path-as-is", "-X", sent.method, *(f"-H{name}: {value}" for name, value in sent.headers)]
    if sent.body:
        words += ["--data-binary", sent.body[:SHOWN_BYTES_MAX].decode(errors="backslashreplace")]
    return shlex.join([*words, url + sent.target]).encode(errors="backslashreplace").decode()
