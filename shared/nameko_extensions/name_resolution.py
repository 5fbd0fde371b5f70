"""Names are looked up anew for each connection, because the container or machine that has one may have another address by then."""

import time
from typing import Any

from dns.resolver import LRUCache
from eventlet.support import greendns

KEPT_SECONDS = 1
"""A connection looks its name up several times: both kinds of address, and without dots once more as a whole name."""
SERVER_SECONDS_MAX, ANSWER_SECONDS_MAX = 1, 2
"""For one name server, and for all of them: a connection to the next host waits for this one's name."""


class Brief(LRUCache):
    """Answers of the last moment."""

    def put(self, key: Any, value: Any) -> None:
        value.expiration = min(value.expiration, time.time() + KEPT_SECONDS)
        super().put(key, value)


def keep_addresses_briefly() -> None:
    """Set eventlet's resolver up, which would keep an address for as long as the name server allows: ten minutes in Docker."""
    clear = greendns.ResolverProxy.clear

    def clear_and_limit(resolver: greendns.ResolverProxy) -> None:
        clear(resolver)
        own = resolver._resolver  # noqa: SLF001 - dnspython's, for which eventlet has no settings
        own.cache, own.timeout, own.lifetime = Brief(), SERVER_SECONDS_MAX, ANSWER_SECONDS_MAX

    greendns.ResolverProxy.clear = clear_and_limit
