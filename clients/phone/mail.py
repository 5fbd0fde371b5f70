"""A mail as the phone keeps it: subject, plain text and HTML, read from the bytes of RFC 5322."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

REFERENCE_SIGNS_MAX = 200


@dataclass(frozen=True)
class Mail:
    """What is kept of a mail."""

    client_reference: str
    subject: str
    text: str
    html: str


def read_mail(data: bytes) -> Mail | None:
    """The mail in some bytes, or None where it is malformed."""
    try:
        message = message_from_bytes(data, policy=policy.default)
        reference = str(message.get("Message-ID", "")).strip()[:REFERENCE_SIGNS_MAX]
        mail = Mail(reference, str(message.get("Subject", "")), body(message, "plain"), body(message, "html"))
        "".join(vars(mail).values()).encode()  # half a pair of surrogates stands for a byte that is no text
    except Exception:  # noqa: BLE001 - the library meets malformed headers with errors of many kinds
        return None
    return mail


def body(message: EmailMessage, kind: str) -> str:
    """The text of one kind; empty where the mail has none."""
    part = message.get_body((kind,))
    content = "" if part is None else part.get_content()
    return content.replace("\r\n", "\n") if isinstance(content, str) else ""
