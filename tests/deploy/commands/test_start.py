"""The starts of `tamdid` and of the programs: none loads what it may never need."""

import subprocess
import sys

OF_OTHERS = {"eventlet", "nameko", "flask", "openpyxl", "services"}
LATE = {"fpdf", "holidays", "openpyxl", "rich"}
"""Of all programs: some 0.4 s and 30 MB."""
COMMAND_LINE = "import deploy.tamdid"
PROGRAMS = "import deploy.run, deploy.programs; list(deploy.programs.PROGRAMS.values())"


def loaded(code: str, among: set[str]) -> tuple[str, str]:
    """Which of some modules a process has after some code, and what it says on standard error."""
    code = f"{code}; import sys; print(*sorted({among} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip(), done.stderr


def test_the_command_line_loads_no_server_and_warns_of_nothing() -> None:
    assert loaded(COMMAND_LINE, OF_OTHERS) == ("", "")


def test_programs_load_what_few_people_ask_for_with_the_first_who_does() -> None:
    assert loaded(PROGRAMS, LATE) == ("", "")
