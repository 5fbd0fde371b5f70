"""`tamdid desk colleagues|deputy|remove-deputy`: the managers of a province, and who stands in for whom."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

import typer
from pydantic import BaseModel

from clients.admin import full_names
from clients.admin.arguments import Province, jalali_day
from clients.admin.context import RunContext
from shared.contract import base
from shared.contract.passport import PrincipalKind
from shared.contract.renewal import casework_answers, commands, queries

Of = Annotated[
    str, typer.Option("--of", metavar="OFFICER", help="Whose deputy it is; yourself by default, anybody for admins.")
]


class Colleague(BaseModel, frozen=True):
    """A manager, with the deputy of today or later."""

    officer: str
    name: str
    deputy: str = ""
    from_on: date | None = None
    to_on: date | None = None


def colleagues(run: RunContext, province: Province = None) -> None:
    """List the managers to whom a request can be handed over, with their deputies."""
    found: list[Colleague] = []
    for key in run.provinces(province):
        answer = run.call(queries.ListColleagues(province=key))
        names = full_names.of_actors(run, (f"{PrincipalKind.OFFICER}:{one}" for one in answer.officers))
        deputies = {one.officer: one for one in answer.deputies}
        found += [colleague(one, names, deputies.get(one)) for one in answer.officers]
    rows = list(dict.fromkeys(found))
    run.printer.document({"colleagues": rows})
    run.printer.table(rows, "officer", "name", "deputy", ("starts", "from_on"), ("ends", "to_on"))


def colleague(officer: str, name_of: Callable[[str], str], deputy: casework_answers.Deputy | None) -> Colleague:
    name = name_of(f"{PrincipalKind.OFFICER}:{officer}")
    absence = deputy.model_dump(include={"deputy", "from_on", "to_on"}) if deputy else {}
    return Colleague(officer=officer, name=name, **absence)


def deputy(
    run: RunContext,
    officer: Annotated[str, typer.Argument(metavar="DEPUTY", help="Who stands in, by officer name.")],
    from_on: Annotated[date, typer.Option("--from", metavar="YYYY/MM/DD", help="The first day.", parser=jalali_day)],
    to_on: Annotated[date, typer.Option("--to", metavar="YYYY/MM/DD", help="The last day.", parser=jalali_day)],
    of: Of = "",
) -> None:
    """Name the deputy of your days of absence, in place of an earlier one."""
    absent = of or run.session().actor.partition(":")[2]
    content = {**run.stamp(), "officer": absent, "deputy": officer, "from_on": from_on, "to_on": to_on}
    run.printer.done(run.call(base.parse(commands.SetDeputy, content)), "deputy_set", deputy=officer, officer=absent)


def remove_deputy(run: RunContext, of: Of = "") -> None:
    """Let nobody stand in for you any more."""
    absent = of or run.session().actor.partition(":")[2]
    command = base.parse(commands.RemoveDeputy, {**run.stamp(), "officer": absent})
    run.printer.done(run.call(command), "deputy_removed", officer=absent)
