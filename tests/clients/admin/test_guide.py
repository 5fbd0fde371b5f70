import re
from pathlib import Path

import pytest

from tests.clients.admin.fake_server import Tamdid

ROOT = Path(__file__).parents[3]
MENTIONED = sorted(
    set(re.findall(r"`tamdid ([a-z][a-z-]+(?: [a-z][a-z-]*)?)", (ROOT / "README.fa.md").read_text(encoding="utf-8")))
)


def test_the_guide_names_commands() -> None:
    assert "desk approve" in MENTIONED


@pytest.mark.parametrize("command", MENTIONED)
def test_every_command_that_the_guide_names_exists(tamdid: Tamdid, command: str) -> None:
    result = tamdid(*command.split(), "--help")
    assert result.exit_code == 0, result.output
    assert f"tamdid {command}" in result.stdout


def test_help_documents_the_exit_codes(tamdid: Tamdid) -> None:
    help_text = " ".join(tamdid("--help").stdout.split())
    for code in ("0 done", "1 refused", "2 wrong usage", "3 no answer", "4 the server failed", "130 interrupted"):
        assert code in help_text
