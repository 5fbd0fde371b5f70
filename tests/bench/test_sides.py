"""What the sides of comparisons load: memory that one measures is to be its own."""

import subprocess
import sys

CODE = """
import sys, bench.implementations.rebuilds
print(*sorted(name for name in sys.modules if name.split(".")[0] == "clients" or name.startswith("tests.demo")))
"""


def test_a_rebuild_whose_memory_is_measured_loads_no_client() -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
