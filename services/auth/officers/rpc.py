"""RPC methods about officers; all of them are for admins."""

from datetime import UTC, datetime

from services.auth.accounts import queries as account_queries
from services.auth.officers import appointments, grants
from services.auth.sign_in.second_factor_rpc import SecondFactorRpc
from shared.contract import base
from shared.contract.auth import answers, commands, queries
from shared.contract.values import Role
from shared.nameko_extensions import rpc


class OfficerRpc(SecondFactorRpc):
    """RPC methods of the auth service about officers, beside those about everybody's own account."""

    def must_be_confirmed_admin(self, at: datetime) -> None:
        """Who serves is said in a session that a code has confirmed lately, by admins who have a second factor or must have one."""
        self.caller.must_have(Role.ADMIN)
        self.caller.must_be_confirmed(at, is_required=self.settings.second_factor == "required")

    @rpc
    def appoint_officer(self, command: commands.AppointOfficer) -> base.Done:
        self.must_be_confirmed_admin(command.at)
        appointments.appoint(self.records, self.passwords, command, self.caller)
        return self.done()

    @rpc
    def dismiss_officer(self, command: commands.DismissOfficer) -> base.Done:
        self.must_be_confirmed_admin(command.at)
        appointments.dismiss(self.records, command, self.caller)
        return self.done()

    @rpc
    def grant_officer_request(self, command: commands.GrantOfficerRequest) -> base.Done:
        self.must_be_confirmed_admin(command.at)
        grants.decide(self.records, command, self.caller)
        return self.done()

    @rpc
    def decline_officer_request(self, command: commands.DeclineOfficerRequest) -> base.Done:
        self.must_be_confirmed_admin(command.at)
        grants.decide(self.records, command, self.caller)
        return self.done()

    @rpc
    def list_officers(self, query: queries.ListOfficers) -> answers.Officers:  # noqa: ARG002 - it asks for all
        self.caller.must_have(Role.ADMIN)
        log = self.records.own_log()
        with self.records.read() as connection:
            return answers.Officers(
                officers=account_queries.officer_cards(connection),
                requests=grants.open_requests(connection, log, self.caller, datetime.now(UTC)),
            )
