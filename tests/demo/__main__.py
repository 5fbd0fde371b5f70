"""Drive one renewal through all six steps and print it: exit code 0 only if everything was as it must be."""

import argparse
import signal
import sys
import time
from contextlib import closing
from typing import NoReturn

import httpx

from clients.admin.transport.client import InternalError
from clients.admin.transport.http import HttpServer
from shared.contract.refusals import Refused
from tests.demo import bank_faults, checks, message_faults, trace_tree, users
from tests.demo.browser import Unexpected
from tests.demo.environment import ENVIRONMENTS, Environment
from tests.demo.event_logs import Logs
from tests.demo.notices import KINDS, Notices, addresses
from tests.demo.phone import Phone
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
        "--fault",
        choices=[*bank_faults.FAULTS, *message_faults.FAULTS],
        help="what goes wrong at the bank, or with an SMS; the payment ends on record and the member is told anyhow",
    )
    parser.add_argument(
        "--trace", action="store_true", help="print the trace from the last click to the line in the capacity ledger"
    )
    options = parser.parse_args(arguments)
    if options.trace and (options.on == "compose" or options.fault):
        parser.error("--trace goes with a private instance, on which nothing fails")
    report, started = Report(), time.monotonic()
    try:
        report.say(f"Starting Tamdid ({options.on})" + (f", with {options.fault}" if options.fault else ""))
        settings = settings_of(options.fault) | ({"TAMDID_TRACE": "true"} if options.trace else {})
        with ENVIRONMENTS[options.on](**settings) as environment:
            report.say(f"Ready after {time.monotonic() - started:.1f} s: {environment.portal}")
            code = drive(environment, options.fault or "pay", report)
            if options.trace and code == 0 and environment.traces:
                report.out.print(trace_tree.shown(trace_tree.to_ledger(environment.traces)))
            return code
    except FAILURES as error:
        report.failed(f"{type(error).__name__}: {error}", "\n".join(getattr(error, "__notes__", ())))
        return 1


def settings_of(fault: str | None) -> dict[str, str]:
    """What shortens the waiting, and gives the provider that fails another one beside it."""
    if fault in message_faults.FAULTS:
        return message_faults.SETTINGS
    return {"TAMDID_BANK_TIME_SCALE": str(bank_faults.TIME_SCALE)} if fault else {}


def drive(environment: Environment, fault: str, report: Report) -> int:
    """Take every step, and hold what came of it against what must come; the exit code."""
    bank = fault if fault in bank_faults.BANKS else "pay"
    scenario = Scenario(environment.portal, environment.applicant, users.officer("manager"), bank)
    started = time.monotonic()
    try:
        logs = Logs(environment.admin)
        report.register(logs.heads, environment.applicant)
        if fault in bank_faults.FAULTS:  # which is about the payment alone
            take_steps(scenario, logs, report)
            check(scenario, logs, report)
        else:
            with closing(Phone(environment.phone, addresses(scenario.year))) as phone:
                notices = Notices(scenario, logs, phone, message_faults.FAULTS.get(fault))
                take_steps(scenario, logs, report, notices)
                check(scenario, logs, report, notices)
        report.done(time.monotonic() - started)
    except FAILURES as error:
        report.failed(f"{type(error).__name__}: {error}", environment.log_tail())
        return 1
    finally:
        scenario.close()
    return 0


def take_steps(scenario: Scenario, logs: Logs, report: Report, notices: Notices | None = None) -> None:
    """One step after the other, each with the events and the notice that it must bring."""
    due: list[str] = []
    for step in notices.steps(scenario.bank) if notices else steps(scenario.bank):
        report.step(step)
        step.do(scenario)
        due += step.brings
        report.events(logs.wait_for(due, scenario.applicant.name, EVENTS_SECONDS))
        if notices and step.do in KINDS:
            news, notice = notices.wait_for(KINDS[step.do])
            report.events(news)
            report.notice(notice)


def check(scenario: Scenario, logs: Logs, report: Report, notices: Notices | None = None) -> None:
    """Hold everything against what must have come of it, as the member may read it and as the logs have it."""
    member = HttpServer(scenario.portal, scenario.members_browser.cookie(SESSION_COOKIE), EVENTS_SECONDS)
    with closing(member):
        found = checks.outcome(member, scenario)
        report.outcome(found, logs.of(scenario.applicant.name))
        checks.check(scenario, logs.of(scenario.applicant.name), found)
        if notices is not None:
            notices.check(member)
            report.notices(notices)


def leave(number: int, _frame: object) -> NoReturn:
    """Leave in order, so that nothing that was started stays."""
    sys.exit(SIGNALLED + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    sys.exit(main())
