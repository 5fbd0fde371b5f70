"""promtool over the alert rules, their cases and Prometheus' configuration: part of `make check`. Where it is not installed only CI fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support import system_packages

ROOT = Path(__file__).parents[3]
RULES = ROOT / "deploy" / "observability" / "alerts.yaml"
CASES = Path(__file__).with_name("alerts_test.yaml")
CHECKS = (
    ("check", "rules", "--lint=all", "--lint-fatal", RULES),
    ("check", "config", RULES.with_name("prometheus.yml")),
    ("test", "rules", CASES),
)


def main() -> int:
    if shutil.which("promtool") is None and system_packages.main(["alerts"]) != 0:
        return 1 if os.environ.get("CI") == "true" else 0
    return max(subprocess.run(["promtool", *check], check=False).returncode for check in CHECKS)


if __name__ == "__main__":
    sys.exit(main())
