"""Network addresses as limits count them: an IPv4 address, or the /64 of IPv6 of which one subscriber has all."""

from ipaddress import IPv6Address, ip_address, ip_network

IPV6_PREFIX_BITS = 64
"""What one subscriber gets at least, and may take any address of."""


def network_of(address: str) -> str:
    """The network that counts as one: a single IPv4 address, a /64 of IPv6; any other text as it is."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is None:
        return str(ip_network((ip, IPV6_PREFIX_BITS), strict=False))
    return str(getattr(ip, "ipv4_mapped", None) or ip)
