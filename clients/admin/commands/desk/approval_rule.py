"""`tamdid desk rule`: whether unchanged and clean requests of a province are approved by rule, and switching it."""

from typing import Annotated

import typer

from clients.admin import full_names
from clients.admin.arguments import Province
from clients.admin.context import RunContext
from shared.contract.renewal import commands, queries

On = Annotated[
    bool | None, typer.Option("--on/--off", help="Switch it; without either it is only shown.", show_default=False)
]


def rule(run: RunContext, province: Province = None, switch: On = None) -> None:
    """Show or switch the rule that approves unchanged and clean requests in office hours, but for a tenth left for people."""
    if switch is None:
        rules = [run.call(queries.GetApprovalRule(province=served)) for served in run.provinces(province)]
        name_of = full_names.of_actors(run, [one.by for one in rules])
        run.printer.document(rules)
        run.printer.table(
            rules,
            "province",
            ("is_on", lambda one: run.printer.pick("بله", "yes") if one.is_on else run.printer.pick("نه", "no")),
            ("by", lambda one: name_of(one.by)),
            ("switched_at", "at"),
            ("approved_by_rule", "approved"),
            ("salt", lambda one: str(one.salt or "")),
        )
        return
    where = run.one_province(province)
    switched = run.call(commands.SwitchApprovalRule(**run.stamp(), province=where, is_on=switch))
    run.printer.done(switched, "rule_on" if switched.is_on else "rule_off", province=where)
