"""RPC methods by which a member requests a renewal, declares, and takes either back."""

from services.renewal.declarations import drafts
from services.renewal.office_hours.rules import Rule
from services.renewal.renewals import domain, handler
from shared.contract import base
from shared.contract.passport import Passport
from shared.contract.renewal import answers, commands
from shared.event_store.command_handler import Records
from shared.nameko_extensions import rpc


class MemberRpc:
    """A part of the renewal service, for the member alone."""

    caller: Passport
    records: Records
    office_rule: Rule

    @rpc
    def request_renewal(self, command: commands.RequestRenewal) -> answers.Renewal:
        return self._of_member(command)

    @rpc
    def submit_declaration(self, command: commands.SubmitDeclaration) -> answers.Renewal:
        return self._of_member(command)

    @rpc
    def save_draft(self, command: commands.SaveDraft) -> base.Done:
        self.caller.must_be_member(command.member)
        self.records.write(lambda connection: drafts.save(connection, command))
        return base.Done()

    @rpc
    def recall_declaration(self, command: commands.RecallDeclaration) -> answers.Renewal:
        return self._of_member(command)

    @rpc
    def add_member_note(self, command: commands.AddMemberNote) -> answers.Renewal:
        return self._of_member(command)

    @rpc
    def withdraw_renewal(self, command: commands.WithdrawRenewal) -> answers.Renewal:
        return self._of_member(command)

    def _of_member(self, command: domain.Command) -> answers.Renewal:
        self.caller.must_be_member(command.member)
        return handler.answer(self.records, self.office_rule, command)
