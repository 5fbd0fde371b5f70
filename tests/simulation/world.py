"""The cluster in a run: its processes on their databases, the broker between them, their users."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from typing import Any

from sqlalchemy.exc import OperationalError

from shared.contract.operations import queries
from shared.contract.operations.answers import RecordedEvents
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.event_store.sql.group_commit import Unit
from shared.subscriptions import parking
from shared.subscriptions.seal_check import SealBroken
from tests.simulation import invariants, programs, second_version
from tests.simulation.adversary import Adversary
from tests.simulation.bank import ScriptedBank
from tests.simulation.broker import Broker
from tests.simulation.code_versions import CodeVersions
from tests.simulation.environment import Environment, InvariantViolated, ProcessDied
from tests.simulation.fixtures import SUBSCRIPTIONS
from tests.simulation.in_memory_database import COPIES_MAX, InterceptedWrite, Slot
from tests.simulation.operator import Operator
from tests.simulation.process import Process
from tests.simulation.projection_versions import ProjectionVersions
from tests.simulation.recorder import HandlerError, Recorder
from tests.simulation.rpc import Call, Network, NoAnswer
from tests.simulation.seeded_random import SeededRandom, draw_fault_rates
from tests.simulation.subscription import Subscription
from tests.simulation.users import Users

PROGRAM = Passport(principal_kind=PrincipalKind.PROGRAM, subject="simulation")
CROWD_MAX = 2
"""So many others may wait for the same commit."""


@cache
def slots() -> dict[str, Slot]:
    """The databases, made once in an interpreter."""
    firsts = {"renewal": programs.seed_calendar}
    return {
        program.name: Slot(
            program.name,
            program.tables,
            firsts.get(program.name, lambda _: None),
            second_version.tables_of(program),
        )
        for program in programs.PROGRAMS
    }


class World:
    """Everything there is in a run, and what its parts need of each other."""

    def __init__(self, seed: int) -> None:
        self.random = SeededRandom(seed)
        self.environment = Environment(self.random, draw_fault_rates(self.random))
        self.slots = slots()
        for slot in self.slots.values():
            slot.reset(self.environment)
        self.broker = Broker(self.environment)
        self.bank = ScriptedBank(self.environment)
        self.recorder = Recorder(self.environment)
        self.processes = {
            program.name: [
                Process(self, program, copy, self.slots[program.name])
                for copy in range(1, self.random.randint(1, COPIES_MAX) + 1)
            ]
            for program in programs.PROGRAMS
        }
        self.every_process = [process for copies in self.processes.values() for process in copies]
        self.subscriptions = [
            subscription for process in self.every_process for subscription in process.subscriptions.values()
        ]
        self.versions = CodeVersions(self.environment, seed)
        self.versions.deploy(self.every_process)
        self.projections = ProjectionVersions(self.environment, seed, self.every_process)
        self.network = Network(self.environment, self.processes, self.versions.is_missing)
        self.users = Users(self.environment, self.network, self.slots, self.bank)
        self.operator = Operator(self)
        source = self.random.choice(sorted(SUBSCRIPTIONS))
        self.adversary = self.broker.adversary = Adversary(self.environment, source, self.slots[source])
        is_late = self.random.occurs(self.environment.fault_rates.policy_late)
        # Its rows are derived by the version that records it alone: the other one's are right after a rebuild (docs/upgrading.md).
        is_late &= not self.slots["capacity"].has_versions
        programs.record_policies(self.processes["capacity"][0], is_late=is_late)

    def close(self) -> None:
        for process in self.every_process:
            process.database.close()

    def work(self, process: Process, what: Callable[[], object]) -> None:
        """A piece of a process's own work, where no one waits for the outcome and every trouble is tried again."""
        try:
            self.environment.within(process, what)
        except ProcessDied:
            pass
        except (
            OperationalError,
            OSError,
            parking.SubscriptionFull,
            parking.ParkingFailed,
            SealBroken,
            Refused,
        ) as error:
            self.environment.log_step(f"{process.name}: {type(error).__name__}: {' '.join(str(error).split())[:80]}")
        except Exception as error:
            if isinstance(error, LookupError) and self.adversary.has_answered and self.adversary.source in str(error):
                return  # a log with a hole is what the adversary has answered
            raise InvariantViolated(f"a bug in {process.name}: {type(error).__name__}: {error}") from error

    def publish(self, process: Process) -> None:
        """A turn of a relay."""
        self.work(process, process.publish)
        invariants.check_relay(self, process)

    def reconcile_payments(self, process: Process) -> None:
        """A round of payment's reconciler."""
        self.work(process, partial(programs.reconcile, process))

    def load_policies(self) -> None:
        """Capacity is started with the policies of all years; what it goes by is what is on record, also if it dies on the way."""
        process = self.random.choice(self.processes["capacity"])
        self.work(process, partial(programs.record_policies, process))

    def retry_call(self, call: Call) -> None:
        """A request that nobody waits for."""
        with suppress(NoAnswer, Refused):
            self.network.run(call)

    # --- what processes need of each other

    def pull(self, source: str, after: int, limit: int) -> RecordedEvents:
        """`read_events` of another program, by a request that may fail."""
        self.environment.interleave()
        if self.random.occurs(self.environment.fault_rates.pull_refused):
            raise Refused(Reason.NO_ANSWER)
        process = self.random.choice(self.processes[source])
        query = queries.ReadEvents(after=after, limit=limit)
        try:
            page = self.environment.within(process, lambda: process.records.read_events(query, PROGRAM))
        except (ProcessDied, OperationalError) as error:
            raise Refused(Reason.NO_ANSWER) from error
        if page.events:
            read = f"{len(page.events)} events after {after}"
            self.environment.log_step(f"pulls {read} from {process.name}, whose head is {page.head}")
        is_forged = page.events and source == self.adversary.source
        if is_forged and self.random.occurs(self.environment.fault_rates.answer_forged):
            return self.adversary.answer(page)
        return page

    def other_copy(self, subscription: Subscription) -> Callable[[], None] | None:
        """Another copy's turn on the same subscription."""
        others = [one for one in self.subscriptions if one.key == subscription.key and one is not subscription]
        return partial(self.work, others[0].process, others[0].turn) if others else None

    def concurrent_append(self, process: Process, stream: str, command: Any) -> None:
        """Somebody else appends to a stream: the same command at another copy, or anything else happens."""
        waiting = [user.pending for user in self.users.all if user.pending is not None]
        same = [call for call in waiting if call.command.id == command.id]
        self.environment.log_step(f"{process.name} has read {stream}, and is slow")
        others: list[Callable[[], None]] = [
            *(partial(self.retry_call, call) for call in same[:1]),
            self.users.a_member_acts,
            self.environment.any_action,
        ]
        self.environment.run_other(self.random.choice(others))

    def concurrent_writers(self, process: Process) -> list[Unit[Any]]:
        """Writers that wait for the same commit; they get no answer."""
        units: list[Unit[Any]] = []
        if (
            self.environment.frames
            and process.is_ready
            and self.random.occurs(self.environment.fault_rates.concurrent_writers)
        ):
            idle = [subscription for subscription in process.subscriptions.values() if not subscription.is_busy]
            waiting = self.network.late + [user.pending for user in self.users.all if user.pending]
            calls = [call for call in waiting if call.program == process.program.name]
            works = [subscription.turn for subscription in idle] + [
                partial(self.network.serve, process, call) for call in calls
            ]
            for work in self.random.sample(works, min(CROWD_MAX, len(works))):
                units += self.intercept_writes(process, work)
        return units

    def intercept_writes(self, process: Process, work: Callable[[], object]) -> list[Unit[Any]]:
        """What a piece of work comes to write, without writing it."""
        process.database.intercepting = True
        try:
            work()
        except InterceptedWrite as intercepted:
            self.environment.log_step(f"{process.name}: somebody waits for the same commit")
            self.environment.tally["commits shared"] += 1
            return [Unit(intercepted.work)]
        except (Refused, NoAnswer, OperationalError, OSError, HandlerError):
            return []
        finally:
            process.database.intercepting = False
            for subscription in process.subscriptions.values():
                if not subscription.is_busy:
                    self.broker.disconnect(subscription.key, subscription)
        return []
