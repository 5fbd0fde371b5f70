"""`tamdid retention`: how many days each service stores rows about members, and what was deleted after them."""

from clients.admin.context import RunContext
from shared.contract.operations import queries
from shared.services import WITH_MEMBERS


def retention(run: RunContext) -> None:
    """Show what the daily retention deletes, after how many days, and what it has deleted."""
    printer = run.printer
    kinds = {service: run.call(queries.GetRetention(), service).kinds for service in WITH_MEMBERS}
    printer.document(kinds)
    printer.table(
        [(service, kind) for service, found in kinds.items() for kind in found],
        ("service", lambda row: row[0]),
        ("personal_kind", lambda row: printer.label(row[1].kind)),
        ("days", lambda row: row[1].days),
        ("last_run", lambda row: row[1].last_at),
        ("deleted", lambda row: row[1].deleted),
        ("deleted_ever", lambda row: row[1].deleted_ever),
    )
