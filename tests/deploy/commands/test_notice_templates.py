"""`tamdid notices templates check`, as an operator types it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy import tamdid
from shared.settings import Settings

TEXT = (Settings().templates_folder / "fa.toml").read_text(encoding="utf-8")


def check(*arguments: str, exit_code: int = 0, **settings: str) -> Result:
    environment = {"COLUMNS": "300", "NO_COLOR": "1", **settings}
    typed = ["--language", "en", "notices", "templates", "check", *arguments]
    result = CliRunner().invoke(tamdid.app, typed, env=environment)
    assert result.exit_code == exit_code, (result.output, result.exception)
    return result


@pytest.fixture
def wrong_folder(tmp_path: Path) -> Path:
    text = TEXT.replace('link = "/member/account"', 'link = "member"', 1).replace(
        "{count} درخواست", "{number} درخواست", 1
    )
    (tmp_path / "fa.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_texts_that_the_program_came_with_are_right() -> None:
    assert str(Settings().templates_folder) in check().output
    assert json.loads(check("--json").stdout) == {"problems": []}


def test_each_problem_is_a_line_with_file_and_line(wrong_folder: Path) -> None:
    shown = check(str(wrong_folder), exit_code=1)
    first, second = shown.stdout.splitlines()
    line = TEXT[: TEXT.index('link = "/member/account"')].count("\n") + 1
    assert first == (
        f"{wrong_folder}/fa.toml:{line}: [money_back] link: is no path of a page, such as /member or /member/pay/{{year}}"
    )
    assert "[desk_digest] title: {number} is unknown here; known are {count}" in second
    assert "Problems: 2" in shown.stderr
    assert json.loads(check(str(wrong_folder), "--json", exit_code=1).stdout) == {"problems": [first, second]}


def test_the_folder_of_the_settings_is_checked_with_the_portal_s_address(wrong_folder: Path) -> None:
    assert "2" in check(exit_code=1, TAMDID_TEMPLATES=str(wrong_folder)).stderr
    assert "sms: takes 3 segments" in check(exit_code=1, TAMDID_PUBLIC_URL=f"https://{'a' * 60}.example").stdout
