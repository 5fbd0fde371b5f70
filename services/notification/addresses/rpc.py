"""RPC methods about the caller's own addresses and choices."""

from sqlalchemy import Connection

from services.notification.addresses import contacts, domain, proof
from services.notification.addresses.proof import NewAddress
from shared.contract.envelope import Metadata
from shared.contract.notification import answers, commands, queries
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Refused
from shared.event_store import idempotency
from shared.event_store.command_handler import Records, handle
from shared.nameko_extensions import rpc


class AddressesRpc:
    """Part of the notification service. The same command again changes nothing, and is answered as it was."""

    caller: Passport
    records: Records
    digest_key: bytes
    """Of the digests of addresses."""

    @rpc
    def get_contacts(self, query: queries.GetContacts) -> answers.Contacts:  # noqa: ARG002 - of the caller
        return self.own_contacts(self.person())

    @rpc
    def set_address(self, command: commands.SetAddress) -> answers.Contacts:
        person = self.person()

        def work(connection: Connection) -> None:
            if idempotency.claim(connection, command):
                new = NewAddress(person, command.way, command.address, command.at)
                proof.expect(connection, new, self.digest_key)

        self.records.write(work)
        return self.own_contacts(person)

    @rpc
    def prove_address(self, command: commands.ProveAddress) -> answers.Contacts:
        person = self.person()
        prove = domain.Prove(command.id, command.at, person, command.way)

        def work(connection: Connection, metadata: Metadata) -> Refused | None:
            if not idempotency.claim(connection, command):
                return proof.tried_before(connection, command, person)
            refused = proof.try_code(connection, command, person)
            if refused is None:
                self.decide(connection, prove, metadata)
                proof.prove(connection, prove)
            return refused

        if refused := self.records.transact(prove, work):
            raise refused
        return self.own_contacts(person)

    @rpc
    def remove_address(self, command: commands.RemoveAddress) -> answers.Contacts:
        person = self.person()
        stop = domain.Stop(command.id, command.at, person, command.way, "removed")

        def work(connection: Connection, metadata: Metadata) -> None:
            if idempotency.claim(connection, command):
                contacts.remove(connection, person, command.way)
                self.decide(connection, stop, metadata)

        self.records.transact(stop, work)
        return self.own_contacts(person)

    @rpc
    def set_choices(self, command: commands.SetChoices) -> answers.Contacts:
        person = self.person()

        def work(connection: Connection) -> None:
            if idempotency.claim(connection, command):
                contacts.choose(connection, person, command)

        self.records.write(work)
        return self.own_contacts(person)

    def person(self) -> str:
        """The caller as a person who can be told something."""
        self.caller.must_be(PrincipalKind.MEMBER, PrincipalKind.OFFICER)
        return self.caller.actor

    def own_contacts(self, person: str) -> answers.Contacts:
        with self.records.read() as connection:
            return contacts.answer(connection, person)

    def decide(self, connection: Connection, command: domain.Command, metadata: Metadata) -> None:
        stream = domain.stream_of(command.person)
        handle(connection, self.records.own_log(), stream, command, domain.ADDRESSES, metadata)
