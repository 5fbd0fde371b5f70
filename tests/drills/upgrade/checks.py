"""What must hold after the drill: nothing lost or doubled, the bank and payment agree, logs verified and projections equal to their replay."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import MetaData

from services.auth import tables as auth_tables
from services.auth.accounts import projection as auth_projection
from services.payment import projection as payment_projection
from services.payment import tables as payment_tables
from services.renewal import service as renewal_service
from services.renewal import subscriptions as renewal_subscriptions
from services.renewal import tables as renewal_tables
from shared.contract.envelope import Recorded
from shared.event_store.log import OnEvent
from tests.drills.upgrade.copies import Cluster, CommandFailed
from tests.drills.upgrade.release import Version
from tests.faults.invariants import Databases, Logs
from tests.support.replay import replayed, rows_of

PROJECTED: Mapping[str, tuple[MetaData, Mapping[str, OnEvent]]] = {
    "auth": (auth_tables.PROJECTIONS, {"auth": auth_projection.project}),
    "renewal": (
        renewal_tables.PROJECTIONS,
        {"auth": renewal_subscriptions.project_auth, "renewal": renewal_service.project},
    ),
    "payment": (payment_tables.PROJECTIONS, {"payment": payment_projection.project}),
}
"""The projections of each service with the logs that they follow from; those of capacity are compared by `tests.faults.invariants`."""
ERROR_LINES = (" ERROR ", " CRITICAL ", "Traceback (most recent call last)")
SHOWN_MAX = 3


def replay_differences(databases: Databases, logs: Logs) -> Iterator[str]:
    """The tables whose rows are not those that a replay of the logs gives."""
    for program, (projections, sources) in PROJECTED.items():
        should = replayed(projections, *((project, logs[source]) for source, project in sources.items()))
        with databases.engines[program].connect() as connection:
            live = rows_of(connection, projections)
        for table, rows in should.items():
            if rows != live[table]:
                differing = [row for row in live[table] if row not in rows] + [
                    row for row in rows if row not in live[table]
                ]
                yield f"{program}: {len(differing)} rows of {table} differ from their replay: {differing[:SHOWN_MAX]}"


def verified(cluster: Cluster, *commands: tuple[Version, Sequence[str]]) -> Iterator[str]:
    """Commands of an operator's that did not find everything in order."""
    for version, command in commands:
        try:
            cluster.run_as_admin(version, *command)
        except CommandFailed as error:
            yield f"{version.name}: {error}"


def logged_errors(cluster: Cluster) -> Iterator[str]:
    """What programs have logged as errors."""
    for copy in cluster.copies:
        lines = copy.process.log.read_text(errors="replace").splitlines()
        errors = [line for line in lines if any(mark in line for mark in ERROR_LINES)]
        if errors:
            yield f"{copy.name} has logged {len(errors)} errors: {errors[0]}"


def count_events(logs: Mapping[str, Sequence[Recorded]]) -> dict[str, int]:
    return {source: len(log) for source, log in logs.items()}
