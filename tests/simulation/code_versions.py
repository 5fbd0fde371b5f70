"""Two versions of the code in one run: old copies of a program, which do not know one of the event types, beside new ones."""

from collections.abc import Mapping, Sequence

from shared.contract import upcasting
from shared.contract.auth import commands as auth_commands
from shared.contract.payment import commands as payment_commands
from shared.contract.renewal import commands as renewal_commands
from tests.simulation.environment import Environment, InvariantViolated
from tests.simulation.fixtures import BankNotice
from tests.simulation.process import Process
from tests.simulation.seeded_random import SeededRandom

BROUGHT_BY: Mapping[str, type] = {
    "RenewalReturned": renewal_commands.ReturnRenewal,
    "RenewalApproved": renewal_commands.ApproveRenewal,
    "RenewalWithdrawn": renewal_commands.WithdrawRenewal,
    "DeclarationSubmitted": renewal_commands.SubmitDeclaration,
    "PaymentConfirmed": payment_commands.ConfirmPayment,
    "PasswordChanged": auth_commands.SetPassword,
    "BankNoticeReceived": BankNotice,
}
"""Event types, any of which may be the new one of a run, each with the only command that brings it."""
SEEDS_WITH_TWO = (3, 4)
"""Of five: in all other runs every copy is new."""
OLD_SHARE = 0.5
ROLLED = 0.03
"""So often, in a step, one copy is replaced by one of the other version."""

real_is_known = upcasting.is_known


class CodeVersions:
    """Which copies are old, and what they do not know."""

    def __init__(self, environment: Environment, seed: int) -> None:
        self.environment = environment
        self.random = SeededRandom(f"versions of {seed}")
        self.new_type = self.random.choice(sorted(BROUGHT_BY)) if seed % 5 in SEEDS_WITH_TWO else ""
        self.old: set[Process] = set()

    def deploy(self, processes: Sequence[Process]) -> None:
        """Begin with some copies of each version."""
        if self.new_type:
            self.old = {process for process in processes if self.random.occurs(OLD_SHARE)}
            names = ", ".join(sorted(process.name for process in self.old))
            self.environment.log_step(f"{self.new_type} is new, and not known to {names or 'nobody'}")

    def maybe_replace(self, processes: Sequence[Process]) -> None:
        """Perhaps replace a copy by one of the other version, which is how an upgrade goes, and its way back."""
        if self.new_type and self.random.occurs(ROLLED):
            self.replace(self.random.choice(processes))

    def replace(self, process: Process) -> None:
        self.old ^= {process}
        self.environment.log_step(f"{process.name} is replaced by {'an old' if process in self.old else 'a new'} copy")
        self.environment.tally["copies replaced"] += 1
        process.restart()

    def end_upgrade(self) -> None:
        """From now on all copies are new."""
        for process in sorted(self.old, key=lambda one: one.name):
            self.replace(process)

    def is_known(self, name: str, version: int) -> bool:
        """As `upcasting.is_known` of the copy that is at work."""
        frames = self.environment.frames
        is_old = bool(frames) and frames[-1].process in self.old
        return real_is_known(name, version) and not (is_old and name == self.new_type)

    def is_missing(self, process: Process, command: object) -> bool:
        """Whether a copy has no method for a command."""
        return process in self.old and isinstance(command, BROUGHT_BY[self.new_type])

    def require_decidable(self, process: Process, stream: str, before: int) -> None:
        """An old copy has decided nothing in a stream that holds what it does not know."""
        query = "SELECT count(*) FROM events WHERE stream = ? AND type = ? AND version < ?"
        if process in self.old and process.slot.value(query, stream, self.new_type, before):
            raise InvariantViolated(f"{process.name} has decided {stream}, which holds {self.new_type}")
