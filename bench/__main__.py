"""Measure, and write `bench/RESULTS.md` and `bench/results.json`: `python -m bench [--only append,relay] [--quick | --long]`."""

import argparse
import sys
import traceback

from bench import machine, report
from bench.environment import Environment, opened
from bench.goals import MEASURES
from tests.support.servers.servers import ServersMissing


def names(text: str) -> list[str]:
    """Measures by their names, with commas between."""
    chosen = text.split(",")
    if unknown := set(chosen) - set(MEASURES):
        raise argparse.ArgumentTypeError(f"no measure is called {', '.join(sorted(unknown))}")
    return chosen


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", type=names, default=list(MEASURES), help=", ".join(MEASURES))
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="short rounds, and fewer events: to see that it runs")
    length.add_argument("--long", action="store_true", help="also follow with a million events, and renew for an hour")
    options = parser.parse_args()
    try:
        with opened(quick=options.quick, long=options.long) as environment:
            failed = [name for name in options.only if not has_measured(name, environment)]
    except ServersMissing as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"Broken off; what was measured before is in {report.RESULTS}", file=sys.stderr)
        return 130
    if failed:
        print(f"Not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def has_measured(name: str, environment: Environment) -> bool:
    """Take one measure; where it fails, say why and let the others go on."""
    try:
        measure(name, environment)
    except ServersMissing:
        raise
    except Exception:  # noqa: BLE001 - a program that is measured may fail in any way
        environment.progress.say(traceback.format_exc())
        return False
    return True


def measure(name: str, environment: Environment) -> None:
    """Take one measure, and put it on record: breaking off loses only the one in hand."""
    environment.progress.words = name
    before = machine.described(environment)
    findings = []
    for finding in MEASURES[name](environment):
        findings.append(finding)
        environment.progress.say(f"{finding.goal:>2}  {finding.what}: {finding.text}"
                           f" (goal {finding.bound}, {finding.verdict.replace('**', '')})")  # fmt: skip
    report.save_findings(
        name, findings, before, {"rounds": environment.rounds, "round_seconds": environment.round_seconds}
    )


if __name__ == "__main__":
    sys.exit(main())
