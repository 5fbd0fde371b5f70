"""A private certificate authority (X.509) for the servers that only our own programs connect to: its root, and each server's certificate."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.containers.layout import SINGLE, Layout
from deploy.containers.private_files import PRIVATE, PUBLIC, write

AUTHORITY_LIFE = timedelta(days=3_650)
SERVER_LIFE = timedelta(days=730)
RENEWED_BEFORE = timedelta(days=60)
"""A certificate that ends sooner is issued anew."""
CLOCKS_DIFFER_MAX = timedelta(hours=1)
"""A certificate is valid from so long ago."""


class Pair(NamedTuple):
    """A private key and its certificate, each as PEM."""

    key: bytes
    certificate: bytes


def make_all(directory: Path, layout: Layout = SINGLE) -> list[str]:
    """Make the private authority, and for each server a certificate where it has none that is good for long.

    One that the proxy has from a public authority is the operator's to renew.
    """
    now, made = datetime.now(UTC), []
    key, root = directory / "authority" / "ca.key", directory / "authority" / "ca.crt"
    key.parent.mkdir(mode=0o700, exist_ok=True)
    if not key.exists() or not root.exists():
        write_pair(key, root, make_authority(now))
        made.append("certificate-authority")
    authority = Pair(key.read_bytes(), root.read_bytes())
    write(directory / "ca.crt", authority.certificate, PUBLIC)  # all containers read it
    for server, hosts in layout.hosts.items():
        folder = directory / server / "tls"
        for one in (folder.parent, folder):
            one.mkdir(mode=0o700, exist_ok=True)
        own = folder / "server.crt"
        is_public = server == "proxy" and own.exists() and not is_issued_by(own.read_bytes(), authority.certificate)
        if not own.exists() or not (is_public or is_good(own.read_bytes(), authority.certificate, hosts, now)):
            write_pair(folder / "server.key", own, issue(authority, hosts, now))
            made.append(f"certificate-of-{server}")
        write(folder / "ca.crt", authority.certificate, PRIVATE)
    return made


def write_pair(key: Path, certificate: Path, pair: Pair) -> None:
    certificate.unlink(missing_ok=True)  # never one beside the key of another, should this end half-way
    write(key, pair.key, PRIVATE)
    write(certificate, pair.certificate, PRIVATE)


def setting(directory: Path) -> dict[str, str]:
    """What changes with a server's certificate, so that compose starts the server anew."""
    return {"TAMDID_CERTIFICATE": hashlib.sha256((directory / "tls" / "server.crt").read_bytes()).hexdigest()}


def make_authority(at: datetime) -> Pair:
    """The root: it signs servers' certificates and nothing else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tamdid private CA")])
    unsigned = (
        certificate_of(key, name, name, at, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(signs_certificates=True), critical=True)
    )
    return Pair(pem_of(key), unsigned.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


def issue(authority: Pair, hosts: Sequence[str], at: datetime) -> Pair:
    """A server's key and its certificate for its hosts, each a name or an address."""
    root = x509.load_pem_x509_certificate(authority.certificate)
    root_key = serialization.load_pem_private_key(authority.key, password=None)
    if not isinstance(root_key, ec.EllipticCurvePrivateKey):
        raise TypeError("the authority's key is of another kind")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    unsigned = (
        certificate_of(key, name, root.subject, at, SERVER_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(list(map(name_of, hosts))), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
    )
    return Pair(pem_of(key), unsigned.sign(root_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


def is_good(certificate: bytes, authority: bytes, hosts: Sequence[str], at: datetime) -> bool:
    """Whether a server's certificate is for its hosts, by this authority, and does not end soon."""
    if not is_issued_by(certificate, authority):
        return False
    found = x509.load_pem_x509_certificate(certificate)
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(map(name_of, hosts)) <= set(names) and found.not_valid_after_utc - at >= RENEWED_BEFORE


def is_issued_by(certificate: bytes, authority: bytes) -> bool:
    found, root = (x509.load_pem_x509_certificate(pem) for pem in (certificate, authority))
    try:
        found.verify_directly_issued_by(root)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is not
        return False
    return True


def certificate_of(
    key: ec.EllipticCurvePrivateKey, subject: x509.Name, issuer: x509.Name, at: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at.astimezone(UTC) - CLOCKS_DIFFER_MAX)
        .not_valid_after(at.astimezone(UTC) + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def name_of(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
