"""The bill of materials names every locked package with its version and hashes, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

from deploy import sbom
from tests.deploy.test_locks import LOCKS, entries

ROOT = Path(__file__).parents[2]


def test_every_locked_package_is_named_with_its_version_and_hashes() -> None:
    components = sbom.document()["components"]
    named = {one["name"]: one for one in components}
    assert len(named) == len(components)
    runtime, dev = map(entries, LOCKS)
    assert named.keys() == runtime.keys() | dev.keys()
    for name, locked in {**dev, **runtime}.items():
        found = named[name]
        assert found["version"] == locked.version
        assert [one["content"] for one in found["hashes"]] == [one.removeprefix("sha256:") for one in locked.hashes]
        assert found["purl"] == f"pkg:pypi/{name}@{locked.version}"
        assert found["scope"] == ("required" if name in runtime else "excluded")


def test_it_is_printed_the_same_every_time() -> None:
    command = [sys.executable, "-m", "deploy.sbom"]
    printed = [subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout for _ in range(2)]
    assert printed[0] == printed[1]
    document = json.loads(printed[0])
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
