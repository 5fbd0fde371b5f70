"""Names are looked up anew for each connection, because the container or machine that has one may have another address by then."""

from eventlet.support import greendns


def keep_no_addresses() -> None:
    """Look each name up each time. eventlet's resolver would keep an address for as long as the name server allows, which is ten minutes in Docker."""
    clear = greendns.ResolverProxy.clear

    def clear_and_keep_none(resolver: greendns.ResolverProxy) -> None:
        clear(resolver)
        resolver._resolver.cache = None  # noqa: SLF001 - dnspython's own way to have none; eventlet has no setting for it

    greendns.ResolverProxy.clear = clear_and_keep_none
