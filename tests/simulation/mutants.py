"""The safeguards, each turned off in turn: a simulation that does not notice proves nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert

from services.capacity.policies import registry
from services.payment import process, tables
from services.payment.attempts import verification
from services.payment.banks.port import Bank, NotPaid, SessionStatus, Unknown, Verdict
from tests.simulation import mutants_of_logs, mutants_of_projections, mutants_of_restores, mutants_of_subscriptions
from tests.simulation.mutant import Mutants

MONEY, CAPACITY = Mutants(), Mutants()


@MONEY.without("a bank reference may count twice", hint=31)
def reference_counts_twice(patch: pytest.MonkeyPatch) -> None:
    def reserve_reference(connection: Connection, bank: str, reference: str, attempt: Any) -> None:
        key = (tables.REFERENCES.c.bank == bank, tables.REFERENCES.c.reference == reference)
        connection.execute(delete(tables.REFERENCES).where(*key))
        connection.execute(insert(tables.REFERENCES).values(bank=bank, reference=reference, attempt=attempt))

    patch.setattr(process, "reserve_reference", reserve_reference)


@MONEY.without("a bank that does not answer has said no", hint=8)
def silence_is_no(patch: pytest.MonkeyPatch) -> None:
    verify_and_record, inquire = verification.Verification.verify_and_record, verification.Verification.inquire

    class Sure:
        """A bank whose silence is an answer."""

        def __init__(self, bank: Bank) -> None:
            self.bank = bank

        def __getattr__(self, name: str) -> Any:
            return getattr(self.bank, name)

        def verify(self, authority: str, amount_rials: int) -> Verdict:
            verdict = self.bank.verify(authority, amount_rials)
            return NotPaid("silent") if isinstance(verdict, Unknown) else verdict

        def inquire(self, authority: str) -> SessionStatus:
            status = self.bank.inquire(authority)
            return SessionStatus.FAILED if status is SessionStatus.UNKNOWN else status

    def with_sure_bank(method: Callable[..., Any]) -> Callable[..., Any]:
        def sure(one: verification.Verification, *arguments: Any) -> Any:
            return method(verification.Verification(one.records, Sure(one.bank)), *arguments)

        return sure

    patch.setattr(verification.Verification, "verify_and_record", with_sure_bank(verify_and_record))
    patch.setattr(verification.Verification, "inquire", with_sure_bank(inquire))


@CAPACITY.without("nothing is derived by a policy that comes late", hint=5)
def late_policy_derives_nothing(patch: pytest.MonkeyPatch) -> None:
    record = registry.record

    def record_only(connection: Connection, *arguments: Any) -> list[int]:
        record(connection, *arguments)
        return []

    patch.setattr(registry, "record", record_only)


MUTANTS = [
    *mutants_of_subscriptions.MUTANTS,
    *mutants_of_logs.MUTANTS,
    *MONEY,
    *CAPACITY,
    *mutants_of_restores.MUTANTS,
    *mutants_of_projections.MUTANTS,
]
