"""Accounts on the broker for followers of others: made and deleted over the management API, with the rights to hear some services and nothing else."""

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import typer

from clients.admin import exit_codes
from clients.admin.context import RunContext
from clients.admin.transport import tls
from clients.admin.transport.amqp import parameters_of
from clients.admin.transport.http import LOOPBACK
from shared.broker_nodes import nodes_of
from shared.contract import base
from shared.messaging.permissions import follower_permissions, follower_queues
from shared.services import OWN_PROGRAMS, SOURCES

ANSWER_SECONDS = 10
SECRET_BYTES = 32
NAME = re.compile("[a-z][a-z0-9-]{2,29}")
CONNECTIONS_MAX, CHANNELS_MAX = 4, 16
QUEUE_BYTES_MAX = 64 * 1024 * 1024
"""Of waiting events in one queue; the oldest are dropped then. A follower that is away fills no disk."""
TAG = "tamdid-follower"
"""Marks the accounts that these commands have made; it gives no right."""


class Granted(base.Answer):
    """A follower's account; the secret is shown once."""

    name: str
    secret: str
    follows: tuple[str, ...]


def grant(run: RunContext, name: str, follow: Sequence[str], management: str) -> None:
    """Make an account that hears the events of these services, or give it other ones with a new secret; print the secret."""
    sources = tuple(dict.fromkeys(follow))
    if unknown := set(sources) - set(SOURCES):
        raise typer.BadParameter(f"no service that keeps a log: {', '.join(sorted(unknown))}", param_hint="--follow")
    vhost, secret = vhost_of(run.url), secrets.token_urlsafe(SECRET_BYTES)
    with connected(run, management) as client:
        must_be_follower(client, name, may_be_new=True)
        for path, body in steps(name, secret, sources, vhost):
            client.put(path, json=body).raise_for_status()
        for exchange in {f"{source}.events" for source in SOURCES} - {f"{source}.events" for source in sources}:
            unbind(client, vhost, exchange, name)
    run.printer.document(Granted(name=name, secret=secret, follows=sources))
    run.printer.line(secret)
    run.printer.note(run.printer.text("follower_granted", name=name, sources=", ".join(sources)))


def steps(name: str, secret: str, sources: Sequence[str], vhost: str) -> list[tuple[str, Any]]:
    """What is put where: the limits and rights first, so that no account is ever there without them."""
    permission, *topics = follower_permissions(name, sources)
    bound = {"max-length-bytes": QUEUE_BYTES_MAX, "overflow": "drop-head"}
    policy = {"pattern": f"^{follower_queues(name)}$", "definition": bound, "apply-to": "queues", "priority": 1}
    place, user = quote(vhost, safe=""), quote(name, safe="")
    return [
        (f"api/policies/{place}/follower-{user}", policy),
        (f"api/users/{user}", {"password": secret, "tags": TAG}),
        (f"api/user-limits/{user}/max-connections", {"value": CONNECTIONS_MAX}),
        (f"api/user-limits/{user}/max-channels", {"value": CHANNELS_MAX}),
        *((f"api/topic-permissions/{place}/{user}", without_user(one)) for one in topics),
        (f"api/permissions/{place}/{user}", without_user(permission)),
    ]


def vhost_of(url: str) -> str:
    if not urlsplit(url).scheme.startswith("amqp"):
        raise typer.BadParameter("the broker itself is needed, such as amqps://broker/tamdid", param_hint="--server")
    vhost: str = parameters_of(nodes_of(url)[0]).virtual_host
    return vhost


def without_user(permission: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in permission.items() if key != "user"}


def revoke(run: RunContext, name: str, management: str) -> None:
    """Delete a follower's account with its connections and queues."""
    vhost = vhost_of(run.url)
    place, own = quote(vhost, safe=""), re.compile(follower_queues(name))
    with connected(run, management) as client:
        must_be_follower(client, name, may_be_new=False)
        client.delete(f"api/users/{quote(name, safe='')}").raise_for_status()
        for connection in client.get(f"api/connections/username/{quote(name, safe='')}").raise_for_status().json():
            client.delete(f"api/connections/{quote(connection['name'], safe='')}")
        for queue in client.get(f"api/queues/{place}").raise_for_status().json():
            if own.fullmatch(queue["name"]):
                client.delete(f"api/queues/{place}/{quote(queue['name'], safe='')}").raise_for_status()
        client.delete(f"api/policies/{place}/follower-{quote(name, safe='')}")
    run.printer.done(base.Done(), "follower_revoked", name=name)


@contextmanager
def connected(run: RunContext, management: str) -> Iterator[httpx.Client]:
    """The management API of the first node that answers; its failures end the command by a sentence without any password."""
    try:
        *others, last = nodes_of(management)
        node = next((one for one in others if answers(one)), last)
        with client_of(node) as client:
            yield client
    except httpx.HTTPStatusError as error:
        run.printer.warn(f"HTTP {error.response.status_code}")
        raise typer.Exit(exit_codes.FAILED) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        run.printer.warn(type(error).__name__)
        raise typer.Exit(exit_codes.NO_ANSWER) from None


def client_of(node: str) -> httpx.Client:
    is_near = httpx.URL(node).host in LOOPBACK
    return httpx.Client(base_url=node, timeout=ANSWER_SECONDS, trust_env=not is_near, verify=tls.context())


def answers(node: str) -> bool:
    with suppress(httpx.TransportError), client_of(node) as client:
        client.head("")
        return True
    return False


def unbind(client: httpx.Client, vhost: str, exchange: str, name: str) -> None:
    """Take a follower's queues from an exchange that it may follow no more: a binding outlives the right to make it."""
    place, own = quote(vhost, safe=""), re.compile(follower_queues(name))
    found = client.get(f"api/exchanges/{place}/{exchange}/bindings/source")
    for one in found.json() if found.is_success else ():
        if own.fullmatch(one["destination"]):
            path = f"api/bindings/{place}/e/{exchange}/q/{quote(one['destination'], safe='')}"
            client.delete(f"{path}/{quote(one['properties_key'], safe='')}").raise_for_status()


def must_be_follower(client: httpx.Client, name: str, *, may_be_new: bool) -> None:
    """Refuse the name of a program of ours, and an account that these commands have not made."""
    if not NAME.fullmatch(name) or name in OWN_PROGRAMS:
        raise typer.BadParameter(
            "3 to 30 small Latin letters, digits and hyphens; none of our programs", param_hint="NAME"
        )
    found = client.get(f"api/users/{quote(name, safe='')}")
    if found.status_code == httpx.codes.NOT_FOUND:
        if not may_be_new:
            raise typer.BadParameter("there is no such account", param_hint="NAME")
        return
    if TAG not in found.raise_for_status().json()["tags"]:
        raise typer.BadParameter("this account is no follower's", param_hint="NAME")
