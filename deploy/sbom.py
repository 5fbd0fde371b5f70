"""The bill of materials (SBOM, CycloneDX 1.6): every package of the locks with its version and hashes, `python -m deploy.sbom > sbom.cdx.json`.

From the locks alone, so the same locks give the same bytes: it can be compared, and made without installing anything.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

ROOT = Path(__file__).parent.parent
RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
PACKAGE = re.compile(
    r"^(?P<name>[\w.-]+)(\[[\w,.-]+\])?==(?P<version>[^\s;]+)(?P<rest>[^\n]*\n(?:    --hash=[^\n]+\n)+)", re.MULTILINE
)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class Package(NamedTuple):
    """A package of a lock; the hashes are those of its files, any of which may be the one that is installed."""

    name: str
    version: str
    hashes: tuple[str, ...]


def packages(lock: Path) -> Iterator[Package]:
    """The packages of a lock, in its order."""
    for found in PACKAGE.finditer(lock.read_text(encoding="utf-8")):
        name = re.sub(r"[-_.]+", "-", found["name"]).lower()
        yield Package(name, found["version"], tuple(HASH.findall(found["rest"])))


def component(package: Package, scope: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{package.name}@{package.version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": package.name,
        "version": package.version,
        "scope": scope,
        "hashes": [{"alg": "SHA-256", "content": one} for one in package.hashes],
        "purl": purl,
    }


def document(root: Path = ROOT) -> Mapping[str, Any]:
    """The whole document. What only builds and tests need has the scope `excluded`: it is in no image."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = list(packages(root / RUNTIME))
    others = [one for one in packages(root / DEVELOPMENT) if one not in runtime]
    components = [component(one, "required") for one in runtime] + [component(one, "excluded") for one in others]
    content = json.dumps(components)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": project["name"],
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]["text"]}}],
            }
        },
        "components": components,
    }


if __name__ == "__main__":
    json.dump(document(), sys.stdout, indent=2)
    print()
