"""A letter to a mail server, and what each refusal of the server means."""

import logging
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from services.notification.providers.port import Answer, Message, Outcome
from services.notification.providers.smtp import MailServer, Smtp
from tests.support.scripted_smtp import HANG_UP, ScriptedSmtp, certificate, serving

AT = datetime(2027, 3, 20, 20, 29, tzinfo=UTC)
REFERENCE = "0000000000004000800000000000000a"
ACCEPTED = Answer(Outcome.ACCEPTED, REFERENCE)
PASSWORD = "p@ss:word/7"


def refused(cause: str) -> Answer:
    return Answer(Outcome.REFUSED, cause=cause)


BLOCKED = Answer(Outcome.BLOCKED, cause="invalid_address")


def smtp(port: int, scheme: str = "smtp+plain", user: str = "", tls: ssl.SSLContext | None = None) -> Smtp:
    url = SecretStr(f"{scheme}://{user}127.0.0.1:{port}")
    return Smtp(MailServer.of(url), "tamdid@example.ir", lambda: AT, tls)


@pytest.fixture
def server() -> Iterator[ScriptedSmtp]:
    with serving() as running:
        yield running


@pytest.fixture
def letter(message: Message) -> Message:
    return replace(
        message,
        address="member@example.ir",
        subject="درخواست تمدید شما\nرسید",
        text="کد پیگیری: T-۱۴۰۵-۱\n" + "متن " * 400,
        html='<html lang="fa" dir="rtl"><body dir="rtl"><p>کد پیگیری: T-۱۴۰۵-۱</p></body></html>',
        unsubscribe_url="https://tamdid.example.ir/messages/choices",
    )


def test_a_letter_has_a_text_and_a_right_to_left_html(server: ScriptedSmtp, letter: Message) -> None:
    assert smtp(server.port).send(letter) == ACCEPTED
    (arrived,) = server.letters
    assert arrived.get_content_type() == "multipart/alternative"
    plain, html = [part.get_content().replace("\r\n", "\n") for part in arrived.iter_parts()]
    assert plain.strip() == letter.text.strip()
    assert html.strip() == letter.html
    assert {name.lower(): str(value) for name, value in arrived.items()} == {
        "from": "tamdid@example.ir",
        "to": "member@example.ir",
        "subject": "درخواست تمدید شما رسید",
        "date": "Sat, 20 Mar 2027 20:29:00 +0000",
        "message-id": f"<{REFERENCE}@example.ir>",
        "auto-submitted": "auto-generated",
        "list-unsubscribe": "<https://tamdid.example.ir/messages/choices>",
        "mime-version": "1.0",
        "content-type": arrived["content-type"],
    }


def test_a_letter_without_html_or_a_choice_has_neither(server: ScriptedSmtp, letter: Message) -> None:
    assert smtp(server.port).send(replace(letter, html="", unsubscribe_url="")) == ACCEPTED
    assert server.letters[0].get_content_type() == "text/plain"
    assert server.letters[0]["List-Unsubscribe"] is None


def test_a_long_choice_of_messages_stays_one_address(server: ScriptedSmtp, letter: Message) -> None:
    url = "https://tamdid.example.ir/messages/choices?" + "x" * 200
    smtp(server.port).send(replace(letter, unsubscribe_url=f"{url}\r\nBcc: all@example.ir"))
    assert server.letters[0]["List-Unsubscribe"] == f"<{url}Bcc:all@example.ir>"
    assert server.letters[0]["Bcc"] is None


@pytest.mark.parametrize(
    "address", ["", "a b@example.ir", "عضو@example.ir", "member", "member@example.ir\r\nDATA", "x" * 65 + "@example.ir"]
)
def test_an_address_that_is_none_is_not_sent_to(server: ScriptedSmtp, letter: Message, address: str) -> None:
    assert smtp(server.port).send(replace(letter, address=address)) == BLOCKED
    assert server.commands == []


@pytest.mark.parametrize(
    ("command", "reply", "answer"),
    [
        ("DATA", "451 4.3.0 later", refused("busy")),
        ("DATA", "554 5.5.1 no valid recipients", refused("configuration")),
        ("DATA", HANG_UP, Answer(Outcome.UNKNOWN, cause="SMTPServerDisconnected")),
        ("EHLO", HANG_UP, refused("unreachable")),
        ("MAIL", "451 4.3.0 later", refused("busy")),
        ("MAIL", "530 5.7.0 sign in first", refused("account")),
        ("MAIL", "553 5.1.8 sender unknown", refused("account")),
        ("MAIL", HANG_UP, refused("unreachable")),
        ("RCPT", "251 will forward", ACCEPTED),
        ("RCPT", "450 4.2.1 mailbox busy", refused("busy")),
        ("RCPT", "452 4.2.2 over quota", refused("busy")),
        ("RCPT", "550 5.1.1 no such user", BLOCKED),
        ("RCPT", "550 no such user", BLOCKED),
        ("RCPT", "554 5.7.1 relay access denied", refused("configuration")),
        ("RCPT", HANG_UP, refused("unreachable")),
        ("connect", "421 4.3.2 not available", refused("unreachable")),
        ("connect", "554 5.7.1 no", refused("unreachable")),
        ("content", "250 2.0.0 queued", ACCEPTED),
        ("content", "451 4.3.0 later", refused("busy")),
        ("content", "552 5.3.4 too big", refused("configuration")),
        ("content", "554 5.6.0 not liked", refused("configuration")),
        ("content", HANG_UP, Answer(Outcome.UNKNOWN, cause="SMTPServerDisconnected")),
    ],
)
def test_what_the_server_says(server: ScriptedSmtp, letter: Message, command: str, reply: str, answer: Answer) -> None:
    server.replies[command] = reply
    assert smtp(server.port).send(letter) == answer


def test_a_server_that_is_not_there_refuses(letter: Message) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert smtp(port).send(letter) == refused("unreachable")


def test_who_has_a_password_signs_in_over_starttls(tmp_path: Path, letter: Message) -> None:
    ours, trusted = certificate(tmp_path)
    with serving(ours) as server:
        server.extensions = ["STARTTLS", "AUTH PLAIN"]
        assert smtp(server.port, "smtp", "tamdid:p%40ss%3Aword%2F7@", trusted).send(letter) == ACCEPTED
    assert server.users == [("tamdid", PASSWORD)]
    assert server.was_encrypted
    assert server.commands.index("STARTTLS") < server.commands.index("AUTH")


def test_tls_from_the_start(tmp_path: Path, letter: Message) -> None:
    ours, trusted = certificate(tmp_path)
    with serving(ours, from_start=True) as server:
        server.extensions = ["AUTH PLAIN"]
        assert smtp(server.port, "smtps", "tamdid:x@", trusted).send(letter) == ACCEPTED
    assert server.users == [("tamdid", "x")]
    assert "STARTTLS" not in server.commands


def test_without_a_password_it_is_encrypted_too(tmp_path: Path, letter: Message) -> None:
    ours, trusted = certificate(tmp_path)
    with serving(ours) as server:
        server.extensions = ["STARTTLS"]
        assert smtp(server.port, "smtp", tls=trusted).send(letter) == ACCEPTED
    assert server.was_encrypted


@pytest.mark.parametrize("user", ["", "tamdid:x@"])
def test_where_starttls_is_not_offered_nothing_is_said_in_the_clear(
    server: ScriptedSmtp, letter: Message, user: str
) -> None:
    """As where somebody between takes it out of the server's answer."""
    server.extensions = ["AUTH PLAIN"]
    assert smtp(server.port, "smtp", user).send(letter) == refused("account")
    assert (server.users, server.letters) == ([], [])


def test_a_setting_that_says_plain_encrypts_nothing(server: ScriptedSmtp, letter: Message) -> None:
    server.extensions = ["STARTTLS", "AUTH PLAIN"]
    assert smtp(server.port, user="tamdid:x@").send(letter) == ACCEPTED
    assert (server.users, server.was_encrypted) == ([("tamdid", "x")], False)


@pytest.mark.parametrize("host", ["10.0.0.5", "[2001:db8::1]", "mail.example.ir"])
def test_no_setting_sends_a_password_to_another_machine_in_the_clear(host: str) -> None:
    with pytest.raises(ValueError, match="TAMDID_SMTP_URL") as raised:
        MailServer.of(SecretStr(f"smtp+plain://tamdid:{quote(PASSWORD)}@{host}"))
    assert PASSWORD not in str(raised.value)
    assert MailServer.of(SecretStr(f"smtp+plain://{host}")).port == 25


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_a_mail_server_on_this_machine_may_have_a_password_in_the_clear(host: str) -> None:
    assert MailServer.of(SecretStr(f"smtp+plain://tamdid:x@{host}")).user == "tamdid"


@pytest.mark.parametrize("from_start", [False, True])
def test_a_certificate_that_nobody_trusts_gets_no_password(tmp_path: Path, letter: Message, from_start: bool) -> None:
    ours, _ = certificate(tmp_path)
    with serving(ours, from_start=from_start) as server:
        server.extensions = ["STARTTLS", "AUTH PLAIN"]
        sent = smtp(server.port, "smtps" if from_start else "smtp", "tamdid:x@").send(letter)
    assert sent == refused("account")
    assert server.users == []


def test_a_wrong_password_is_ours_to_mend(tmp_path: Path, letter: Message) -> None:
    ours, trusted = certificate(tmp_path)
    with serving(ours) as server:
        server.extensions, server.replies["AUTH"] = ["STARTTLS", "AUTH PLAIN"], "535 5.7.8 no"
        assert smtp(server.port, "smtp", "tamdid:x@", trusted).send(letter) == refused("account")


def test_nothing_about_the_letter_is_logged(letter: Message, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving() as server:
        server.replies["RCPT"] = f"550 5.1.1 <{letter.address}> unknown"
        adapter = smtp(server.port, user="")
        adapter.send(letter)
    named = smtp(1, user=f"tamdid:{re.sub('[^a-z]', '', PASSWORD)}@")
    named.send(letter)
    said = caplog.text + repr(adapter) + repr(named) + repr(vars(named))
    assert len(caplog.records) == 2
    assert not any(one in said for one in (letter.address, "member@", "pssword"))


def test_it_reports_no_delivery(letter: Message) -> None:
    assert smtp(1).deliveries([REFERENCE]) == {}
    assert smtp(1).find(letter, AT) == Answer(Outcome.UNKNOWN, cause="cannot_find")
    assert not Smtp.capabilities.reports_delivery
