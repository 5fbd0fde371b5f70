"""The seeded random generator of a run, and the fault rates that it draws: what may go wrong, and how often."""

from dataclasses import dataclass, fields
from random import Random
from uuid import UUID


class SeededRandom(Random):
    """The only source of randomness in a run; the same seed gives the same run."""

    def occurs(self, likelihood: float) -> bool:
        return likelihood > 0 and self.random() < likelihood

    def uuid(self) -> UUID:
        return UUID(int=self.getrandbits(128))


@dataclass(frozen=True)
class FaultRates:
    """How likely each thing is to go wrong whenever it can; without arguments nothing does."""

    crash: float = 0
    """A piece of work is the last of its process."""
    database_fails: float = 0
    """A statement of a piece of work fails: the connection is cut."""
    commit_unclear: float = 0
    """The commit happened, and its answer was lost."""
    disk_fills: float = 0
    lost: float = 0
    """A message that the broker has confirmed does not arrive."""
    duplicated: float = 0
    reordered: float = 0
    delayed: float = 0
    foreign_message: float = 0
    """A message that is no event comes in between."""
    not_confirmed: float = 0
    """The broker refuses, returns, breaks off or stays silent."""
    broker_emptied: float = 0
    two_consumers: float = 0
    """A second copy reads the subscription although another one is active."""
    request_lost: float = 0
    request_late: float = 0
    reply_lost: float = 0
    pull_refused: float = 0
    interleave: float = 0
    """While somebody waits for an answer, something else happens."""
    stale: float = 0
    """What a transaction has read is old when it writes, as on PostgreSQL with several copies."""
    concurrent_writers: float = 0
    """Others wait for the same commit."""
    handler_fails: float = 0
    bank_silent: float = 0
    reference_reused: float = 0
    """The bank gives a reference that it gave before."""
    notice_lost: float = 0
    clock_jumps: float = 0
    id_reused: float = 0
    """A user's client sends a command under the id of an earlier one."""
    parking_fails: float = 0
    """A program's table of parked events takes no rows for a while."""
    policy_late: float = 0
    """The policy of a year comes when many events of the year were applied already."""
    event_forged: float = 0
    """Somebody with the source's broker account publishes an event of its own."""
    answer_forged: float = 0
    """The same answers in the source's place who reads its log."""


MAX_RATES = FaultRates(
    crash=0.12,
    database_fails=0.06,
    commit_unclear=0.08,
    disk_fills=0.02,
    lost=0.3,
    duplicated=0.3,
    reordered=0.3,
    delayed=0.3,
    foreign_message=0.1,
    not_confirmed=0.15,
    broker_emptied=0.05,
    two_consumers=0.5,
    request_lost=0.1,
    request_late=0.25,
    reply_lost=0.25,
    pull_refused=0.2,
    interleave=0.4,
    stale=0.3,
    concurrent_writers=0.2,
    handler_fails=0.15,
    bank_silent=0.4,
    reference_reused=0.4,
    notice_lost=0.5,
    clock_jumps=0.6,
    id_reused=0.2,
    parking_fails=0.1,
    policy_late=1.0,
    event_forged=0.2,
    answer_forged=0.2,
)
NO_FAULTS = FaultRates()
DISABLED_SHARE = 0.3
"""So many kinds of faults are off in a run: what hides behind a frequent fault shows where that one is missing."""


def draw_fault_rates(random: SeededRandom) -> FaultRates:
    """The fault rates of a run: some kinds of faults off, the others up to their maximum."""
    return FaultRates(**{
        kind.name: 0 if random.occurs(DISABLED_SHARE) else getattr(MAX_RATES, kind.name) * random.random()
        for kind in fields(FaultRates)
    })  # fmt: skip
