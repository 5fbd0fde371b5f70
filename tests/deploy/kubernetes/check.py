"""The Kubernetes manifests against the schemas of Kubernetes (kubernetes-validate, strict) and our policy; part of `make check`.

`--crds FOLDER` holds custom resources against the definitions (CRD) of their operators, YAML files that the operators' releases bring.
"""

import argparse
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import yaml

from tests.deploy.kubernetes import policy

ROOT = Path(__file__).parents[3]
BASE = ROOT / "deploy" / "kubernetes" / "base"
SITE = ROOT / "deploy" / "kubernetes" / "site"
VERSIONS = ("1.34", "1.37")
"""Of Kubernetes: the oldest that the manifests are for, and the newest whose schemas there are."""
Manifest = dict[str, Any]
Key = tuple[str, str]


def rendered(folder: Path) -> list[Manifest]:
    """What `kubectl apply -k` would send."""
    done = subprocess.run(["kubectl", "kustomize", folder], check=True, capture_output=True, text=True)
    return [one for one in yaml.safe_load_all(done.stdout) if one]


def written(folder: Path) -> list[Manifest]:
    """The files of the base as they lie there."""
    names = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    return [one for name in names for one in yaml.safe_load_all((folder / name).read_text(encoding="utf-8"))]


def name_of(one: Manifest) -> str:
    return f"{one['kind']} {one['metadata']['name']}"


def of_kubernetes(one: Manifest, versions: tuple[str, ...] = VERSIONS) -> Iterator[str]:
    """What the schemas find; `SchemaNotFoundError` where there is none, since the kind is an operator's."""
    for version in versions:
        try:
            kubernetes_validate.validate(one, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            path = ".".join(map(str, error.path))
            yield f"{name_of(one)}: {path}: {error.message} (Kubernetes {version})"


def by_schema(manifests: list[Manifest], schemas: Mapping[Key, Any]) -> tuple[list[str], Counter[str]]:
    """What the schemas find, and the kinds without one, with how many there are of each."""
    found: list[str] = []
    unchecked: Counter[str] = Counter()
    for one in manifests:
        try:
            found += of_kubernetes(one)
        except kubernetes_validate.SchemaNotFoundError:
            if (one["apiVersion"], one["kind"]) in schemas:
                found += of_operators(one, schemas)
            else:
                unchecked[one["kind"]] += 1
    return found, unchecked


# ---------------------------------------------------------------- custom resources


class OfOperators(yaml.SafeLoader):
    """Takes a bare `=` as the text that it is; YAML 1.1 has a type of its own for it."""


OfOperators.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)


def definitions(folder: Path) -> dict[Key, Any]:
    """The schema of each custom resource by version and kind."""
    found = {}
    for file in sorted(folder.rglob("*.yaml")):
        for one in yaml.load_all(file.read_text(encoding="utf-8"), Loader=OfOperators):
            if one and one.get("kind") == "CustomResourceDefinition":
                for version in one["spec"]["versions"]:
                    key = f"{one['spec']['group']}/{version['name']}", one["spec"]["names"]["kind"]
                    found[key] = closed(version["schema"]["openAPIV3Schema"])
    return found


def closed(schema: Any) -> Any:
    """A field that a schema does not name is an error: the server would drop it without a word."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: value if key in ("default", "enum", "example") else closed(value) for key, value in schema.items()}
    is_open = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if isinstance(schema.get("properties"), Mapping) and schema.get("type") == "object" and not is_open:
        inner["additionalProperties"] = False
    return inner


def of_operators(one: Manifest, schemas: Mapping[Key, Any]) -> Iterator[str]:
    body = {**one, "metadata": {}}
    for error in jsonschema.Draft202012Validator(schemas[one["apiVersion"], one["kind"]]).iter_errors(body):
        yield f"{name_of(one)}: {'.'.join(map(str, error.path))}: {error.message}"


# ---------------------------------------------------------------- the command


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crds", type=Path, help="folder with the operators' CRDs")
    options = parser.parse_args()
    schemas = definitions(options.crds) if options.crds else {}
    has_kustomize = shutil.which("kubectl") is not None
    manifests = rendered(SITE) if has_kustomize else written(BASE)
    found, unchecked = by_schema(manifests, schemas)
    found += policy.findings(manifests)
    place = "the example of a site, rendered" if has_kustomize else "the base, for kubectl is not here"
    print(f"{len(manifests)} Kubernetes manifests ({place}): {len(found)} findings")
    if unchecked:
        print("  by no schema:", ", ".join(f"{kind} ({number})" for kind, number in sorted(unchecked.items())))
    print("".join(f"  {line}\n" for line in found), end="")
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())
