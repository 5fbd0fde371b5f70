"""RPC methods and jobs about the personal data that a service declares: the daily retention, and the reports of it and of erasures."""

from datetime import UTC, datetime

from nameko.timer import timer

from shared import personal_data
from shared.contract.operations import answers, queries
from shared.contract.values import Role
from shared.nameko_extensions.admin_rpc import ServiceRpc
from shared.nameko_extensions.rpc_server import rpc

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
