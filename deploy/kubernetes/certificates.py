"""A private certificate authority by cert-manager, and the servers' certificates, renewed by it before they end."""

from collections.abc import Iterator

from deploy.kubernetes import broker, database
from deploy.kubernetes.manifest import NAMESPACE, SERVERS, Manifest, manifest

API = "cert-manager.io/v1"
AUTHORITY = "private-authority"
AUTHORITY_HOURS = 87_600
SERVER_HOURS = 2_160
RENEWED_HOURS_BEFORE = 720
KEY = {"algorithm": "ECDSA", "size": 256}


def all_certificates() -> Iterator[Manifest]:
    yield manifest(API, "Issuer", "self-signed", SERVERS, {"spec": {"selfSigned": {}}})
    root = {
        "isCA": True,
        "commonName": "Tamdid private CA",
        "secretName": AUTHORITY,
        "duration": f"{AUTHORITY_HOURS}h",
        "privateKey": KEY,
        "issuerRef": {"name": "self-signed", "kind": "Issuer"},
    }
    yield manifest(API, "Certificate", AUTHORITY, SERVERS, {"spec": root})
    yield manifest(API, "Issuer", AUTHORITY, SERVERS, {"spec": {"ca": {"secretName": AUTHORITY}}})
    nodes = f"*.{broker.CLUSTER}-nodes.{NAMESPACE}.svc.cluster.local"
    yield server(broker.CLUSTER, [*names(broker.CLUSTER), nodes])
    primary = f"{database.CLUSTER}-rw"
    yield server(database.CLUSTER, [*names(database.CLUSTER), *names(primary)])


def names(host: str) -> list[str]:
    return [host, f"{host}.{NAMESPACE}.svc", f"{host}.{NAMESPACE}.svc.cluster.local"]


def server(host: str, hosts: list[str]) -> Manifest:
    spec = {
        "secretName": f"{host}-tls",
        "secretTemplate": {"labels": {"cnpg.io/reload": "true"}},
        "duration": f"{SERVER_HOURS}h",
        "renewBefore": f"{RENEWED_HOURS_BEFORE}h",
        "privateKey": {**KEY, "rotationPolicy": "Always"},
        "usages": ["server auth"],
        "dnsNames": hosts,
        "issuerRef": {"name": AUTHORITY, "kind": "Issuer"},
    }
    return manifest(API, "Certificate", f"{host}-tls", SERVERS, {"spec": spec})
