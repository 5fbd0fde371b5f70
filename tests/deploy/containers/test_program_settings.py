"""Each setting reaches the containers whose programs read it, and a secret one no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.containers import program_settings, secrets
from deploy.containers.program_settings import PROGRAMS, variable
from deploy.reference import settings_page
from shared.settings import Settings

ROOT = Path(__file__).parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
IMAGE = set(re.findall(r"(TAMDID_\w+)=", (ROOT / "deploy" / "containers" / "Dockerfile").read_text()))
ADMIN = "admin"
ROOMS = {program: "clients" if program in ("gateway", "bank") else "services" for program in PROGRAMS}


@pytest.fixture
def given(tmp_path: Path) -> dict[str, set[str]]:
    """By container, the variables that are in it."""
    secrets.make_compose_secrets(tmp_path)
    return {
        name: IMAGE | set(COMPOSE["services"][name]["environment"]) | in_file(tmp_path / name / "env")
        for name in (*PROGRAMS, ADMIN)
    }


def in_file(env: Path) -> set[str]:
    return {line.partition("=")[0] for line in env.read_text().splitlines()}


def settings_read_by(*, folder: Path) -> set[str]:
    """The settings that source files read, directly or through one of the class's properties."""
    own = {"settings", "_settings"}
    read = {
        node.attr
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and getattr(node.value, "attr", getattr(node.value, "id", "")) in own
    }
    return {name for one in read for name in behind(one)}


def behind(attribute: str) -> Iterator[str]:
    """The settings of an attribute of the class: itself, or those that its property reads."""
    if attribute in Settings.model_fields:
        yield attribute
        return
    for node in ast.walk(ast.parse((ROOT / "shared" / "settings.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name == attribute:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Attribute) and inner.attr in Settings.model_fields:
                    yield inner.attr


def test_the_table_has_every_setting_once() -> None:
    table = [
        *program_settings.BY_IMAGE,
        *program_settings.BY_PORTS,
        *program_settings.BY_DEFAULT,
        *program_settings.BY_COMPOSE,
        *program_settings.BY_OPERATOR,
        *program_settings.BY_MIGRATION,
        *program_settings.SECRETS,
    ]
    assert sorted(table) == sorted(Settings.model_fields)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_is_given_the_settings_of_the_table_and_no_secret_of_others(
    given: dict[str, set[str]], program: str
) -> None:
    open_ones = (*program_settings.BY_IMAGE, *program_settings.BY_COMPOSE, *program_settings.BY_OPERATOR)
    own_secrets = [name for name, (programs, _) in program_settings.SECRETS.items() if program in programs]
    assert {variable(name) for name in (*open_ones, *own_secrets)} == given[program] - {"TAMDID_LOG"}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_is_given_what_its_source_reads(given: dict[str, set[str]], program: str) -> None:
    read = settings_read_by(folder=ROOT / ROOMS[program] / program)
    inside = {*program_settings.BY_PORTS, *program_settings.BY_DEFAULT}
    assert {variable(name) for name in read - inside} <= given[program]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_has_the_files_and_folders_that_its_settings_name(program: str) -> None:
    container = COMPOSE["services"][program]
    mounted = {volume.removesuffix(":ro").rpartition(":")[2] for volume in container["volumes"]}
    read = settings_read_by(folder=ROOT / ROOMS[program] / program) & set(program_settings.BY_COMPOSE)
    named = {container["environment"][variable(name)] for name in read}
    assert {place for place in named if place.startswith("/run/")} <= mounted


def test_the_bank_settings_are_among_those_that_payment_reads() -> None:
    read = settings_read_by(folder=ROOT / "services" / "payment")
    assert {"bank_kind", "bank_terminal", "bank_user", "bank_password", "merchant_id", "bank_url"} <= read


def test_what_the_operator_says_is_passed_on_and_nothing_else_stands_in_its_way() -> None:
    for name in (*program_settings.BY_OPERATOR, "log"):
        written = COMPOSE["x-settings"][variable(name)]
        assert written is None or written.startswith(f"${{{variable(name)}:-"), name


def test_a_port_is_published_where_the_operator_says() -> None:
    for name in program_settings.BY_PORTS:
        program, port = name.removesuffix("_port"), Settings.model_fields[name].default
        assert COMPOSE["services"][program]["ports"] == [f"127.0.0.1:${{{variable(name)}:-{port}}}:{port}"]


def test_the_variables_outside_of_the_settings_reach_programs_or_the_command_line(given: dict[str, set[str]]) -> None:
    others = set(re.findall(r"^\| `(TAMDID_\w+)`", settings_page.OTHERS, re.MULTILINE))
    assert others - given[ADMIN] == {"TAMDID_LOG"}
    assert all("TAMDID_LOG" in given[program] for program in PROGRAMS)
