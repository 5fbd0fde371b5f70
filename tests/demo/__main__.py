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
from tests.demo.environment import PLACES, Place
from tests.demo.event_logs import Logs
from tests.demo.report import Report
from tests.demo.steps import Scene, steps
from tests.support.servers.server_handles import StartFailed
from tests.support.servers.servers import ServersMissing

SESSION_COOKIE = "tamdid_session"
EVENTS_SECONDS = 30
FAILURES = (Unexpected, Refused, InternalError, httpx.HTTPError, StartFailed, ServersMissing)
SIGNALLED = 128


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.demo", description=__doc__)
    parser.add_argument("--on", choices=[*PLACES], default="standalone", help="where it takes place")
    parser.add_argument(
        "--fault", choices=[*FAULTS], help="what goes wrong at the bank; the payment ends on record anyhow"
    )
    options = parser.parse_args(arguments)
    report, started = Report(), time.monotonic()
    settings = {"TAMDID_BANK_TIME_SCALE": str(TIME_SCALE)} if options.fault else {}
    try:
        report.say(f"Starting Tamdid ({options.on})" + (f", with {options.fault}" if options.fault else ""))
        with PLACES[options.on](**settings) as place:
            report.say(f"Ready after {time.monotonic() - started:.1f} s: {place.portal}")
            return drive(place, options.fault or "pay", report)
    except FAILURES as error:
        report.failed(f"{type(error).__name__}: {error}", "\n".join(getattr(error, "__notes__", ())))
        return 1


def drive(place: Place, bank: str, report: Report) -> int:
    """Take every step, and hold what came of it against what must come; the exit code."""
    scene = Scene(place.portal, place.applicant, users.officer("manager"), bank)
    started = time.monotonic()
    try:
        logs = Logs(place.admin)
        report.register(logs.heads, place.applicant)
        take_steps(scene, logs, report)
        member = HttpServer(place.portal, scene.members_browser.cookie(SESSION_COOKIE), EVENTS_SECONDS)
        try:
            found = checks.outcome(member, scene)
        finally:
            member.close()
        report.outcome(found, logs.of(place.applicant.name))
        checks.check(scene, logs.of(place.applicant.name), found)
        report.done(time.monotonic() - started)
    except FAILURES as error:
        report.failed(f"{type(error).__name__}: {error}", place.log_tail())
        return 1
    finally:
        scene.close()
    return 0


def take_steps(scene: Scene, logs: Logs, report: Report) -> None:
    """One step after the other, each with the events that it must bring."""
    due: list[str] = []
    for step in steps(scene.bank):
        report.step(step)
        step.do(scene)
        due += step.brings
        report.events(logs.wait_for(due, scene.applicant.name, EVENTS_SECONDS))


def leave(number: int, _frame: object) -> NoReturn:
    """Leave in order, so that nothing that was started stays."""
    sys.exit(SIGNALLED + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    sys.exit(main())
