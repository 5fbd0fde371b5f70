"""RPC methods by which the holder of an account looks after it: sign-out, password, and sessions."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from services.auth.sign_in import sessions
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.sign_in import SignIn
from shared.contract import base
from shared.contract.auth import answers, commands, queries
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from shared.nameko_extensions import rpc
from shared.settings import Settings

SIGN_IN_PROGRAMS = ("gateway", "admin")
"""Programs that persons sign in through."""


class OwnAccountRpc:
    """What members and officers do with their own accounts; a part of the auth service."""

    caller: Passport
    records: Records
    settings: Settings
    passwords: Passwords

    @property
    def sign_in_service(self) -> SignIn:
        settings = self.settings
        return SignIn(
            self.records,
            self.passwords,
            settings.challenge,
            settings.first_sign_in,
            initial_lasts=settings.development,
            work_bits=settings.work_bits,
        )

    def done(self) -> base.Done:
        with self.records.read() as connection:
            return base.Done(position=self.records.own_log().head(connection))

    @rpc
    def sign_out(self, command: commands.SignOut) -> base.Done:
        self.records.write(lambda connection: sessions.end(connection, command.session.get_secret_value()))
        return base.Done()

    @rpc
    def set_password(self, command: commands.SetPassword) -> base.Done:
        must_be_person(self.caller)
        self.sign_in_service.set_password(command)
        return self.done()

    @rpc
    def list_sessions(self, query: queries.ListSessions) -> answers.Sessions:
        must_be_person(self.caller)
        own = query.session.get_secret_value() if query.session else ""
        with self.records.read() as connection:
            found = sessions.list_open(connection, self.caller.actor, own, datetime.now(UTC))
        return answers.Sessions(sessions=found)

    @rpc
    def end_session(self, command: commands.EndSession) -> base.Done:
        must_be_person(self.caller)
        self.records.write(lambda connection: sessions.end_by_id(connection, command.actor, command.session_id))
        return base.Done()

    @rpc
    def end_other_sessions(self, command: commands.EndOtherSessions) -> base.Done:
        must_be_person(self.caller)
        own = command.session.get_secret_value()

        def work(connection: Connection) -> None:
            found = sessions.find(connection, own, command.at)
            if found is None or found.passport.actor != command.actor:
                raise Refused(Reason.NOT_SIGNED_IN)  # else all would end
            sessions.end_others(connection, command.actor, own)

        self.records.write(work)
        return base.Done()


def must_be_person(caller: Passport) -> None:
    caller.must_be(PrincipalKind.MEMBER, PrincipalKind.OFFICER)
