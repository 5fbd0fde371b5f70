"""Requests for a second admin, about officers and program accounts: listed, granted, declined, and who may grant one just sent."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from clients.admin import full_names
from clients.admin.arguments import SHORT
from clients.admin.context import RunContext
from shared.contract import base
from shared.contract.auth.answers import OfficerRequest
from shared.contract.auth.program_answers import ProgramRequest

Waiting = OfficerRequest | ProgramRequest


def show_waiting(run: RunContext, waiting: Sequence[Waiting], *own_columns: Any) -> None:
    """List requests: the columns of their kind between those that all have."""
    printer = run.printer
    name_of = full_names.of_actors(run, (one.requested_by for one in waiting))
    printer.document(waiting)
    printer.table(
        waiting,
        ("officer_request", lambda one: str(one.request)[:SHORT]),
        *own_columns,
        ("requested_by", lambda one: name_of(one.requested_by)),
        ("granters", lambda one: ", ".join(one.granters)),
        ("hindrance", lambda one: printer.refusal(one.hindrance)),
    )


def report(run: RunContext, done: base.Done, sent: UUID, waiting: Sequence[Waiting], commands: str) -> None:
    """Say by whom, and by which command, a request that was sent can be granted."""
    granters = ", ".join(name for one in waiting if one.request == sent for name in one.granters)
    request = str(sent)[:SHORT]
    sentence = "second_admin_grants" if granters else "nobody_grants"
    run.printer.done(done, sentence, request=request, granters=granters, command=f"tamdid {commands} grant {request}")


def decide(run: RunContext, kind: type[base.Command[base.Done]], found: Waiting, effect: str) -> None:
    """Grant or decline a request, and say what holds then."""
    name = found.officer if isinstance(found, OfficerRequest) else found.program
    about = {"officer" if isinstance(found, OfficerRequest) else "program": name}
    done = run.call(base.parse(kind, {**run.stamp(), **about, "request": found.request}))
    run.printer.done(done, effect, **about, name=name)
