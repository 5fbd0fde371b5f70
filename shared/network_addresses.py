"""Network addresses as limits count them (a single IPv4 address, a /64 of IPv6), and trusted hosts: requests to others are refused.

No link, cookie or cache goes by a forged `Host` header.
"""

from collections.abc import Callable, Iterable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from werkzeug.sansio.utils import host_is_trusted
from werkzeug.wrappers import Response

IPV6_PREFIX_BITS = 64
"""What one subscriber gets at least, and may take any address of."""
LOOPBACK = ("127.0.0.1", "localhost")
"""Always trusted, for health probes and rehearsals: no stranger's browser can be led to it."""
STATUS = 400
TEXT = "این نشانی از آن این سامانه نیست."
HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


def network_of(address: str) -> str:
    """The network that counts as one: a single IPv4 address, a /64 of IPv6; any other text as it is."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is None:
        return str(ip_network((ip, IPV6_PREFIX_BITS), strict=False))
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def refuse_foreign_hosts(app: WsgiApp, *urls: str) -> WsgiApp:
    """The application for the hosts of these URLs and the loopback; to be put behind what evaluates a proxy's headers."""
    trusted = [*LOOPBACK, *(urlsplit(url).hostname or "" for url in urls)]
    refused = Response(TEXT, STATUS, HEADERS, mimetype="text/plain")

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST") or environ["SERVER_NAME"]
        return (
            app(environ, start_response) if host_is_trusted(host.lower(), trusted) else refused(environ, start_response)
        )

    return serve
