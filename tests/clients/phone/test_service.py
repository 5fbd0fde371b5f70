"""The phone as a program: needs no broker and no keys, keeps what came through a restart, and ends at once when told."""

import signal
import smtplib
from pathlib import Path

import httpx
import pytest

from tests.support.servers import instance
from tests.support.servers.free_ports import free_ports
from tests.support.servers.server_handles import wait_until_up

START_SECONDS = 60


@pytest.mark.slow
def test_it_keeps_mail_and_ends_cleanly_while_a_client_is_connected(tmp_path: Path) -> None:
    port, smtp_port = free_ports(2)
    environment = instance.clean_environment() | {
        "TAMDID_VAR": str(tmp_path / "var"),
        "TAMDID_DEVELOPMENT": "true",
        "TAMDID_PHONE_PORT": str(port),
        "TAMDID_PHONE_SMTP_PORT": str(smtp_port),
    }
    process = instance.Process("phone", tmp_path, ["phone"], environment)
    started(process, port)
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=10) as client:
        client.sendmail("a@tamdid.ir", "reza@example.ir", "Subject: x\r\n\r\nHello\r\n")
        process.signal(signal.SIGTERM)
        assert process.wait() == 0
    started(process, port)
    assert [one["to"] for one in messages(port)] == ["reza@example.ir"]
    process.signal(signal.SIGTERM)
    assert process.wait() == 0
    assert process.said() == ""


def started(process: instance.Process, port: int) -> None:
    process.start()
    wait_until_up("phone", lambda: is_up(port), START_SECONDS, lambda: process.has_ended)


def is_up(port: int) -> bool:
    try:
        return messages(port) is not None
    except httpx.HTTPError:
        return False


def messages(port: int) -> list[dict[str, str]]:
    found: list[dict[str, str]] = httpx.get(f"{instance.url(port)}/messages", trust_env=False).json()
    return found
