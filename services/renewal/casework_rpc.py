"""RPC methods about the managers' common work on renewals: assignments, internal notes, deputies, and the timeline of a case."""

from datetime import UTC, datetime

from services.renewal.casework import assignments, colleagues, domain, timeline
from services.renewal.office_hours.rules import Rule
from services.renewal.renewals import queries as renewal_queries
from shared.contract import base
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, casework_answers, commands, queries
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.nameko_extensions import rpc


class CaseworkRpc:
    """A part of the renewal service, for the managers of a renewal's province."""

    caller: Passport
    records: Records
    office_rule: Rule

    @rpc
    def claim_renewal(self, command: commands.ClaimRenewal) -> answers.Renewal:
        return self._assign(command)

    @rpc
    def release_renewal(self, command: commands.ReleaseRenewal) -> answers.Renewal:
        return self._assign(command)

    @rpc
    def hand_over_renewal(self, command: commands.HandOverRenewal) -> answers.Renewal:
        return self._assign(command)

    @rpc
    def write_case_note(self, command: commands.WriteCaseNote) -> base.Done:
        self.require_manager(command.member, command.year)
        self.records.transact(command, lambda connection, _: timeline.write_note(connection, command))
        return base.Done()

    @rpc
    def set_deputy(self, command: commands.SetDeputy) -> base.Done:
        with self.records.read() as connection:
            colleagues.require_may_name(connection, self.caller, command.officer)
        self.records.transact(command, lambda connection, _: colleagues.set_deputy(connection, command))
        return base.Done()

    @rpc
    def remove_deputy(self, command: commands.RemoveDeputy) -> base.Done:
        with self.records.read() as connection:
            colleagues.require_may_name(connection, self.caller, command.officer)
        self.records.transact(command, lambda connection, _: colleagues.remove_deputy(connection, command))
        return base.Done()

    @rpc
    def list_colleagues(self, query: queries.ListColleagues) -> casework_answers.Colleagues:
        self.caller.must_have(Role.MANAGER, query.province)
        with self.records.read() as connection:
            return colleagues.of_province(connection, query.province, datetime.now(UTC))

    @rpc
    def get_timeline(self, query: queries.GetTimeline) -> casework_answers.Timeline:
        is_auditor = Role.AUDITOR in self.caller.roles
        self.require_role(Role.AUDITOR if is_auditor else Role.MANAGER, query.member, query.year)
        with self.records.read() as connection:
            about = (query.member, query.year)
            return timeline.timeline(connection, self.records.own_log(), *about, with_notes=not is_auditor)

    def require_manager(self, member: str, year: int) -> None:
        """Only a manager of the renewal's province decides on it."""
        self.require_role(Role.MANAGER, member, year)

    def require_officer_if(self, is_exceptional: bool) -> None:
        """Refuse a program account what is about money, and to decide on what a colleague holds."""
        if is_exceptional:
            self.caller.must_be(PrincipalKind.OFFICER)

    def require_role(self, role: Role, member: str, year: int) -> None:
        """Refuse whoever has not this role in the renewal's province; others do not learn whether there is one."""
        with self.records.read() as connection:
            province = renewal_queries.province_of(connection, member, year)
        self.caller.must_have(role, province)
        if province is None:
            raise Refused(Reason.NOT_REQUESTED)

    def _assign(self, command: domain.Command) -> answers.Renewal:
        self.require_manager(command.member, command.year)
        assignments.handle(self.records, self.office_rule, command)
        with self.records.read() as connection:
            renewal = renewal_queries.find_renewal(connection, command.member, command.year)
            if renewal is None:
                raise Refused(Reason.NOT_REQUESTED)
            return assignments.attach(connection, (renewal,), self.caller.actor, command.at)[0]
