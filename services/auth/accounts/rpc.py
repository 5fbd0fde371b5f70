"""RPC methods about the security events of one's own account."""

from datetime import UTC, datetime

from services.auth.accounts import security_events
from shared.contract import base
from shared.contract.auth import commands, queries, security_answers
from shared.contract.passport import Passport, PrincipalKind
from shared.event_store.command_handler import Records
from shared.nameko_extensions import rpc


class SecurityEventsRpc:
    """What members and officers are shown of their own accounts; a part of the auth service."""

    caller: Passport
    records: Records

    @rpc
    def list_security_events(self, query: queries.ListSecurityEvents) -> security_answers.SecurityEvents:  # noqa: ARG002 - the caller's own
        self.caller.must_be(PrincipalKind.MEMBER, PrincipalKind.OFFICER)
        with self.records.read() as connection:
            return security_events.list_all(connection, self.caller.actor, datetime.now(UTC))

    @rpc
    def acknowledge_security_events(self, command: commands.AcknowledgeSecurityEvents) -> base.Done:
        self.caller.must_be(PrincipalKind.MEMBER, PrincipalKind.OFFICER)
        self.records.write(lambda connection: security_events.acknowledge(connection, command.actor))
        return base.Done()
