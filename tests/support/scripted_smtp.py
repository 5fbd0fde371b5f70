"""A mail server on loopback that says what a test has it say, with STARTTLS or TLS by a certificate of its own, and keeps what it is given."""

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.x509.oid import NameOID

HANG_UP = ""
"""In place of a reply: the connection ends."""


@dataclass
class ScriptedSmtp:
    """What the server says to each command, and what it has been given."""

    port: int = 0
    replies: dict[str, str] = field(default_factory=dict)
    extensions: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)
    users: list[tuple[str, str]] = field(default_factory=list)
    was_encrypted: bool = False

    def reply(self, command: str, default: str) -> str:
        return self.replies.get(command, default)


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """TLS of a server at 127.0.0.1 with a fresh certificate, and of a client that trusts it."""
    key, name = generate_private_key(SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    unsigned = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = (
        unsigned.not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = signed.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "mail.pem").write_bytes(private + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "mail.pem")
    return server, ssl.create_default_context(cadata=pem.decode())


@contextmanager
def serving(tls: ssl.SSLContext | None = None, *, from_start: bool = False) -> Iterator[ScriptedSmtp]:
    script = ScriptedSmtp()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        script.port = listener.getsockname()[1]

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with suppress(OSError):  # who has called is gone, or does not trust the certificate
                    converse(script, connection, tls, from_start=from_start)
                connection.close()

        thread = threading.Thread(target=accept)
        thread.start()
        yield script
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def converse(script: ScriptedSmtp, connection: socket.socket, tls: ssl.SSLContext | None, *, from_start: bool) -> None:
    """Answer one client to its end."""
    if from_start:
        connection = cast("ssl.SSLContext", tls).wrap_socket(connection, server_side=True)
        script.was_encrypted = True
    with connection:
        connection.sendall(f"{script.reply('connect', '220 mail ESMTP')}\r\n".encode())
        lines = connection.makefile("rb")
        while line := lines.readline():
            command, _, rest = line.decode().strip().partition(" ")
            script.commands.append(command.upper())
            reply = respond(script, command.upper(), rest)
            if reply == HANG_UP:
                break
            connection.sendall(f"{reply}\r\n".encode())
            if command.upper() == "STARTTLS" and tls is not None and reply.startswith("220"):
                lines.close()
                connection = tls.wrap_socket(connection, server_side=True)
                lines, script.was_encrypted = connection.makefile("rb"), True
            elif command.upper() == "DATA" and reply.startswith("354"):
                keep(script, lines.readline, connection)
        lines.close()
        connection.close()


def respond(script: ScriptedSmtp, command: str, rest: str) -> str:
    if command == "AUTH":
        _, user, password = base64.b64decode(rest.removeprefix("PLAIN ")).decode().split("\0")
        script.users.append((user, password))
    defaults = {
        "EHLO": "\r\n".join(f"250-{one}" for one in ["mail", *script.extensions]) + "\r\n250 SIZE 1000000",
        "STARTTLS": "220 go on",
        "AUTH": "235 2.7.0 welcome",
        "DATA": "354 go on",
        "QUIT": "221 bye",
    }
    return script.reply(command, defaults.get(command, "250 OK"))


def keep(script: ScriptedSmtp, readline: object, connection: socket.socket) -> None:
    """Take a letter to the line of a dot, and say what becomes of it."""
    content = b""
    while (line := readline()) != b".\r\n":  # type: ignore[operator]
        content += line.removeprefix(b".") if line.startswith(b"..") else line
    reply = script.reply("content", "250 2.0.0 queued")
    if reply == HANG_UP:
        connection.shutdown(socket.SHUT_RDWR)
        return
    script.letters.append(message_from_bytes(content, policy=policy.default))
    connection.sendall(f"{reply}\r\n".encode())
