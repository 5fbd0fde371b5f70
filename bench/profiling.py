"""`make profile`: a flame graph of whole renewals in the standalone instance, by py-spy, into `var/profile.svg`."""

import subprocess
import sys
from pathlib import Path

from bench.environment import ROOT, opened
from bench.measures.renewals import AT_ONCE, SIDE, WARM_UP, own_settings
from bench.runner import Side, worker

GRAPH = ROOT / "var" / "profile.svg"
SAMPLES_A_SECOND = 500
RENEWALS = 300
END_SECONDS = 60
PY_SPY = Path(sys.executable).with_name("py-spy")


def profile() -> None:
    """Record from after the warm-up until the last renewal is done; py-spy writes when the process ends."""
    with opened(quick=True, long=False) as environment:
        side = Side("renewals", SIDE, {"environment": own_settings(environment), "at_once": AT_ONCE}, green=True)
        with worker(side, environment) as renewing:
            renewing.run(WARM_UP)
            command: list[str | Path] = [PY_SPY, "record", "--rate", str(SAMPLES_A_SECOND), "--output", GRAPH]
            recording = subprocess.Popen([*command, "--pid", str(renewing.process.pid)])
            done = renewing.run(RENEWALS)
        recording.wait(END_SECONDS)
    print(f"{1000 * done.cpu_seconds / done.count:.1f} ms of CPU a renewal; where they went: {GRAPH}")


if __name__ == "__main__":
    profile()
