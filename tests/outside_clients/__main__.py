"""Let clients that others have written do their jobs against a private instance: `python -m tests.outside_clients [NAME …]`."""

import argparse
import shutil
import sys

from rich.console import Console
from rich.table import Table

from tests.outside_clients.clients import CLIENTS, Client
from tests.outside_clients.installation import ClientError, Installation, installed
from tests.support import system
from tests.support.member import Member
from tests.support.system import Cluster

PIPE_WIDTH = 200
console = Console(highlight=False)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.outside_clients", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only clients whose names contain one of these")
    wanted = parser.parse_args(arguments).names
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    if not shutil.which("npm"):
        console.print("Needs Node 20 or newer with npm.", style="red")
        return 1
    chosen = [one for one in CLIENTS if not wanted or any(name in one.name for name in wanted)]
    table = Table(
        "Client", "Version", "Its job", "Seen", title="Clients of others", title_justify="left", show_lines=True
    )
    console.print("Installing the clients into a temporary folder", style="dim")
    with installed() as found, system.standalone() as cluster:
        renew(cluster)
        outcomes = [report(client, found, cluster, table) for client in chosen]
    console.print(table)
    return 0 if all(outcomes) else 1


def renew(cluster: Cluster) -> None:
    """A renewal of which there are events."""
    member = Member(cluster, *cluster.enrol(1))
    member.be_approved()
    member.pay()
    member.confirm()
    member.close()


def report(client: Client, found: Installation, cluster: Cluster, table: Table) -> bool:
    """Let a client do its job, and add its row; whether it could."""
    try:
        seen, failure = client.run(found, cluster), ""
    except (ClientError, OSError) as error:
        seen, failure = "", str(error)
    console.print(
        f"{client.name}: {seen or failure}", style="red" if failure else "green", markup=False, soft_wrap=True
    )
    table.add_row(client.name, client.version(found), client.job, seen or "[red]failed[/]")
    return not failure


if __name__ == "__main__":
    sys.exit(main())
