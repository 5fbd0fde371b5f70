"""The start of `tamdid`: no command loads what another one needs."""

import subprocess
import sys

OF_OTHERS = {"eventlet", "nameko", "flask", "openpyxl", "services"}
STARTED = f"import sys, deploy.tamdid; print(*sorted({OF_OTHERS} & set(sys.modules)))"


def test_the_command_line_loads_no_server_and_warns_of_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", STARTED], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("", "")
