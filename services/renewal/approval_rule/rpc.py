"""RPC methods about a province's approval rule."""

from services.renewal.approval_rule import state
from services.renewal.approval_rule.domain import RULE, stream_of
from shared.contract.passport import Passport
from shared.contract.renewal import commands, queries, rule_answers
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.nameko_extensions import rpc


class ApprovalRuleRpc:
    """A part of the renewal service. Managers switch the rule, for it does nothing that they could not do themselves."""

    caller: Passport
    records: Records

    @rpc
    def switch_approval_rule(self, command: commands.SwitchApprovalRule) -> rule_answers.ApprovalRule:
        self.caller.must_have(Role.MANAGER, command.province)
        self.records.handle(stream_of(command.province), command, RULE)
        return self._approval_rule(command.province)

    @rpc
    def get_approval_rule(self, query: queries.GetApprovalRule) -> rule_answers.ApprovalRule:
        self.caller.must_have_one_of((Role.ADMIN, Role.MANAGER), query.province)
        return self._approval_rule(query.province)

    def _approval_rule(self, province: str) -> rule_answers.ApprovalRule:
        with self.records.read() as connection:
            return state.of_province(connection, province)
