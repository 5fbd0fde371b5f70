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
WITH_A_SERVICE = ("exec", "restart", "run")
TAKE_A_VALUE = ("--user", "--env", "--tail", "--file")
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
    runbooks = sorted(f"runbooks/{one.name}" for one in (ROOT / "docs" / "runbooks").glob("*.md"))
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
        assert (ROOT / words[2] / "kustomization.yaml").exists()


def test_the_guides_have_such_commands() -> None:
    assert len(of_compose()) > 5
    assert len(of_kubectl()) > 10
