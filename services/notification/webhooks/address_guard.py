"""No request goes into our own network (SSRF): a name is resolved once, every address of it is checked, and the connection is made to the checked one."""

import re
import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

GLOBAL_UNICAST = ip_network("2000::/3")
"""All of IPv6 that the internet routes."""
NOT_ROUTED = tuple(
    ip_network(range_)
    for range_ in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
"""Beside those that every version of Python knows: protocols, documentation, and IPv6 that carries an address of IPv4 (Teredo, 6to4)."""
URL_CHARACTERS = re.compile(r"[!-~]{10,500}")
Lookup = Callable[..., Iterable[tuple[Any, Any, Any, Any, Any]]]
"""As `socket.getaddrinfo`."""


class AddressRefused(Exception):  # noqa: N818 - the name is the finding
    """An address to which nothing is sent."""


def url_problem(url: str, *, is_development: bool) -> str:
    """Why a webhook may not have this URL, as a code of the group `field_error`; nothing where it may. No name is looked up."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "webhook_url"
    is_plain = URL_CHARACTERS.fullmatch(url) and not (parts.username or parts.password or parts.fragment)
    if not is_plain or not host or port == 0 or "\\" in url:
        return "webhook_url"
    if parts.scheme != "https" and not (is_development and parts.scheme == "http" and is_loopback_name(host)):
        return "webhook_not_https"
    try:
        must_be_outside(written_in_full(host), is_development=is_development)
    except AddressRefused:
        return "webhook_inside"
    except ValueError:
        pass  # a name: it is looked up at each request
    return ""


def written_in_full(host: str) -> str:
    """An address of IPv4 in four decimal parts, however it is written (`127.1`, `0x7f.1`, `2130706433`); else the host as it is."""
    try:
        return socket.inet_ntoa(socket.inet_aton(host.removesuffix(".")))
    except OSError:
        return host


def is_loopback_name(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def resolve(lookup: Lookup, host: str, port: int, *, is_development: bool) -> str:
    """The address to connect to; `AddressRefused` where any address of the name is inside, `OSError` where there is none."""
    found = [str(one[4][0]) for one in lookup(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        try:
            must_be_outside(address, is_development=is_development)
        except ValueError:
            raise AddressRefused from None  # such as one with a zone
    return found[0]


def must_be_outside(address: str, *, is_development: bool) -> None:
    """Refuse whatever is no single host of the internet; in development the loopback may be had. `ValueError` for what is no address."""
    ip = ip_address(address)
    if is_development and ip.is_loopback:
        return
    if not is_outside(ip):
        raise AddressRefused


def is_outside(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv6Address) and ip not in GLOBAL_UNICAST:  # also mapped, translated, local and link-local ones
        return False
    is_special = ip.is_multicast or ip.is_reserved or ip.is_unspecified
    return ip.is_global and not is_special and not any(ip in one for one in NOT_ROUTED)
