"""RPC methods about the caller's own addresses and choices."""

from functools import partial

from sqlalchemy import Connection

from services.notification.addresses import contacts, domain
from shared.contract.notification import answers, commands, queries
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from shared.nameko_extensions import rpc


class AddressesRpc:
    """Part of the notification service."""

    caller: Passport
    records: Records

    @rpc
    def get_contacts(self, query: queries.GetContacts) -> answers.Contacts:  # noqa: ARG002 - of the caller
        person = self.person()
        with self.records.read() as connection:
            return contacts.answer(connection, person)

    @rpc
    def set_address(self, command: commands.SetAddress) -> answers.Contacts:
        person = self.person()
        self.records.write(
            partial(contacts.expect, person=person, way=command.way, typed=command.address, at=command.at)
        )
        return self.own_contacts(person)

    @rpc
    def prove_address(self, command: commands.ProveAddress) -> answers.Contacts:
        person = self.person()
        proved = self.records.write(partial(contacts.try_code, command=command, person=person))
        if proved is None:
            raise Refused(Reason.WRONG_CODE)
        self.decide(domain.Prove(command.id, command.at, person, command.way, proved))
        return self.own_contacts(person)

    @rpc
    def remove_address(self, command: commands.RemoveAddress) -> answers.Contacts:
        person = self.person()
        # First, so that after a crash nothing is sent there.
        self.records.write(partial(contacts.remove, person=person, way=command.way))
        self.decide(domain.Stop(command.id, command.at, person, command.way, "removed"))
        return self.own_contacts(person)

    @rpc
    def set_choices(self, command: commands.SetChoices) -> answers.Contacts:
        person = self.person()
        self.records.write(partial(contacts.choose, person=person, command=command))
        return self.own_contacts(person)

    def person(self) -> str:
        """The caller as a person who can be told something."""
        self.caller.must_be(PrincipalKind.MEMBER, PrincipalKind.OFFICER)
        return self.caller.actor

    def own_contacts(self, person: str) -> answers.Contacts:
        with self.records.read() as connection:
            return contacts.answer(connection, person)

    def decide(self, command: domain.Command) -> None:
        """Record the decision; a proved address becomes the person's in the same transaction."""

        def write(connection: Connection, _recorded: object) -> None:
            if isinstance(command, domain.Prove):
                contacts.prove(connection, command)

        self.records.handle(domain.stream_of(command.person), command, domain.ADDRESSES, write)
