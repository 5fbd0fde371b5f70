"""RPC methods and jobs about the personal data that a service declares: the daily retention, and the reports of it and of erasures."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime

from nameko.timer import timer
from sqlalchemy import Connection, select

from shared import personal_data
from shared.contract.operations import answers, queries
from shared.contract.values import Role
from shared.nameko_extensions.admin_rpc import ServiceRpc
from shared.nameko_extensions.rpc_server import rpc
from shared.personal_data import Declaration, count

EXPORTED_MAX = 1000
"""Rows of a kind in one export."""
OVERWRITE_SECONDS = 10
CHECK_SECONDS = 3600
"""How often a program looks whether the daily run is due."""


class PersonalDataRpc(ServiceRpc):
    """A service with rows about members."""

    personal_data: personal_data.Declaration

    @timer(interval=CHECK_SECONDS, eager=True)
    def delete_what_is_old(self) -> None:
        """The retention, once a day."""
        at = datetime.now(UTC)
        with self.records.read() as connection:
            is_due = personal_data.is_retention_due(connection, at)
        if is_due:
            personal_data.apply_retention(self.records, self.personal_data, at)

    @timer(interval=OVERWRITE_SECONDS)
    def overwrite_what_was_erased(self) -> None:
        """Soon after an erasure."""
        personal_data.overwrite(self.records)

    @rpc
    def get_retention(self, query: queries.GetRetention) -> answers.Retention:  # noqa: ARG002 - the query has no fields
        self.caller.must_have(Role.ADMIN)
        with self.records.read() as connection:
            return answers.Retention(kinds=personal_data.retention_runs(connection, self.personal_data))

    @rpc
    def get_erasure_report(self, query: queries.GetErasureReport) -> answers.ErasureReport:
        self.caller.must_have(Role.ADMIN)
        with self.records.read() as connection:
            return personal_data.erasure_report(connection, self.personal_data, query.member)

    @rpc
    def get_personal_data(self, query: queries.GetPersonalData) -> answers.PersonalData:
        self.caller.must_be_member(query.member)
        self.caller.must_be_confirmed(datetime.now(UTC), is_required=False)
        with self.records.read() as connection:
            self.must_be_proved(connection)
            return export(connection, self.personal_data, query.member)

    def must_be_proved(self, connection: Connection) -> None:
        """Where credentials are, whoever has only the first one exports nothing."""


def export(connection: Connection, declared: Declaration, member: str) -> answers.PersonalData:
    """All that a service holds of a member, without secrets; JSON texts as what they hold."""
    found = []
    for kind in declared.kinds:
        if kind.of_member is not None and (total := count(connection, kind, member)):
            columns = [column for column in kind.table.columns if column.name not in kind.hidden]
            key = kind.table.primary_key.columns
            page = select(*columns).where(kind.of_member(member)).order_by(*key).limit(EXPORTED_MAX)
            rows = [{name: plain(value) for name, value in row.items()} for row in connection.execute(page).mappings()]
            found.append(answers.PersonalRows(kind=kind.name, rows=tuple(rows), total=total))
    return answers.PersonalData(kinds=tuple(found))


def plain(value: object) -> object:
    """A column's value as JSON has it."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        with suppress(json.JSONDecodeError):
            return json.loads(value)
    if value is None or isinstance(value, str | int):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
