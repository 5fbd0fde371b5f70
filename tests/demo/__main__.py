"""Drive one renewal through all six steps and print it: exit code 0 only if everything was as it must be."""

import argparse
import signal
import sys
import time
from typing import NoReturn

import httpx

from clients.admin.transport.client import InternalError
from clients.admin.transport.http import HttpServer
from shared.contract.refusals import Refused
from tests.demo import checks, users
from tests.demo.bank_faults import FAULTS, TIME_SCALE
from tests.demo.browser import Unexpected
from tests.demo.environment import ENVIRONMENTS, Environment
from tests.demo.event_logs import Logs
from tests.demo.report import Report
from tests.demo.steps import Scenario, steps
from tests.support.servers.server_handles import StartFailed
from tests.support.servers.servers import ServersMissing

SESSION_COOKIE = "tamdid_session"
EVENTS_SECONDS = 30
FAILURES = (Unexpected, Refused, InternalError, httpx.HTTPError, StartFailed, ServersMissing)
SIGNALLED = 128


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.demo", description=__doc__)
    parser.add_argument("--on", choices=[*ENVIRONMENTS], default="standalone", help="where it takes place")
    parser.add_argument(
        "--fault", choices=[*FAULTS], help="what goes wrong at the bank; the payment ends on record anyhow"
    )
    options = parser.parse_args(arguments)
    report, started = Report(), time.monotonic()
    settings = {"TAMDID_BANK_TIME_SCALE": str(TIME_SCALE)} if options.fault else {}
    try:
        report.say(f"Starting Tamdid ({options.on})" + (f", with {options.fault}" if options.fault else ""))
        with ENVIRONMENTS[options.on](**settings) as environment:
            report.say(f"Ready after {time.monotonic() - started:.1f} s: {environment.portal}")
            return drive(environment, options.fault or "pay", report)
    except FAILURES as error:
        report.failed(f"{type(error).__name__}: {error}", "\n".join(getattr(error, "__notes__", ())))
        return 1


def drive(environment: Environment, bank: str, report: Report) -> int:
    """Take every step, and hold what came of it against what must come; the exit code."""
    scenario = Scenario(environment.portal, environment.applicant, users.officer("manager"), bank)
    started = time.monotonic()
    try:
        logs = Logs(environment.admin)
        report.register(logs.heads, environment.applicant)
        take_steps(scenario, logs, report)
        member = HttpServer(environment.portal, scenario.members_browser.cookie(SESSION_COOKIE), EVENTS_SECONDS)
        try:
            found = checks.outcome(member, scenario)
        finally:
            member.close()
        report.outcome(found, logs.of(environment.applicant.name))
        checks.check(scenario, logs.of(environment.applicant.name), found)
        report.done(time.monotonic() - started)
    except FAILURES as error:
        report.failed(f"{type(error).__name__}: {error}", environment.log_tail())
        return 1
    finally:
        scenario.close()
    return 0


def take_steps(scenario: Scenario, logs: Logs, report: Report) -> None:
    """One step after the other, each with the events that it must bring."""
    due: list[str] = []
    for step in steps(scenario.bank):
        report.step(step)
        step.do(scenario)
        due += step.brings
        report.events(logs.wait_for(due, scenario.applicant.name, EVENTS_SECONDS))


def leave(number: int, _frame: object) -> NoReturn:
    """Leave in order, so that nothing that was started stays."""
    sys.exit(SIGNALLED + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    sys.exit(main())
