"""Settings that would open a door keep every program from starting, and the message says which setting to change."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import start_checks
from deploy.containers import secrets
from deploy.programs import PROGRAMS
from shared.services import SERVICES
from shared.settings import Settings

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
SHORT = "whsec_MjMgYnl0ZXMgYXJlIG5vdCBlbm91Z2g="


def problems(*programs: str, **settings: object) -> list[str]:
    return start_checks.problems(programs or tuple(PROGRAMS), Settings(gateway_port=0, bank_port=0, **settings))  # type: ignore[arg-type]


@pytest.mark.parametrize("setting", ["public_url", "bank_public_url"])
@pytest.mark.parametrize(
    "url",
    ["https://tamdid.example.ir", "HTTPS://10.0.0.7:8443", "https://localhost.example.ir", "https://[2001:db8::1]/"],
)
@pytest.mark.parametrize("program", PROGRAMS)
def test_development_is_refused_with_a_public_https_address(program: str, url: str, setting: str) -> None:
    public = {setting: url, "trusted_proxies": 1}
    (problem,) = problems(program, development=True, **public)
    assert problem.startswith(f"TAMDID_DEVELOPMENT is true and TAMDID_{setting.upper()} is ")
    assert problems(program, development=False, **public) == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://localhost:8000",
        "https://localhost",
        "https://tamdid.localhost",
        "https://127.0.0.2:8443",
        "https://[::1]",
    ],
)
def test_development_is_allowed_at_home(url: str) -> None:
    assert problems(development=True, public_url=url, bank_public_url=url, trusted_proxies=1) == []


def test_the_phone_runs_in_development_only() -> None:
    ports = {"phone_port": 0, "phone_smtp_port": 0}
    assert problems("phone", development=True, **ports) == []
    (problem,) = problems("phone", development=False, **ports)
    assert problem.endswith("it runs where TAMDID_DEVELOPMENT is true only.")


def test_an_https_address_needs_a_trusted_proxy_where_the_pages_are() -> None:
    public = {"public_url": "https://tamdid.example.ir"}
    assert "Set it to the number of proxies." in "".join(problems("gateway", **public))
    assert problems("gateway", trusted_proxies=1, **public) == []
    assert problems(*SERVICES, **public) == []


@pytest.mark.parametrize(
    ("secret", "problem"),
    [
        (SHORT, "has 23 bytes, fewer than 24: it could be guessed"),
        ("whsec_", "has 0 bytes, fewer than 24: it could be guessed"),
        ("whsec_these are words and no Base64 at all", "is no Base64"),
        ("whsec_رمز", "is no Base64"),
    ],
)
def test_a_webhook_secret_that_could_be_guessed_is_refused_without_being_shown(secret: str, problem: str) -> None:
    pair = f"{secrets.webhook_secret()},{secret}"
    assert problems("bank", webhook_secrets=pair) == [f"TAMDID_WEBHOOK_SECRETS: secret 2 {problem}."]
    assert problems("gateway", webhook_secrets=pair) == []
    assert problems("bank", webhook_secrets=secrets.webhook_secret()) == []


def test_a_program_says_all_that_is_wrong_and_ends() -> None:
    settings = {
        "TAMDID_DEVELOPMENT": "true",
        "TAMDID_PUBLIC_URL": "https://tamdid.example.ir",
        "TAMDID_WEBHOOK_SECRETS": SHORT,
    }
    command = [sys.executable, "-m", "deploy.run", "gateway", "bank"]
    environment = os.environ | settings | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=START_SECONDS, check=False)
    assert ended.returncode == 1
    lines = ended.stderr.splitlines()
    assert [line.partition(" ")[0] for line in lines] == [
        "TAMDID_DEVELOPMENT", "TAMDID_PUBLIC_URL", "TAMDID_WEBHOOK_SECRETS:",
    ]  # fmt: skip
    assert SHORT not in ended.stderr


def test_a_wrong_text_of_a_message_is_refused_by_file_and_line(tmp_path: Path) -> None:
    assert problems("notification") == []
    text = (Settings().templates_folder / "fa.toml").read_text(encoding="utf-8")
    (tmp_path / "fa.toml").write_text(text.replace("{amount} ریال", "{amonut} ریال", 1), encoding="utf-8")
    (problem,) = problems("notification", templates=tmp_path)
    assert problem.startswith(f"The texts of messages in {tmp_path} can't be used:\n{tmp_path}/fa.toml:")
    assert "{amonut} is unknown here" in problem
    assert problems("auth", templates=tmp_path) == []


def test_a_text_whose_tokens_do_not_fit_a_provider_of_the_settings_is_refused_by_file_and_line(tmp_path: Path) -> None:
    text = (Settings().templates_folder / "fa.toml").read_text(encoding="utf-8")
    (tmp_path / "fa.toml").write_text(text.replace("پاسخ تا {until}.", "{until} {link}", 1), encoding="utf-8")
    keys = {"public_url": "https://tamdid.example.ir", "sms_keys": "kavenegar=a,smsir=b"}
    assert problems("notification", templates=tmp_path, sms_providers=("kavenegar",), **keys) == []
    (problem,) = problems("notification", templates=tmp_path, sms_providers=("kavenegar", "smsir"), **keys)
    assert f"{tmp_path}/fa.toml:" in problem
    assert "[request_received] sms: {link} may have 40 characters, more than the 25 that smsir takes" in problem


def test_nothing_is_in_development_where_nobody_says_so() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    assert re.findall("TAMDID_DEVELOPMENT: (.*?) #", compose) == ["${TAMDID_DEVELOPMENT:-false}"]
    assert not Settings().development


def test_an_sms_provider_without_its_key_is_refused() -> None:
    [problem] = problems("notification", sms_providers=("ghasedak",))
    assert "TAMDID_SMS_KEYS needs a key of ghasedak" in problem
    assert problems("notification", sms_providers=("ghasedak",), sms_keys="ghasedak=abc") == []


def test_a_provider_that_knows_templates_by_number_needs_all_numbers(tmp_path: Path) -> None:
    smsir = {"sms_providers": ("smsir",), "sms_keys": "smsir=abc", "templates": tmp_path}
    texts = Settings().templates_folder / "fa.toml"
    (tmp_path / "fa.toml").write_bytes(texts.read_bytes())
    [problem] = problems("notification", **smsir)
    assert problem.startswith(f"{tmp_path}/template_numbers.toml: [smsir] lacks the number of tamdid-")
    names = re.findall('provider_template = "(.+)"', texts.read_text(encoding="utf-8"))
    numbers = "".join(f"{name} = {number}\n" for number, name in enumerate(dict.fromkeys(names), start=1))
    (tmp_path / "template_numbers.toml").write_text(f"[smsir]\n{numbers}")
    assert problems("notification", **smsir) == []
    (tmp_path / "template_numbers.toml").write_text("[smsir]\nx = 0\n")
    [problem] = problems("notification", **smsir)
    assert problem.startswith(f"{tmp_path}/template_numbers.toml: [smsir] x is no number")
    assert problems("notification", development=True, **smsir | {"templates": None}) == []
