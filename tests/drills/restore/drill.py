"""The restore drill: one service's database is killed under load, restored to a moment before, and reconciled with what the bank and the others know."""

import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import httpx
from sqlalchemy import make_url, select

from clients.bank.sandbox.statement import COLUMNS
from clients.bank.sandbox.tables import SESSIONS
from deploy import demonstration
from services.payment.tables import ATTEMPTS, EXCHANGES
from shared.contract.operations import queries as operations_queries
from shared.contract.operations.answers import SubscriptionState
from shared.contract.payment.finance_answers import StatementException
from shared.contract.payment.queries import GetDay
from shared.contract.refusals import Refused
from shared.services import SERVICES, SUBSCRIPTIONS
from shared.subscriptions.checkpoints import CHECKPOINTS
from shared.text import persian
from tests.demo import users
from tests.demo.users import Person
from tests.drills.restore import differences, filling
from tests.drills.restore.command_line import CommandFailed, CommandLine
from tests.drills.restore.differences import NO_MONEY, Money
from tests.faults import invariants
from tests.faults.invariants import Databases
from tests.faults.load import Accepted, Load
from tests.support import system
from tests.support.member import Member, Visit
from tests.support.servers import servers
from tests.support.servers.archived_postgres import Archived, archived_postgres
from tests.support.servers.instance import Process
from tests.support.servers.server_handles import wait_until_up
from tests.support.system import Cluster

START_SECONDS = 300
FOLLOWED_SECONDS = 3_600
"""For the members who are filled in, on a slow machine."""
RECONCILED_SECONDS = 1_800
POLL_SECONDS = 0.5
AUTHORITY = COLUMNS.index("authority")
"""The column of the session in the sandbox bank's statement."""
RPO_GOAL, RTO_GOAL = timedelta(minutes=5), timedelta(minutes=10)
ALARM = "the log of {service} is another one than was followed"

ReportLine = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How large the databases are, and how long the load runs before and after the moment that is restored."""

    members: int
    archive_seconds: int
    before_seconds: float
    lost_seconds: float
    at_once: int = 2
    renewals: int = 2
    """At least so many are completed under load before the moment."""
    services: tuple[str, ...] = ("payment", "renewal")


SHORT = Plan(members=20, archive_seconds=60, before_seconds=1, lost_seconds=1, renewals=1, services=("payment",))
FULL = Plan(members=50_000, archive_seconds=60, before_seconds=60, lost_seconds=180)


@dataclass
class Restored:
    """One service's database that was killed and restored."""

    service: str
    rpo: timedelta = timedelta()
    """Between the last moment that the archive has and the kill: what is lost where the server's disk is."""
    steps: dict[str, float] = field(default_factory=dict)
    """Seconds of each step from the kill on."""
    back: timedelta = timedelta()
    """How far before the kill the moment lies that was restored."""
    lost_events: int = 0
    lost_commands: int = 0
    """Answered commands whose event is lost with the moment that was chosen."""
    alarms: list[str] = field(default_factory=list)
    shown: str = ""
    """What `tamdid restore reconcile` shows before it takes anything back."""
    inquired_again: int = 0
    """Attempts that were open at the moment, about which payment has asked the bank since."""
    cases: int = 0
    money: Money = NO_MONEY

    @property
    def rto(self) -> timedelta:
        return timedelta(seconds=sum(self.steps.values()))


@dataclass
class Report:
    """What a drill has seen, and each promise that was broken."""

    members: int
    restored: list[Restored] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


def run(plan: Plan, report_line: ReportLine) -> Report:
    """A drill on an instance of its own."""
    report = Report(plan.members)
    with started(plan, report_line) as drill:
        drill.fill()
        for service in plan.services:
            drill.restore(service, report)
            done = report.restored[-1]
            report_line(
                f"{service}: RPO {done.rpo}, RTO {done.rto}, difference {done.money.difference}, {report.violations}"
            )
        report.violations += drill.goes_on()
    return report


@contextmanager
def started(plan: Plan, report_line: ReportLine) -> Iterator["Drill"]:
    """A distributed instance on RabbitMQ and on PostgreSQL with an archive."""
    with ExitStack() as stack:
        report_line("starting RabbitMQ, and PostgreSQL with an encrypted repository")
        rabbitmq = stack.enter_context(servers.rabbitmq())
        archived = stack.enter_context(archived_postgres(plan.archive_seconds))
        report_line("starting the programs")
        cluster = stack.enter_context(system.distributed(rabbitmq, archived.server))
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tamdid-drill-")))
        drill = Drill(plan, report_line, archived, cluster, home)
        stack.callback(drill.drop_former)
        yield stack.enter_context(closing(drill))


class Drill:
    """An instance with its databases' names and two officers at the command line."""

    def __init__(self, plan: Plan, report_line: ReportLine, archived: Archived, cluster: Cluster, home: Path) -> None:
        self.plan, self.report_line = plan, report_line
        self.archived, self.cluster, self.server = archived, cluster, archived.server
        urls = {program: cluster.url_of(program) for program in SERVICES}
        self.names = {program: str(make_url(url).database) for program, url in urls.items()}
        self.databases = Databases(urls)
        owner = self.server.as_user(self.names["auth"].replace("auth", "{program}_owner"))
        environment = cluster.running.processes[0].environment | {
            "TAMDID_MIGRATION_URL": owner.database_url(self.names["auth"].replace("auth", "{program}"))
        }
        sign_in = (home, cluster.portal, environment)
        self.admin = CommandLine.signed_in(*sign_in, Person("admin", demonstration.admin_password()))
        self.treasurer = CommandLine.signed_in(*sign_in, users.officer("treasury", nth=1))
        self.home = home
        self.began_on = today()
        self.loads = 0
        self.lags_before: list[str] = []
        self.counted: set[str] = set()
        """Sessions whose lines of the bank's statement count already."""

    def close(self) -> None:
        self.databases.close()

    def drop_former(self) -> None:
        """The databases that were replaced, which nobody may enter."""
        query = "SELECT datname FROM pg_database WHERE datname LIKE '%\\_before\\_%'"
        for name in self.archived.run(
            "psql", "--dbname=postgres", "--tuples-only", "--no-align", f"--command={query}"
        ).split():
            self.server.drop_database(name)

    # ------------------------------------------------------------ before

    def fill(self) -> None:
        """The members, until everybody has followed; then the first backup."""

        def advance(program: str, members: int) -> None:
            self.report_line(f"{program}: {members:,} members of {self.plan.members:,}")

        urls = {program: self.server.database_url(name) for program, name in self.names.items()}
        filling.fill(urls, self.plan.members, advance)
        self.wait(self.lags, FOLLOWED_SECONDS, "all have followed")
        self.report_line("backing up")
        self.archived.pgbackrest("--type=full", "backup")

    def lags(self) -> list[str]:
        found = self.databases.list_lags()
        if found != self.lags_before:
            self.report_line("; ".join(found))
        self.lags_before = found
        return found

    def wait(self, waits_for: Callable[[], Sequence[object]], seconds: float, what: str) -> None:
        """Until nothing is waited for any more; `TimeoutError` names what was."""
        until = time.monotonic() + seconds
        while left := waits_for():
            if time.monotonic() > until:
                raise TimeoutError(f"not within {seconds:g} s: {what}: {left}\n{self.cluster.running.log_tail()}")
            time.sleep(POLL_SECONDS)

    # ------------------------------------------------------------ the drill

    def restore(self, service: str, report: Report) -> None:
        """Kill the database under load, restore one service's part of it, reconcile, and compare."""
        done = Restored(service)
        report.restored.append(done)
        early, late = (Member(self.cluster, person) for person in self.cluster.enrol(2))
        with closing(early), closing(late), closing(self.load()) as load:
            began = time.monotonic()
            early.be_approved()
            visit = early.go_to_bank()
            if service == "payment":
                late.be_approved()
            self.report_line("the load runs")
            self.wait(lambda: () if load.completed >= self.plan.renewals else ("renewals",), START_SECONDS, "a renewal")
            time.sleep(max(0.0, began + self.plan.before_seconds - time.monotonic()))
            heads = {source: self.databases.head(source) for source in SUBSCRIPTIONS}
            answered = accepted_of(load)
            moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
            time.sleep((moment - datetime.now(UTC)).total_seconds() + 1)
            self.lose(service, early, late, visit)
            self.wait(lambda: self.not_beyond(service, heads[service]), START_SECONDS, "the followers are ahead")
            time.sleep(max(0.0, self.plan.lost_seconds))
            open_then = self.bring_back(service, moment, heads[service], done)
            answered_in_all = accepted_of(load)
        self.compare(done, report, open_then, answered, answered_in_all)

    def load(self) -> Load:
        """Other members than those of the loads before."""
        self.loads += 1
        return Load(self.cluster.portal, self.loads, self.plan.at_once, self.loads * 10**8)

    def lose(self, service: str, early: Member, late: Member, visit: Visit) -> None:
        """What the restore takes back: one payment of an open attempt, and one whose attempt is lost too; or an approval."""
        if service == "payment":
            early.open(early.press(visit))
            early.becomes("settled")
            late.pay()
        else:
            late.be_approved()

    def not_beyond(self, service: str, head: int) -> list[str]:
        """The followers of a service that have not followed it beyond a position."""
        found = []
        for subscriber in SUBSCRIPTIONS[service]:
            rows = self.databases.rows(subscriber, CHECKPOINTS)
            if not any(row["source"] == service and row["position"] > head for row in rows):
                found.append(subscriber)
        return found

    def bring_back(self, service: str, moment: datetime, head: int, done: Restored) -> "OpenThen":
        """The runbook of docs/restoring.md, with the time of each step; the attempts that were open at the moment."""
        self.report_line(f"kill -9 of the database; {service} goes back to {moment:%H:%M:%S}")
        clock = Clock(done.steps)
        self.kill(moment, done)
        clock.step("the server is started again")
        program = self.process(service)
        stop(program)
        head_at_kill = self.databases.head(service)
        self.report_line(self.archived.restore_database(self.names[service], moment).splitlines()[-1])
        clock.step("the database is restored")
        began_at = self.admin.json("restore", "epoch", service)[service]
        open_then = self.open_attempts()
        started_at = datetime.now(UTC)
        done.lost_events = head_at_kill - began_at
        if not head <= began_at < head_at_kill:
            raise AssertionError(f"restored up to {began_at}, not between {head} and {head_at_kill}")
        program.start()
        self.cluster.running.wait_until_ready(program)
        clock.step("its log has a new epoch, and its program is ready")
        self.wait(lambda: self.without_alarm(service, done), START_SECONDS, "the alarm")
        self.report_line(done.alarms[0])
        clock.step("the followers raise the alarm")
        done.shown = self.admin.run("restore", "reconcile", exit_codes=(0, 1, 3))
        self.wait(self.reconcile, RECONCILED_SECONDS, "reconciled")
        clock.step("reconciled")
        self.wait(self.not_ready, RECONCILED_SECONDS, "everybody is ready")
        clock.step("everybody is ready")
        return OpenThen(started_at, open_then)

    def kill(self, moment: datetime, done: Restored) -> None:
        """Kill the server as its machine's power cut does, and start it again."""
        killed_at = datetime.now(UTC)
        self.server.power.kill()
        done.rpo, done.back = killed_at - self.archived.archived_at(), killed_at - moment
        self.server.power.start()
        wait_until_up("PostgreSQL", self.server.answers, START_SECONDS, ended=lambda: False)

    def process(self, program: str) -> Process:
        return next(one for one in self.cluster.running.processes if one.name == program)

    def open_attempts(self) -> list[str]:
        """The sessions of attempts that are open with us."""
        with self.databases.engines["payment"].connect() as connection:
            return list(
                connection.execute(select(ATTEMPTS.c.authority).where(ATTEMPTS.c.status == "started")).scalars()
            )

    def without_alarm(self, service: str, done: Restored) -> list[str]:
        """The followers of a service that have not stopped with the alarm yet; the alarms are noted."""
        alarms = {
            subscriber: state.alarm
            for subscriber in SUBSCRIPTIONS[service]
            for state in self.subscriptions(subscriber)
            if state.source == service and ALARM.format(service=service) in state.alarm and state.is_stopped
        }
        done.alarms = [f"{subscriber}: {alarm}" for subscriber, alarm in alarms.items()]
        return [one for one in SUBSCRIPTIONS[service] if one not in alarms]

    def subscriptions(self, subscriber: str) -> Sequence[SubscriptionState]:
        try:
            return self.cluster.admin.call(operations_queries.GetSubscriptions(), service=subscriber).subscriptions
        except (Refused, httpx.HTTPError):
            return ()

    def reconcile(self) -> list[str]:
        """What is left to reconcile."""
        try:
            self.admin.run("restore", "reconcile", "--apply")
        except CommandFailed as failed:
            return [str(failed)]
        return []

    def not_ready(self) -> list[str]:
        """Programs that are not ready, and subscriptions with an alarm."""
        running = self.cluster.running
        late = [one.name for one in running.processes if not running.is_ready(one)]
        for subscriber in ("renewal", "payment", "capacity"):
            late += [
                f"{subscriber}: {one.alarm}" for one in self.subscriptions(subscriber) if one.is_stopped or one.alarm
            ]
        return late

    # ------------------------------------------------------------ afterwards

    def compare(
        self,
        done: Restored,
        report: Report,
        open_then: "OpenThen",
        answered: Sequence[Accepted],
        in_all: Sequence[Accepted],
    ) -> None:
        """Once nothing happens any more: logs, projections and money, and what a person is to look at."""
        self.report_line("comparing with the bank and the other logs")
        self.wait(self.lags, RECONCILED_SECONDS, "all have followed")
        self.wait(self.not_inquired_yet, START_SECONDS, "the bank was asked")
        logs = self.databases.logs()
        lost = differences.missing(logs, in_all)
        done.lost_commands = len(lost)
        done.inquired_again = self.inquired_again(open_then)
        cases = [
            UUID(one["cause"])
            for one in self.admin.json("restore", "cases", exit_codes=(0, 1))
            if one["settled_at"] is None
        ]
        done.money = differences.money(self.databases, self.statement_exceptions())
        done.cases = done.money.cases + len(cases)
        report.violations += [
            f"{one} was answered before the moment, and is lost" for one in differences.missing(logs, answered)
        ]
        report.violations += [
            f"{one} is lost, though {one.service} was not restored" for one in lost if one.service != done.service
        ]
        report.violations += [
            *self.databases.parked(),
            *invariants.check_logs(logs),
            *invariants.capacity(self.databases, logs),
            *done.money.unexplained,
            *differences.invoices_without_approval(logs, cases),
        ]
        if done.money.difference:
            report.violations.append(f"{done.money.difference} rials are in no case")
        if done.inquired_again < len(open_then.sessions):
            report.violations.append(
                f"of {len(open_then.sessions)} open attempts the bank was asked about {done.inquired_again}"
            )
        if done.service == "renewal" and not cases:
            report.violations.append("an approval was lost, and its invoice is no case")
        if done.service == "payment" and not done.money.cases:
            report.violations.append("an attempt was lost, and its money is no case")
        if done.rpo > RPO_GOAL or done.rto > RTO_GOAL:
            report.violations.append(f"{done.service}: RPO {done.rpo}, RTO {done.rto}")
        self.verify_logs(report)

    def verify_logs(self, report: Report) -> None:
        keys = str(self.cluster.running.home / "keys")
        try:
            self.admin.run("log", "verify", "--keys", keys)
        except CommandFailed as failed:
            report.violations.append(str(failed))

    def not_inquired_yet(self) -> list[str]:
        """Attempts with us that are open, though the bank has their money."""
        paid = {row["authority"] for row in self.databases.rows("bank", SESSIONS) if row["status"] in invariants.PAID}
        return [one for one in self.open_attempts() if one in paid]

    def inquired_again(self, then: "OpenThen") -> int:
        """About how many of the sessions that were open then payment has asked the bank since."""
        inquired = {row["authority"] for row in self.databases.rows("payment", EXCHANGES) if row["at"] >= then.since}
        return len(inquired.intersection(then.sessions))

    def statement_exceptions(self) -> list[StatementException]:
        """What the bank's statement of the drill's days has that we have not, as finance finds it once the statement counts."""
        found: list[StatementException] = []
        for on in sorted({self.began_on, today()}):
            query = {"on": persian.format_date(on)}
            heading, *lines = self.cluster.bank.get("/sandbox/statement.csv", params=query).text.splitlines()
            new = [line for line in lines if line.split(",")[AUTHORITY] not in self.counted]
            if new:
                file = self.home / f"statement-{time.time_ns()}.csv"
                file.write_text("\r\n".join([heading, *new, ""]))
                self.treasurer.run("statement", "import", str(file), "--apply")
                self.counted.update(line.split(",")[AUTHORITY] for line in new)
            found += self.cluster.finance.call(GetDay(on=on)).exceptions
        return found

    def goes_on(self) -> list[str]:
        """Whether a new member renews, from the request to the capacity."""
        self.report_line("a new member renews")
        with closing(Member(self.cluster, self.cluster.enrol(1)[0])) as member:
            member.be_approved()
            member.pay()
            member.confirm()
            member.capacity_becomes("active")
        return []


def stop(program: Process) -> None:
    program.signal(signal.SIGTERM)
    program.wait()


class OpenThen(NamedTuple):
    """The sessions of attempts that were open at the moment that was restored, and since when payment may ask about them."""

    since: datetime
    sessions: Sequence[str]


class Clock:
    """Notes how long each step took."""

    def __init__(self, steps: dict[str, float]) -> None:
        self.steps = steps
        self.last = time.monotonic()

    def step(self, name: str) -> None:
        now = time.monotonic()
        self.steps[name] = now - self.last
        self.last = now


def accepted_of(load: Load) -> list[Accepted]:
    return [one for renewal in list(load.renewals) for one in list(renewal.accepted)]


def today() -> date:
    return datetime.now(persian.TEHRAN).date()
