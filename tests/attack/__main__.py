"""Attack private instances of Tamdid and print what was tried, whether it held, and what was seen: exit code 0 only if all held."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.attack import altered_logs, broker, load, sign_in
from tests.attack.load import Row
from tests.support.servers import instance, servers

ALTERATIONS = 1000


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.attack", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="how long each load lasts")
    parser.add_argument("--alterations", type=int, default=ALTERATIONS, help="of each stored log")
    options = parser.parse_args(arguments)
    table = Table("Tried", "Held", "Seen", title="Attacks")
    console, failed, count = Console(), 0, 0
    for row in rows(options.seconds, options.alterations):
        console.print(f"{'held' if row.held else 'NOT HELD'}: {row.tried}", highlight=False)
        table.add_row(row.tried, "yes" if row.held else "NO", row.seen)
        failed, count = failed + (not row.held), count + 1
    console.print(table)
    console.print(f"{count - failed} of {count} held.")
    return 1 if failed else 0


def rows(seconds: float, alterations: int) -> Iterator[Row]:
    """All attacks, on a distributed instance where the broker matters and on a standalone one elsewhere."""
    with ExitStack() as stack:
        rabbitmq, postgres = stack.enter_context(servers.rabbitmq()), stack.enter_context(servers.postgres())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tamdid-attack-")))
        urls = {"SQLite": f"sqlite:///{folder / 'log.db'}", "PostgreSQL": postgres.create_database("attacked_log")}
        for number, (name, url) in enumerate(urls.items()):
            log = altered_logs.stored_log(url, folder / "keys")
            with closing(log.database):
                missed = altered_logs.not_found(log, alterations, seed=number)
            yield Row(
                f"alter a stored log on {name}",
                not missed,
                f"log verify found {alterations - len(missed)} of {alterations}",
            )
        with instance.distributed(rabbitmq, postgres) as running:
            yield from (attack(running, rabbitmq) for attack in broker.ATTACKS)
    with instance.standalone(**sign_in.SETTINGS) as running:
        members = sign_in.newcomers(running)
        yield from (attack(running.portal, member) for attack, member in zip(sign_in.ATTACKS, members, strict=True))
    with load.target() as goal:
        yield from load.attacks(goal, seconds)


if __name__ == "__main__":
    sys.exit(main())
