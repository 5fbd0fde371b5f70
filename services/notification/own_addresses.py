"""RPC methods about the caller's own addresses and choices, and the word to an address that was replaced or removed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from services.notification.addresses import contacts, domain, proof
from services.notification.addresses.proof import NewAddress
from services.notification.notices import notifying
from services.notification.notices.domain import notice_id
from services.notification.notices.kinds import ToNotify
from services.notification.notices.notifying import Fact
from services.notification.tables import LEFT_ADDRESSES
from shared.contract.envelope import Metadata
from shared.contract.notification import answers, commands, queries
from shared.contract.notification.values import NoticeKind, NoticeValues
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Refused
from shared.event_store import idempotency
from shared.event_store.command_handler import Records, handle
from shared.nameko_extensions import rpc


class AddressesRpc:
    """Part of the notification service. The same command again changes nothing, and is answered as it was.

    Whoever has only an open session takes no proved address away: its person would not hear of anything else either.
    """

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
                new = NewAddress(person, command.way, command.address, command.at, self.may_replace(command.at))
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
                before = contacts.locked(connection, person, command.way)
                if before is not None and before.value:
                    self.caller.must_be_confirmed_lately(command.at)
                self.decide(connection, stop, metadata)
                contacts.remove(connection, person, command.way)

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

    def may_replace(self, at: datetime) -> bool:
        try:
            self.caller.must_be_confirmed_lately(at)
        except Refused:
            return False
        return True

    def own_contacts(self, person: str) -> answers.Contacts:
        with self.records.read() as connection:
            return contacts.answer(connection, person)

    def decide(self, connection: Connection, command: domain.Command, metadata: Metadata) -> None:
        """Decide before the row changes; an address that messages leave is told so, once."""
        before = contacts.locked(connection, command.person, command.way)
        stream = domain.stream_of(command.person)
        handle(connection, self.records.own_log(), stream, command, domain.ADDRESSES, metadata)
        is_same = isinstance(command, domain.Prove) and before is not None and before.awaited == before.value
        if before is not None and before.value and not is_same:
            self.report_left(connection, before, metadata)

    def report_left(self, connection: Connection, before: Any, metadata: Metadata) -> None:
        """Have the address told, as it was in its row, and besides it the inbox alone; where messages fail there, the inbox."""
        at = self.records.own_log().now()
        to_notify = ToNotify(before.person, NoticeKind.ADDRESS_CHANGED, NoticeValues())
        fact = Fact(before.address, at, metadata)
        if before.stopped_at is None:
            notice = notice_id(fact.id, to_notify.person, to_notify.kind)
            left = {name: getattr(before, name) for name in ("member", "way", "address", "value")}
            connection.execute(insert(LEFT_ADDRESSES).values(**left, notice=notice, left_at=at))
        notifying.notify(connection, self.records.own_log(), to_notify, fact, at)
