"""RPC methods about the register: its import from a file, the undo of an import, and the search of members."""

from services.auth.register import import_batch, search, undo_import
from shared.contract.auth import answers, commands, queries, search_answers
from shared.contract.passport import Passport
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.nameko_extensions import rpc


class RegisterRpc:
    """What admins and managers do with the register; a part of the auth service."""

    caller: Passport
    records: Records

    @rpc
    def import_members(self, command: commands.ImportMembers) -> answers.ImportReport:
        self.caller.must_have(Role.ADMIN)
        return import_batch.import_members(self.records, command, self.caller)

    @rpc
    def undo_import(self, command: commands.UndoImport) -> answers.UndoneImport:
        self.caller.must_have(Role.ADMIN)
        return undo_import.undo(self.records, command, self.caller)

    @rpc
    def search_members(self, query: queries.SearchMembers) -> search_answers.FoundMembers:
        self.caller.must_have(Role.MANAGER, query.province)
        with self.records.read() as connection:
            return search.search(connection, query)
