"""What must hold after the drill beside the invariants: no operator's command finds anything out of order, and no program has logged an error."""

from collections.abc import Iterator, Mapping, Sequence

from shared.contract.envelope import Recorded
from tests.drills.upgrade.copies import Cluster, CommandFailed
from tests.drills.upgrade.release import Version

ERROR_LINES = (" ERROR ", " CRITICAL ", "Traceback (most recent call last)")


def verified(cluster: Cluster, version: Version, command: Sequence[str]) -> Iterator[str]:
    """A command of an operator's, where it did not find everything in order."""
    try:
        cluster.run_as_admin(version, *command)
    except CommandFailed as error:
        yield f"{version.name}: {error}"


def logged_errors(cluster: Cluster) -> Iterator[str]:
    """What programs have logged as errors."""
    for copy in cluster.started:
        lines = copy.process.log.read_text(errors="replace").splitlines()
        errors = [line for line in lines if any(mark in line for mark in ERROR_LINES)]
        if errors:
            yield f"{copy.name} has logged {len(errors)} errors: {errors[0]}"


def count_events(logs: Mapping[str, Sequence[Recorded]]) -> dict[str, int]:
    return {source: len(log) for source, log in logs.items()}
