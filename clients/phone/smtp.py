"""A small SMTP server that keeps the mail it is given: EHLO, MAIL, RCPT, DATA, RSET, NOOP and QUIT of RFC 5321, without extensions but SIZE and 8BITMIME."""

import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from threading import BoundedSemaphore, Thread
from typing import BinaryIO

from clients.phone.account import Account
from clients.phone.faults import Fault
from clients.phone.mail import read_mail
from clients.phone.messages import New

MESSAGE_BYTES_MAX = 1_048_576
LINE_BYTES_MAX = 2_000
RECIPIENTS_MAX = 100
CONNECTIONS_MAX = 50
SILENCE_SECONDS = 60
SAID = {
    "EHLO": f"250-phone.invalid\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {MESSAGE_BYTES_MAX}",
    "HELO": "250 phone.invalid",
    "RSET": "250 OK",
    "NOOP": "250 OK",
}
PATH = re.compile(r"(?:FROM|TO):\s*<([^<>\s]{0,254})>(?: .*)?", re.IGNORECASE)


def serve(listening: socket.socket, account: Account) -> None:
    """Accept connections until the socket is closed, each in a thread of its own."""
    places = BoundedSemaphore(CONNECTIONS_MAX)
    while True:
        try:
            connection, _address = listening.accept()
        except OSError:
            return
        places.acquire()
        Thread(target=converse, args=(connection, account, places.release), daemon=True).start()


def converse(connection: socket.socket, account: Account, on_end: Callable[[], None]) -> None:
    """Talk with one client to its end; one that is gone or silent is let go."""
    try:
        connection.settimeout(SILENCE_SECONDS)
        with connection, connection.makefile("rb") as lines, suppress(OSError):
            Conversation(connection, lines, account).run()
    finally:
        on_end()


class Conversation:
    """One client's session, and the mail that it is giving."""

    def __init__(self, connection: socket.socket, lines: BinaryIO, account: Account) -> None:
        self._connection = connection
        self._lines = lines
        self._account = account
        self._sender: str | None = None
        self._recipients: list[str] = []

    def run(self) -> None:
        if self._account.happens(Fault.DOWN):
            self._say("421 phone.invalid is not available")
            return
        self._say("220 phone.invalid ESMTP")
        while (line := self._lines.readline(LINE_BYTES_MAX)) and line.endswith(b"\n"):
            if not self._answer(line.decode("utf-8", "replace").strip()):
                return

    def _say(self, text: str) -> None:
        self._connection.sendall(f"{text}\r\n".encode())

    def _answer(self, line: str) -> bool:
        """Answer a command; False where the conversation is over."""
        verb, _, rest = line.partition(" ")
        match verb.upper():
            case "EHLO" | "HELO" | "RSET" | "NOOP" as simple:
                if simple != "NOOP":
                    self._sender, self._recipients = None, []
                self._say(SAID[simple])
            case "MAIL":
                self._mail(rest)
            case "RCPT":
                self._recipient(rest)
            case "DATA":
                return self._data()
            case "QUIT":
                self._say("221 Bye")
                return False
            case _:
                self._say("502 Command not implemented")
        return True

    def _mail(self, rest: str) -> None:
        path = PATH.fullmatch(rest)
        declared = re.search(r"\bSIZE=(\d{1,12})\b", rest, re.IGNORECASE)
        if path is None:
            self._say("501 Syntax: MAIL FROM:<address>")
        elif declared is not None and int(declared[1]) > MESSAGE_BYTES_MAX:
            self._say("552 The message is too big")
        else:
            self._sender, self._recipients = path[1], []
            self._say("250 OK")

    def _recipient(self, rest: str) -> None:
        path = PATH.fullmatch(rest)
        if self._sender is None:
            self._say("503 Send MAIL first")
        elif path is None or "@" not in path[1]:
            self._say("501 Syntax: RCPT TO:<address>")
        elif len(self._recipients) == RECIPIENTS_MAX:
            self._say("452 Too many recipients")
        elif self._account.happens(Fault.BLOCKED, path[1].lower()):
            self._say("550 5.1.1 No such mailbox")
        else:
            self._recipients.append(path[1].lower())
            self._say("250 OK")

    def _data(self) -> bool:
        """Take a mail; False where the connection is to break before the answer."""
        if not self._recipients:
            self._say("503 Send RCPT first")
            return True
        self._say("354 End with a line of a single dot")
        data = self._read_data()
        first = self._recipients[0]
        time.sleep(self._account.value(Fault.SLOW, first))
        mail = read_mail(data) if data is not None else None
        if data is None:
            self._say("552 The message is too big")
        elif mail is None:
            self._say("554 5.6.0 The message can't be read")
        elif self._account.happens(Fault.ERROR_ANSWER, first):
            self._say("451 4.3.0 Try again later")
        elif self._account.happens(Fault.NO_CREDIT, first):
            self._say("452 4.2.2 Over quota")
        else:
            for recipient in self._recipients:
                self._account.take(New(self._account.provider, recipient, **vars(mail)))
            if self._account.happens(Fault.ANSWER_LOST, first):
                return False
            self._say("250 2.0.0 OK")
        self._sender, self._recipients = None, []
        return True

    def _read_data(self) -> bytes | None:
        """The mail up to the line of a dot, without the dots that were put before others; None where it is too big."""
        parts: list[bytes] = []
        size, starts_line = 0, True
        while line := self._lines.readline(LINE_BYTES_MAX):
            if starts_line and line in {b".\r\n", b".\n"}:
                return b"".join(parts) if size <= MESSAGE_BYTES_MAX else None
            part = line[1:] if starts_line and line.startswith(b".") else line
            starts_line = line.endswith(b"\n")
            size += len(part)
            if size <= MESSAGE_BYTES_MAX:
                parts.append(part)
        raise ConnectionAbortedError("the client left within a mail")
