"""Every event, command, query and answer of the contract by its name."""

from collections.abc import Mapping
from typing import Any

from shared.contract import overview_answers
from shared.contract.auth import answers as auth_answers
from shared.contract.auth import commands as auth_commands
from shared.contract.auth import (
    erasure_answers,
    passkey_commands,
    program_answers,
    program_commands,
    search_answers,
    security_answers,
)
from shared.contract.auth import queries as auth_queries
from shared.contract.base import Answer, Command, Done, Message, Query
from shared.contract.capacity import answers as capacity_answers
from shared.contract.capacity import queries as capacity_queries
from shared.contract.notification import answers as notification_answers
from shared.contract.notification import commands as notification_commands
from shared.contract.notification import queries as notification_queries
from shared.contract.notification import webhook_answers
from shared.contract.operations import answers as operations_answers
from shared.contract.operations import commands as operations_commands
from shared.contract.operations import metric_answers, rebuild_answers
from shared.contract.operations import queries as operations_queries
from shared.contract.payment import answers as payment_answers
from shared.contract.payment import commands as payment_commands
from shared.contract.payment import finance_answers
from shared.contract.payment import queries as payment_queries
from shared.contract.renewal import answers as renewal_answers
from shared.contract.renewal import calendar_answers, casework_answers, mine_answers, rule_answers
from shared.contract.renewal import commands as renewal_commands
from shared.contract.renewal import queries as renewal_queries
from shared.contract.upcasting import EVENTS, by_name

__all__ = ["ANSWERS", "COMMANDS", "EVENTS", "MESSAGES", "QUERIES"]

COMMANDS: Mapping[str, type[Command[Any]]] = dict(
    by_name(
        Command,
        auth_commands,
        passkey_commands,
        program_commands,
        renewal_commands,
        payment_commands,
        notification_commands,
        operations_commands,
    )
)
QUERIES: Mapping[str, type[Query[Any]]] = dict(
    by_name(
        Query,
        auth_queries,
        program_commands,
        renewal_queries,
        payment_queries,
        capacity_queries,
        notification_queries,
        operations_queries,
    )
)
MESSAGES: Mapping[str, type[Message[Any]]] = {**COMMANDS, **QUERIES}
ANSWERS: Mapping[str, type[Answer]] = {
    Done.__name__: Done,
    **dict(
        by_name(
            Answer,
            auth_answers,
            security_answers,
            erasure_answers,
            search_answers,
            program_answers,
            renewal_answers,
            mine_answers,
            rule_answers,
            calendar_answers,
            casework_answers,
            payment_answers,
            finance_answers,
            capacity_answers,
            notification_answers,
            webhook_answers,
            operations_answers,
            metric_answers,
            rebuild_answers,
            overview_answers,
        )
    ),
}
