"""The README and its neighbours tell the truth: what they name is there, and what is there is named."""

import csv
import importlib.util
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer

from deploy.commands.file_group import FileGroup
from deploy.programs import IN_DEVELOPMENT, PROGRAMS
from deploy.reference import programs
from deploy.tamdid import app
from shared.contract.catalogue import EVENTS
from shared.services import SUBSCRIPTIONS
from shared.settings import Settings
from tests.demo.environment import ENVIRONMENTS
from tests.demo.notices import KINDS, PROOF
from tests.demo.steps import steps

ROOT = Path(__file__).parent.parent
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "DECISIONS.md",
    "services/README.md",
    "docs/integrating.md",
    "docs/kubernetes.md",
    "docs/walkthrough.md",
    "docs/operations.md",
    "docs/restoring.md",
    "docs/scale.md",
    "docs/security.md",
    "SECURITY.md",
    *sorted(f"docs/runbooks/{file.name}" for file in (ROOT / "docs" / "runbooks").glob("*.md")),
)
README_LINES_MAX = 250
GLOSSARY_LINES_MAX = 40
README = (ROOT / "README.md").read_text(encoding="utf-8")
KINDS_OF_CHANGE = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
OF_THE_CONTAINERS = {"TAMDID_UID", "TAMDID_GID", "TAMDID_ROLES", "TAMDID_USERS", "TAMDID_CERTIFICATE"}
"""Variables that the deployment hands to itself."""


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def rows(first: str) -> list[list[str]]:
    """The rows of the README's table whose first column has a heading."""
    lines = README.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first} |")) + 2
    table = lines[start : lines.index("", start)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table if line.startswith("|")]


def shell_lines(page: str) -> Iterator[list[str]]:
    """Every command in the page's shell blocks, and every one in the running text, as words."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text(page), re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^```.*?^```", "", text(page), flags=re.MULTILINE | re.DOTALL)
    for line in [*"".join(blocks).splitlines(), *re.findall(r"`((?:make|python) [^`]+)`", prose)]:
        if words := shlex.split(line, comments=True):
            yield words


OF_CLUSTERS = ("up", "down", "faults")
"""Targets that have a form for docker-compose.cluster.yml."""
COMMANDS = list(dict.fromkeys(tuple(words) for page in PAGES for words in shell_lines(page)))


# ---------------------------------------------------------------- tables and pictures


def test_the_readme_and_its_glossary_are_short() -> None:
    assert len(README.splitlines()) <= README_LINES_MAX
    glossary = README.partition("## Glossary")[2].partition("\n\nLicensed")[0]
    assert 0 < len(glossary.strip().splitlines()) <= GLOSSARY_LINES_MAX


def test_the_picture_of_the_cluster_has_every_subscription_and_every_program() -> None:
    picture = re.findall(r"```mermaid\n(.*?)```", README, re.DOTALL)[0]
    drawn = set(re.findall(r"^ *(\w+) ==>\|events\| (\w+)$", picture, re.MULTILINE))
    assert drawn == {(source, name) for source, names in SUBSCRIPTIONS.items() for name in names}
    assert set(re.findall(r'^ +(\w+)\["', picture, re.MULTILINE)) == set(PROGRAMS)


def test_the_queues_of_an_events_way_are_its_subscriptions() -> None:
    queues = set(re.findall(r"queue (\w+)\.follows\.(\w+)", README))
    assert queues == {(subscriber, "renewal") for subscriber in SUBSCRIPTIONS["renewal"]}
    assert all("RenewalApproved" in programs.consumed_by(subscriber) for subscriber, _ in queues)


def test_the_excerpt_of_the_demo_is_what_the_demo_says_and_brings() -> None:
    excerpt = next(block for block in re.findall(r"```text\n(.*?)```", README, re.DOTALL) if "→ renewal" in block)
    listed = {words for words in re.findall(r"^(?:\d| ) (\S.*)$", excerpt, re.MULTILINE) if not words.startswith("→")}
    assert listed <= {step.words for step in steps()} | {PROOF}
    assert re.findall(r"✉ (\w+)", excerpt) == [kind.value for kind in KINDS.values()]
    recorded = re.findall(r"→ (\w+) +(\d+)  (\w+)", excerpt)
    assert sorted(event for _, _, event in recorded) == sorted(event for step in steps() for event in step.brings)
    for source in {source for source, _, _ in recorded}:
        own = [(position, event) for at, position, event in recorded if at == source]
        assert [position for position, _ in own] == [str(number + 1) for number in range(len(own))]
        assert all(EVENTS[event].source == source for _, event in own)


def test_every_room_of_the_cluster_is_told_of() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {"tests"}
    listed = {re.sub(r"\[(.+?)\].*", r"\1", room) for room, _ in rows("Room")}
    assert {f"{room}/" for room in rooms} <= listed


def test_who_can_sign_in_can() -> None:
    secrets: dict[str, str] = {}
    for file, name, secret in (
        ("officers.csv", "officer", "password"),
        ("register.csv", "membership_no", "national_code"),
    ):
        with (ROOT / "deploy" / "demonstration" / file).open(encoding="utf-8-sig", newline="") as lines:
            secrets |= {row[name]: row[secret] for row in csv.DictReader(lines)}
    listed = rows("Who")
    assert len(listed) == 7
    for _, name, secret, _ in listed:
        assert secret.startswith(f"`{secrets[name.strip('`')]}`")


def test_every_variable_that_a_program_reads_is_explained_and_no_other() -> None:
    variable = re.compile("TAMDID_[A-Z_]+[A-Z]")
    sources = [path for folder in ("clients", "services", "shared", "deploy") for path in (ROOT / folder).rglob("*.py")]
    read = {name for path in sources for name in variable.findall(path.read_text(encoding="utf-8"))}
    settings = {f"{Settings.model_config['env_prefix']}{name.upper()}" for name in Settings.model_fields}
    assert all(field.description for field in Settings.model_fields.values())
    assert set(variable.findall(text("docs/settings.md"))) == (read - OF_THE_CONTAINERS) | settings


# ---------------------------------------------------------------- commands


@pytest.mark.parametrize("words", [words for words in COMMANDS if words[0] == "make"], ids=" ".join)
def test_a_make_target_is_there_and_so_is_what_it_is_given(words: tuple[str, ...]) -> None:
    _, target, *rest = words
    assert re.search(rf"^{target}:", text("Makefile"), re.MULTILINE)
    given = dict(one.split("=", 1) for one in rest)
    assert given.get("ON", "standalone") in {*ENVIRONMENTS, *(("cluster",) if target in OF_CLUSTERS else ())}
    assert all((ROOT / one).exists() for one in given.get("ARGS", "").split() if "/" in one)


@pytest.mark.parametrize("words", [words for words in COMMANDS if words[0].endswith("tamdid")], ids=" ".join)
def test_a_command_of_the_command_line_is_there_with_its_options(words: tuple[str, ...]) -> None:
    must_be_a_command(words[1:])


@pytest.mark.parametrize(
    "line", re.findall(r"`((?:members|officers|events|desk|payments|capacity) [^`]+)`", README), ids=str
)
def test_a_command_in_the_text_is_one_of_the_command_line(line: str) -> None:
    must_be_a_command(shlex.split(line))


def must_be_a_command(words: Sequence[str]) -> None:
    command: Any = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    if isinstance(command, FileGroup) and words:
        command = command.own
    assert not hasattr(command, "commands"), "there is no such command"
    options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in words if word.startswith("-")} <= options | {"--help"}


@pytest.mark.parametrize("words", [words for words in COMMANDS if words[0].endswith("python")], ids=" ".join)
def test_a_module_that_is_run_is_there(words: tuple[str, ...]) -> None:
    assert words[1] == "-m"
    assert importlib.util.find_spec(words[2])
    if words[2] == "deploy.run":
        assert {*words[3:]} <= set(PROGRAMS)


def test_the_containers_run_every_program() -> None:
    services = text("docker-compose.yml")
    started = set(re.findall(r"command: \[python, -m, deploy\.run, (\w+)\]", services)) - {*IN_DEVELOPMENT}
    assert started == set(PROGRAMS)
    assert f"{len(started)} programs" in README.replace("seven", "7")


# ---------------------------------------------------------------- links


@pytest.mark.parametrize("page", [*PAGES, "README.fa.md"])
def test_what_a_page_links_to_is_there(page: str) -> None:
    folder = (ROOT / page).parent
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text(page)) if "://" not in link]
    missing = [link for link in links if not (folder / link.partition("#")[0]).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_a_link_within_a_page_leads_to_a_heading(page: str) -> None:
    headings = re.findall(r"^#+ (.+)$", text(page), re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", text(page))) <= anchors


def test_a_page_says_what_its_links_lead_to() -> None:
    """`[deploy/run.py](deploy/run.py)`: a path that is shown is the end of the one that is linked."""
    for page in PAGES:
        for shown, link in re.findall(r"\[([\w./-]+/?)\]\(([\w./-]+)\)", text(page)):
            if "/" in shown or shown.endswith((".py", ".md", ".toml")):
                assert link.rstrip("/").endswith(shown.rstrip("/").replace("\\", "")), (
                    f"{page}: {shown} leads to {link}"
                )


# ---------------------------------------------------------------- the other pages


def test_the_changelog_keeps_its_form() -> None:
    changelog = text("CHANGELOG.md")
    assert re.findall(r"^## (.+)$", changelog, re.MULTILINE)[0] == "[Unreleased]"
    assert set(re.findall(r"^### (.+)$", changelog, re.MULTILINE)) <= KINDS_OF_CHANGE


def test_a_decision_has_a_date_a_context_and_consequences() -> None:
    _, *entries = re.split(r"^## ", text("DECISIONS.md"), flags=re.MULTILINE)
    dates = []
    for entry in entries:
        title, _, body = entry.partition("\n")
        found = re.fullmatch(r"(\d{4}-\d{2}-\d{2}): .+", title)
        assert found, title
        dates.append(found[1])
        places = [body.find(part) for part in ("\nContext: ", "\nDecision: ", "\nConsequences: ")]
        assert -1 not in places, title
        assert places == sorted(places), title
    assert dates == sorted(dates)
