"""The wheel has all that the programs need: installed into an empty environment, it serves the portal from any folder."""

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import httpx
import pytest

from deploy import demonstration
from tests.demo import steps, users
from tests.demo.steps import Scenario
from tests.support.examples import examples
from tests.support.servers.free_ports import free_ports

ROOT = Path(__file__).parents[2]
ROOMS = ("clients", "deploy", "services", "shared")
OF_BUILD = ("pyproject.toml", "README.md", "LICENSE")
PAGE = ROOT / "docs" / "integrating.md"
HOST = "http://127.0.0.1"
WELCOME = "Ctrl-C"
RECEIVED_SECONDS_MAX = 200
"""After which the receiver of the page is ended, whatever it awaits: before the test is, so that its output is seen."""
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the source: a build leaves files behind."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for room in ROOMS:
        shutil.copytree(ROOT / room, source / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in OF_BUILD:
        shutil.copy(ROOT / name, source)
    subprocess.run(
        [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source], check=True, timeout=120
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel alone; the packages that it needs are found where these tests have them."""
    made = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", made], check=True)
    install = ("install", "--no-deps", "--no-index", "--no-compile", wheel)
    subprocess.run([*PIP, "--python", made, *install], check=True, timeout=120)
    (packages,) = made.glob("lib/python*/site-packages")
    # a path of another folder, whose own .pth files, such as that of this source, are not read
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file that has the name of one of our packages."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "shared.py").write_text("raise SystemExit('a file of the present folder was run')", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def portal(environment: Path, elsewhere: Path) -> Iterator[str]:
    with served(environment / "bin" / "tamdid", elsewhere) as address:
        yield address


def test_every_file_beside_the_code_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    there = {
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == there


@pytest.mark.slow
def test_the_installed_program_serves_the_portal_from_a_folder_of_its_own(portal: str, elsewhere: Path) -> None:
    first = httpx.get(portal, trust_env=False)
    assert "تمدید عضویت" in first.text
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)">', first.text)
    assert styles
    for path in (*styles, "/sign-in", "/help", "/api/openapi.json"):
        assert httpx.get(portal + path, trust_env=False).status_code == 200, path
    assert {path.name for path in elsewhere.iterdir()} == {"shared.py", "var"}
    assert (elsewhere / "var" / "renewal.db").exists()


@pytest.mark.slow
def test_a_renewal_goes_through_the_installed_program_approved_and_received_by_the_programs_of_the_page(
    environment: Path, portal: str, tmp_path: Path
) -> None:
    """docs/integrating.md, as it stands."""
    program, _, receiver = examples(PAGE, "python")
    with closing(demonstration.signed_in(portal, "admin", demonstration.admin_password())) as admin:
        scenario = Scenario(portal, users.newcomer(admin), users.officer("manager"))
    with closing(scenario), receiving(environment, portal, tmp_path, receiver) as received:
        for step in steps.steps():
            if step.do is steps.approve:
                approve(portal, tmp_path, program, scenario, account(environment, portal, tmp_path))
            else:
                step.do(scenario)
        assert re.fullmatch(r"RenewalApproved [0-9A-Z]{10}\n", received.readline())
        assert re.fullmatch(r"PaymentConfirmed [0-9A-Z]{10}\n", received.readline())


def account(environment: Path, portal: str, folder: Path) -> str:
    """The secret of the program account that the commands of the page make."""
    script, *_ = examples(PAGE, "sh")
    own = {"TAMDID_SERVER": portal, "HOME": str(folder), "NO_PROXY": "*"}
    path = {"PATH": f"{environment / 'bin'}:{os.environ['PATH']}"}
    ran = subprocess.run(["sh", "-ec", script], cwd=folder, env=own | path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()[-1]


def approve(portal: str, folder: Path, program: str, scenario: Scenario, secret: str) -> None:
    """Run the program of the page."""
    own = {"TAMDID_SERVER": portal, "SECRET": secret, "NO_PROXY": "*", "PATH": os.environ["PATH"]}
    run = [sys.executable, "-I", "-c", program]
    ran = subprocess.run(run, cwd=folder, env=own, capture_output=True, text=True, check=False)
    assert f"approved {scenario.applicant.name}" in ran.stdout, ran.stderr


@contextmanager
def receiving(environment: Path, portal: str, folder: Path, program: str) -> Iterator[IO[str]]:
    """What the receiver of the page prints, for the webhook that the commands of the page make, at a free port."""
    (*_, script), (port,) = examples(PAGE, "sh"), free_ports(1)
    own = {"TAMDID_SERVER": portal, "TAMDID_PASSWORD": demonstration.admin_password(), "HOME": str(folder)}
    paths = {"NO_PROXY": "*", "PATH": f"{environment / 'bin'}:{os.environ['PATH']}"}
    commands = ["sh", "-ec", script.replace("9000", str(port))]
    made = subprocess.run(commands, cwd=folder, env=own | paths, capture_output=True, text=True, check=True)
    (secret,) = re.findall(r"whsec_\S+", made.stdout)
    run, settings = [sys.executable, "-I", "-c", program], {"SECRET": secret, "PORT": str(port)}
    with subprocess.Popen(run, cwd=folder, env=settings, stdout=subprocess.PIPE, text=True) as process:
        patience = threading.Timer(RECEIVED_SECONDS_MAX, process.kill)
        patience.start()
        try:
            assert process.stdout is not None
            yield process.stdout
        finally:
            patience.cancel()
            process.kill()


@contextmanager
def served(tamdid: Path, folder: Path) -> Iterator[str]:
    """The address of the portal that `tamdid serve` starts in a folder; it must stop cleanly."""
    names = ("GATEWAY_PORT", "BANK_PORT", "PHONE_PORT", "PHONE_SMTP_PORT")
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    own = {name: value for name, value in os.environ.items() if not name.startswith(("TAMDID_", "PYTHON", "COV_"))}
    settings = {f"TAMDID_{name}": str(port) for name, port in ports.items()}
    process = subprocess.Popen(
        [tamdid, "serve", "--demonstration"], cwd=folder, env=own | settings, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if WELCOME in line:
                break
        assert WELCOME in said[-1], "".join(said)
        yield f"{HOST}:{ports['GATEWAY_PORT']}"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.communicate()
