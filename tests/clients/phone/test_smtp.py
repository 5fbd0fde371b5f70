"""The mail server takes what `smtplib` sends, with dots and Persian, and refuses as its faults say."""

import smtplib
import socket
from email.message import EmailMessage

import pytest

from clients.phone import smtp
from tests.support.phone import Phone

TO = "reza@example.ir"


def mail(text: str = "سلام\n.\n..با نقطه\n", html: str = "<p>سلام</p>") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "درخواست تأیید شد", "no-reply@tamdid.ir", TO
    message["Message-ID"] = "<5f@tamdid.ir>"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


def client(phone: Phone) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", phone.smtp_port, timeout=10)


def test_a_mail_of_two_parts_is_kept_for_each_recipient(phone: Phone) -> None:
    with client(phone) as server:
        server.send_message(mail(), to_addrs=[TO, "Sara@Example.ir"])
        server.rset()
        server.noop()
        server.send_message(mail())
    assert [one["to"] for one in phone.messages()] == [TO, "sara@example.ir", TO]
    first = phone.messages(TO)[-1]
    assert (first["subject"], first["text"], first["html"]) == (
        "درخواست تأیید شد",
        "سلام\n.\n..با نقطه\n",
        "<p>سلام</p>\n",
    )
    assert (first["client_reference"], first["segments"], first["cost_rials"]) == ("<5f@tamdid.ir>", 0, 0)


def test_a_mail_that_is_too_big_is_refused_before_and_after_it_came(phone: Phone) -> None:
    big = b"x" * 900 + b"\r\n"
    data = b"Subject: x\r\n\r\n" + big * (smtp.MESSAGE_BYTES_MAX // len(big) + 1)
    with client(phone) as server:
        with pytest.raises(smtplib.SMTPSenderRefused):
            server.sendmail("a@b.ir", TO, data)
        server.docmd("MAIL FROM:<a@b.ir>")
        server.docmd(f"RCPT TO:<{TO}>")
        assert server.data(data)[0] == 552
        server.send_message(mail())
    assert len(phone.messages()) == 1


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        (["DATA"], 503),
        (["MAIL FROM:<a@b.ir>", "RCPT TO:nobody"], 501),
        (["MAIL a@b.ir"], 501),
        (["RCPT TO:<a@b.ir>"], 503),
        (["STARTTLS"], 502),
        (["MAIL FROM:<a@b.ir>", "RCPT TO:<a@b.ir>", "RSET", "DATA"], 503),
    ],
)
def test_a_command_out_of_turn_is_refused(phone: Phone, commands: list[str], code: int) -> None:
    with client(phone) as server:
        server.helo()
        assert [server.docmd(one)[0] for one in commands][-1] == code


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("answer_lost", smtplib.SMTPServerDisconnected),
        ("blocked", smtplib.SMTPRecipientsRefused),
        ("down", smtplib.SMTPConnectError),
        ("error_answer", smtplib.SMTPDataError),
        ("no_credit", smtplib.SMTPDataError),
    ],
)
def test_a_fault_is_an_error_of_the_protocol(phone: Phone, fault: str, error: type[Exception]) -> None:
    phone.switch("smtp", fault)
    with pytest.raises(error), client(phone) as server:
        server.send_message(mail())
    assert len(phone.messages()) == (fault == "answer_lost")
    with client(phone) as server:
        server.send_message(mail())
    assert phone.messages(TO)[0]["subject"] == "درخواست تأیید شد"


def test_a_mail_may_be_accepted_and_never_arrive(phone: Phone) -> None:
    phone.switch("smtp", "never_delivered")
    with client(phone) as server:
        server.send_message(mail())
        server.send_message(mail())
    phone.clock.advance(86_400)
    assert [one["state"] for one in phone.messages()] == ["delivered", "on_its_way"]


@pytest.mark.parametrize(
    "data",
    [
        b"Message-ID: <a@[\r\n\r\nx",
        b"Content-Type: text/plain; charset=unknown\r\n\r\n\xff",
    ],
)
def test_a_malformed_mail_is_refused_and_the_next_one_taken(phone: Phone, data: bytes) -> None:
    with client(phone) as server:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            server.sendmail("a@b.ir", TO, data)
        assert refused.value.smtp_code == 554
        server.send_message(mail())
    assert len(phone.messages()) == 1


def test_a_client_that_leaves_within_a_mail_has_sent_none(phone: Phone) -> None:
    with socket.create_connection(("127.0.0.1", phone.smtp_port)) as connection:
        connection.sendall(b"EHLO x\r\nMAIL FROM:<a@b.ir>\r\nRCPT TO:<c@d.ir>\r\nDATA\r\nSubject: x\r\n")
    with client(phone) as server:
        server.send_message(mail())
    assert [one["to"] for one in phone.messages()] == [TO]
