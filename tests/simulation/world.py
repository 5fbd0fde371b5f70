"""The cluster in a run: its processes on their databases, the broker between them, the people before them."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial
from typing import Any

from sqlalchemy.exc import OperationalError

from shared.contract import cloud_events
from shared.contract.envelope import Recorded
from shared.contract.operations import queries
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.event_store.group_commit import Unit
from shared.subscriptions import parking
from shared.subscriptions.follower import ParkingFailed
from tests.simulation import invariants, programs
from tests.simulation.bank import ScriptedBank
from tests.simulation.broker import Broker
from tests.simulation.environment import Died, PromiseBroken, Scene
from tests.simulation.in_memory_database import COPIES_MAX, Caught, Slot
from tests.simulation.operator import Operator
from tests.simulation.process import Process
from tests.simulation.recorder import TroubleError, Witness
from tests.simulation.rpc import Call, NoAnswer, Post
from tests.simulation.seeded_random import Chance, draw
from tests.simulation.subscription import Subscription
from tests.simulation.users import People

PROGRAM = Passport(principal_kind=PrincipalKind.PROGRAM, subject="simulation")
CROWD_MAX = 2
"""So many others may wait for the same commit."""


@cache
def slots() -> dict[str, Slot]:
    """The databases, made once in an interpreter."""
    firsts = {"renewal": programs.seed_calendar}
    return {
        program.name: Slot(program.name, program.tables, firsts.get(program.name, lambda _: None))
        for program in programs.PROGRAMS
    }


class World:
    """Everything there is in a run, and what its parts need of each other."""

    def __init__(self, seed: int) -> None:
        self.chance = Chance(seed)
        self.scene = Scene(self.chance, draw(self.chance))
        self.slots = slots()
        for slot in self.slots.values():
            slot.reset(self.scene)
        self.broker = Broker(self.scene)
        self.bank = ScriptedBank(self.scene)
        self.witness = Witness(self.scene)
        self.processes = {
            program.name: [
                Process(self, program, copy, self.slots[program.name])
                for copy in range(1, self.chance.randint(1, COPIES_MAX) + 1)
            ]
            for program in programs.PROGRAMS
        }
        self.every_process = [process for copies in self.processes.values() for process in copies]
        self.subscriptions = [
            subscription for process in self.every_process for subscription in process.subscriptions.values()
        ]
        self.post = Post(self.scene, self.processes)
        self.people = People(self.scene, self.post, self.slots, self.bank)
        self.operator = Operator(self)
        programs.take_policies(
            self.processes["capacity"][0], is_late=self.chance.happens(self.scene.weather.policy_late)
        )

    def close(self) -> None:
        for process in self.every_process:
            process.database.close()

    def work(self, process: Process, what: Callable[[], object]) -> None:
        """A piece of a process's own work, where no one waits for the outcome and every trouble is tried again."""
        try:
            self.scene.within(process, what)
        except Died:
            pass
        except (OperationalError, OSError, parking.SubscriptionFull, ParkingFailed, Refused) as error:
            self.scene.tell(f"{process.name}: {type(error).__name__}: {' '.join(str(error).split())[:80]}")
        except Exception as error:
            raise PromiseBroken(f"a bug in {process.name}: {type(error).__name__}: {error}") from error

    def publish(self, process: Process) -> None:
        """A turn of a relay."""
        self.work(process, process.publish)
        invariants.hold_for_the_relay(self, process)

    def look_around(self, process: Process) -> None:
        """A round of payment's reconciler."""
        self.work(process, partial(programs.reconcile, process))

    def policy_comes(self) -> None:
        """Capacity is started with the policies of all years; what it goes by is what is on record, also if it dies on the way."""
        process = self.chance.choice(self.processes["capacity"])
        self.work(process, partial(programs.take_policies, process))

    def once_more(self, call: Call) -> None:
        """A request that nobody waits for."""
        with suppress(NoAnswer, Refused):
            self.post.run(call)

    # --- what processes need of each other

    def pull(self, source: str, after: int, limit: int) -> Sequence[Recorded]:
        """`read_events` of another program, by a request that may fail."""
        self.scene.meanwhile()
        if self.chance.happens(self.scene.weather.pull_refused):
            raise Refused(Reason.NO_ANSWER)
        process = self.chance.choice(self.processes[source])
        query = queries.ReadEvents(after=after, limit=limit)
        try:
            page = self.scene.within(process, lambda: process.records.read_events(query, PROGRAM))
        except (Died, OperationalError) as error:
            raise Refused(Reason.NO_ANSWER) from error
        events = [cloud_events.from_json(one.cloud_event) for one in page.events]
        if events:
            self.scene.tell(f"pulls {[one.position for one in events]} from {process.name}, whose head is {page.head}")
        return events

    def others_on(self, subscription: Subscription) -> Callable[[], None] | None:
        """Another copy's turn on the same subscription."""
        others = [one for one in self.subscriptions if one.key == subscription.key and one is not subscription]
        return partial(self.work, others[0].process, others[0].turn) if others else None

    def rival(self, process: Process, stream: str, command: Any) -> None:
        """Somebody else appends to a stream: the same command at another copy, or anything else happens."""
        waiting = [person.pending for person in self.people.all if person.pending is not None]
        same = [call for call in waiting if call.command.id == command.id]
        self.scene.tell(f"{process.name} has read {stream}, and is slow")
        others: list[Callable[[], None]] = [
            *(partial(self.once_more, call) for call in same[:1]),
            self.people.a_member_acts,
            self.scene.something_else,
        ]
        self.scene.let_in(self.chance.choice(others))

    def crowd(self, process: Process) -> list[Unit[Any]]:
        """Others whose writing waits for the same commit; what comes of it they do not hear."""
        units: list[Unit[Any]] = []
        if self.scene.frames and self.chance.happens(self.scene.weather.crowd):
            idle = [subscription for subscription in process.subscriptions.values() if not subscription.is_busy]
            waiting = self.post.late + [person.pending for person in self.people.all if person.pending]
            calls = [call for call in waiting if call.program == process.program.name]
            works = [subscription.turn for subscription in idle] + [
                partial(self.post.serve, process, call) for call in calls
            ]
            for work in self.chance.sample(works, min(CROWD_MAX, len(works))):
                units += self.caught(process, work)
        return units

    def caught(self, process: Process, work: Callable[[], object]) -> list[Unit[Any]]:
        """What a piece of work comes to write, without writing it."""
        process.database.catching = True
        try:
            work()
        except Caught as caught:
            self.scene.tell(f"{process.name}: somebody waits for the same commit")
            self.scene.tally["commits shared"] += 1
            return [Unit(caught.work)]
        except (Refused, NoAnswer, OperationalError, OSError, TroubleError):
            return []
        finally:
            process.database.catching = False
            for subscription in process.subscriptions.values():
                if not subscription.is_busy:
                    self.broker.disconnect(subscription.key, subscription)
        return []
