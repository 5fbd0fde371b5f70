"""What the guides say to Docker and to kubectl is about services, files and objects that are there."""

import itertools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.kubernetes import rendering
from deploy.kubernetes.manifest import STEPS

ROOT = Path(__file__).parents[2]
SERVICES = {
    file: set(
        re.findall(
            r"^  ([a-z0-9-]+):", (ROOT / file).read_text(encoding="utf-8").partition("\nservices:")[2], re.MULTILINE
        )
    )
    for file in ("docker-compose.cluster.yml", "docker-compose.yml")
}
RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
WITH_A_SERVICE = ("exec", "restart", "run")
TAKE_A_VALUE = ("--user", "--env", "--tail", "--file", "--entrypoint")
MADE = ("-", "var/site.yaml")
"""What is piped into a command, and the file that the guide makes itself."""
PLURALS = {"clusters.postgresql.cnpg.io": "Cluster", "permissions.rabbitmq.com": "Permission"}
OBJECTS = {
    (one["kind"].lower(), one["metadata"]["name"]) for manifests in rendering.groups().values() for one in manifests
}


def commands(page: str, program: str) -> Iterator[list[str]]:
    """Every line of the page's shell blocks that begins with a program, without what is piped into it or from it."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        for line in re.split(r"[\n|;]", block):
            if line.strip().startswith(program) and "$(" not in line:
                yield shlex.split(line.partition(" > ")[0], comments=True)


def of_compose() -> list[tuple[str, ...]]:
    runbooks = [f"runbooks/{one.name}" for one in RUNBOOKS]
    pages = ("operations.md", "restoring.md", "upgrading.md", *runbooks)
    return sorted({tuple(words) for page in pages for words in commands(page, "docker compose")})


def of_kubectl() -> list[tuple[str, ...]]:
    return sorted({tuple(words) for words in commands("kubernetes.md", "kubectl")})


@pytest.mark.parametrize("words", of_compose(), ids=" ".join)
def test_a_command_to_compose_names_a_service_that_is_there(words: tuple[str, ...]) -> None:
    _, _, *rest = words
    file = "docker-compose.yml"
    if rest[0] == "--file":
        file, rest = rest[1], rest[2:]
    verb, *rest = rest
    if verb in WITH_A_SERVICE:
        positional = [word for word, before in zip(rest, ("", *rest), strict=False) if before not in TAKE_A_VALUE]
        named = [word for word in positional if not word.startswith("-")]
        assert set(named if verb == "restart" else named[:1]) <= SERVICES[file]


@pytest.mark.parametrize("words", of_kubectl(), ids=" ".join)
def test_a_command_to_kubectl_names_files_and_objects_that_are_there(words: tuple[str, ...]) -> None:
    for option, value in itertools.pairwise(words):
        if option == "-f":
            assert value in MADE or (ROOT / value).exists()
        if option == "-l":
            labels = dict(one.split("=") for one in value.split(","))
            assert labels.get("app.kubernetes.io/component") in STEPS
    for word in words:
        kind, _, name = word.partition("/")
        if name and "=" not in word and re.fullmatch(r"[a-z.]+", kind) and kind not in ("deploy", "var"):
            kind = PLURALS.get(kind, kind).lower()
            assert name == "$program" or (kind, name) in OBJECTS
    if words[1] == "kustomize":
        assert words[2] == "$SITE", "the copy that an organization has changed"


@pytest.mark.parametrize("file", RUNBOOKS, ids=lambda file: file.stem)
def test_a_runbook_leads_to_how_its_commands_are_run_and_uses_nothing_that_the_image_lacks(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "**Look.** ([how to run these](../operations.md#the-commands-of-the-runbooks))\n" in text
    assert "curl" not in text


def test_the_lines_that_select_the_containers_are_those_of_make_up() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    single, cluster = re.findall(r"^export .*COMPOSE_ENV_FILES=([\w./,-]+)", page, re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [used] = re.findall(r"^COMPOSE := (.*)$", makefile, re.MULTILINE)
    assert re.findall(r"--env-file ([\w./-]+)", used) == cluster.split(",")
    assert single.split(",") == [one for one in cluster.split(",") if "cluster" not in one]


def test_the_guides_have_such_commands() -> None:
    assert len(of_compose()) > 5
    assert len(of_kubectl()) > 10
