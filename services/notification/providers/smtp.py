"""Adapter of a mail server by SMTP: a letter as text and as right-to-left HTML, and what each refusal of the server means.

By RFC 5321 (4xx passes, 5xx stays) and RFC 3463 (5.7.x is a rule of the server's, such as a relay denied, and says nothing of the mailbox).
"""

import logging
import re
import smtplib
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from functools import cache
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import eventlet
from pydantic import SecretStr

from services.notification.persons import is_mail_address
from services.notification.providers.port import Answer, Capabilities, Delivery, Message, Outcome
from services.notification.providers.reading import ACCOUNT, BUSY, CONFIGURATION, INVALID_ADDRESS, UNREACHABLE
from shared.contract.notification.values import Way

STEP_SECONDS = 15.0
"""For each answer of the server."""
LETTER_SECONDS = 60.0
"""For all of a letter."""
OF_A_RULE = re.compile(rb"5\.7\.\d{1,3}\b")
PERMANENT, ACCEPTED, START_DATA = 500, 250, 354
PLAIN = "smtp+plain"
PORTS = {"smtp": 587, "smtps": 465, PLAIN: 25}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MailServer:
    """Where the mail server is, and who we are there."""

    host: str
    port: int
    scheme: str
    """How it is encrypted: `smtp` by STARTTLS, `smtps` from the start, `smtp+plain` not at all."""
    user: str
    password: SecretStr

    @classmethod
    def of(cls, url: SecretStr) -> "MailServer":
        """The server of `smtp[s]://[user:password@]host[:port]`, or of `smtp+plain://…`; the error names no part of it."""
        try:
            parts = urlsplit(url.get_secret_value())
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host or parts.scheme not in PORTS or parts.path.strip("/"):
            raise ValueError("TAMDID_SMTP_URL must be smtp[s]://[user:password@]host[:port]")
        if parts.scheme == PLAIN and parts.username and not is_loopback(host):
            raise ValueError(
                "TAMDID_SMTP_URL would send a password in plain text to another machine: smtp:// encrypts it"
            )
        secret = SecretStr(unquote(parts.password or ""))
        return cls(host, port or PORTS[parts.scheme], parts.scheme, unquote(parts.username or ""), secret)


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@cache
def system_authorities() -> ssl.SSLContext:
    """Made once: to read them takes some 25 ms, and almost a megabyte that is kept."""
    return ssl.create_default_context()


class Refusal(Exception):  # noqa: N818 - the end of a letter, and no fault
    """The letter was certainly not taken."""

    def __init__(self, outcome: Outcome, cause: str) -> None:
        super().__init__(cause)
        self.answer = Answer(outcome, cause=cause)


class Smtp:
    """A mail server, by one connection a letter."""

    name = "smtp"
    capabilities = Capabilities(way=Way.EMAIL, finds_by_attempt=False, reports_delivery=False)

    def __init__(
        self, server: MailServer, sender: str, clock: Callable[[], datetime], tls: ssl.SSLContext | None = None
    ) -> None:
        self._server = server
        self._sender = sender
        self._domain = sender.partition("@")[2]
        self._clock = clock
        self._tls = tls or system_authorities()

    def send(self, message: Message) -> Answer:
        if not is_mail_address(message.address):
            return Answer(Outcome.BLOCKED, cause=INVALID_ADDRESS)
        answer = Answer(Outcome.UNKNOWN, cause="TotalTimeout")
        with eventlet.Timeout(LETTER_SECONDS, False):
            answer = self._send(message)
        if answer.outcome is not Outcome.ACCEPTED:
            log.warning("the mail server has not taken a letter: %s", answer.cause)
        return answer

    def _send(self, message: Message) -> Answer:
        letter = self._letter(message)
        try:
            connection = self._connect()
        except Refusal as refusal:
            return refusal.answer
        try:
            self._open(connection)
            give(connection, self._sender, message.address)
            return give_data(connection, letter.as_bytes(), message.attempt.hex)
        except Refusal as refusal:
            return refusal.answer
        finally:
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        try:
            if self._server.scheme == "smtps":
                return smtplib.SMTP_SSL(host, port, self._domain, timeout=STEP_SECONDS, context=self._tls)
            return smtplib.SMTP(host, port, self._domain, timeout=STEP_SECONDS)
        except ssl.SSLError as error:
            raise Refusal(Outcome.REFUSED, ACCOUNT) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Refusal(Outcome.REFUSED, UNREACHABLE) from error

    def _open(self, connection: smtplib.SMTP) -> None:
        """Greet, encrypt and sign in; a server that does not offer what the setting wants gets no letter."""
        try:
            connection.ehlo_or_helo_if_needed()
            if self._server.scheme == "smtp":
                connection.starttls(context=self._tls)
                connection.ehlo_or_helo_if_needed()
            if self._server.user:
                connection.login(self._server.user, self._server.password.get_secret_value())
        except (ssl.SSLError, smtplib.SMTPNotSupportedError, smtplib.SMTPAuthenticationError) as error:
            raise Refusal(Outcome.REFUSED, ACCOUNT) from error
        except smtplib.SMTPResponseException as error:
            raise Refusal(Outcome.REFUSED, cause_of(error.smtp_code, ACCOUNT)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Refusal(Outcome.REFUSED, UNREACHABLE) from error

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage(WIRE.clone(cte_type="7bit"))
        letter["From"] = self._sender
        letter["To"] = message.address
        letter["Subject"] = " ".join(message.subject.split())
        letter["Date"] = format_datetime(self._clock())
        letter["Message-ID"] = f"<{message.attempt.hex}@{self._domain}>"
        letter["Auto-Submitted"] = "auto-generated"
        if message.unsubscribe_url:
            letter["List-Unsubscribe"] = f"<{''.join(message.unsubscribe_url.split())}>"
        letter.set_content(message.text)
        if message.html:
            letter.add_alternative(message.html, subtype="html")
        return letter

    def deliveries(self, references: Sequence[str]) -> Mapping[str, Delivery]:  # noqa: ARG002 - the port's
        return {}

    def find(self, message: Message, since: datetime) -> Answer | None:  # noqa: ARG002 - the port's
        return Answer(Outcome.UNKNOWN, cause="cannot_find")

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def give(connection: smtplib.SMTP, sender: str, receiver: str) -> None:
    """Name the sender and the receiver; raises what the server says against either."""
    try:
        code, _said = connection.mail(sender)
        if code != ACCEPTED:
            raise Refusal(Outcome.REFUSED, cause_of(code, ACCOUNT))
        code, said = connection.rcpt(receiver)
    except (OSError, smtplib.SMTPException) as error:
        raise Refusal(Outcome.REFUSED, UNREACHABLE) from error
    if code >= PERMANENT and not OF_A_RULE.search(said):
        raise Refusal(Outcome.BLOCKED, INVALID_ADDRESS)
    if code not in (ACCEPTED, ACCEPTED + 1):
        raise Refusal(Outcome.REFUSED, cause_of(code))


def give_data(connection: smtplib.SMTP, letter: bytes, reference: str) -> Answer:
    """Give the letter; where the connection breaks within, the server may have it."""
    try:
        code, _said = connection.data(letter)
    except smtplib.SMTPDataError as error:
        raise Refusal(Outcome.REFUSED, cause_of(error.smtp_code)) from error
    except (OSError, smtplib.SMTPException) as error:
        return Answer(Outcome.UNKNOWN, cause=type(error).__name__)
    return Answer(Outcome.ACCEPTED, reference) if code == ACCEPTED else Answer(Outcome.REFUSED, cause=cause_of(code))


def cause_of(code: int, permanent: str = CONFIGURATION) -> str:
    """Why a server refuses: what passes, or what somebody must mend, of this letter or of all."""
    return permanent if code >= PERMANENT else BUSY
