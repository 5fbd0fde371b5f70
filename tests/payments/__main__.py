"""Play the failure cases of docs/payments.md in a cluster of their own: exit code 0 only if each ends as it must."""

import argparse
import signal
import sys
import time
from contextlib import ExitStack
from typing import NoReturn

from tests.payments.report import Report
from tests.payments.run import run
from tests.support import system
from tests.support.servers import servers

SIGNALLED = 128


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.payments", description=__doc__)
    parser.add_argument(
        "--on", choices=["standalone", "distributed"], default="standalone", help="where they take place"
    )
    options = parser.parse_args(arguments)
    report, began = Report(), time.monotonic()
    report.say(f"Starting Tamdid ({options.on}) with its sandbox bank, and a member for each case")
    with ExitStack() as stack:
        if options.on == "standalone":
            here = stack.enter_context(system.standalone())
        else:
            rabbitmq, postgres = stack.enter_context(servers.rabbitmq()), stack.enter_context(servers.postgres())
            here = stack.enter_context(system.distributed(rabbitmq, postgres))
        results = run(here, report.ended)
    report.table(results)
    report.troubles(results)
    failed = sum(bool(one.trouble) for one in results.values())
    report.say(f"{len(results) - failed} of {len(results)} ended as they must, in {time.monotonic() - began:.0f} s.")
    return 1 if failed else 0


def leave(number: int, _frame: object) -> NoReturn:
    """Leave in order, so that nothing that was started stays."""
    sys.exit(SIGNALLED + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    sys.exit(main())
