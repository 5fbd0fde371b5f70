"""The exit codes of `tamdid`, which scripts may rely on."""

DONE = 0
REFUSED = 1
WRONG_USAGE = 2
NO_ANSWER = 3
FAILED = 4
INTERRUPTED = 130

HELP = (
    "Exit codes: 0 done · 1 refused, or some rows were wrong or refused · 2 wrong usage · 3 no answer · "
    "4 the server failed · 130 interrupted."
)
