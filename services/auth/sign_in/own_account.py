"""RPC methods by which the holder of an account looks after it: sign-out, password, sessions, and the second factor."""

import secrets
from datetime import UTC, datetime

import pyotp
from sqlalchemy import Connection

from services.auth.second_factor import domain, factors
from services.auth.second_factor.encryption import SecretBox
from services.auth.sign_in import sessions
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.second_step import SecondStep
from services.auth.sign_in.sign_in import SignIn
from shared.contract import base
from shared.contract.auth import answers, commands, queries
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from shared.nameko_extensions import Configured, rpc
from shared.settings import Settings

SIGN_IN_PROGRAMS = ("gateway", "admin")
"""Programs that persons sign in through."""


class OwnAccountRpc:
    """What members and officers do with their own accounts; a part of the auth service."""

    caller: Passport
    records: Records
    settings: Settings
    passwords: Passwords
    box: SecretBox = Configured(lambda settings: SecretBox(settings.keys_folder / "auth.pem"))

    @property
    def sign_in_service(self) -> SignIn:
        return SignIn(self.records, self.passwords, self.settings.challenge, self.settings.development)

    @property
    def second_step(self) -> SecondStep:
        return SecondStep(self.records, self.box)

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

    @rpc
    def confirm_session(self, command: commands.ConfirmSession) -> answers.Session:
        self.caller.must_be_program(*SIGN_IN_PROGRAMS)
        return self.second_step.confirm_session(command, initial_lasts=self.settings.development)

    @rpc
    def get_second_factor(self, query: queries.GetSecondFactor) -> answers.SecondFactor:  # noqa: ARG002 - the caller's own
        must_be_person(self.caller)
        with self.records.read() as connection:
            return factors.status(connection, self.caller.actor)

    @rpc
    def enrol_second_factor(self, command: commands.EnrolSecondFactor) -> answers.SecondFactorSecret:
        must_be_person(self.caller)
        return self.second_step.enrol(command, self.passwords, pyotp.random_base32())

    @rpc
    def confirm_second_factor(self, command: commands.ConfirmSecondFactor) -> answers.RecoveryCodes:
        must_be_person(self.caller)
        random = (secrets.token_bytes(domain.RECOVERY_BYTES) for _ in range(domain.RECOVERY_CODES))
        return self.second_step.turn_on(command, tuple(map(domain.recovery_code, random)))

    @rpc
    def remove_second_factor(self, command: commands.RemoveSecondFactor) -> base.Done:
        must_be_person(self.caller)
        self.second_step.remove(command)
        return self.done()


def must_be_person(caller: Passport) -> None:
    caller.must_be(PrincipalKind.MEMBER, PrincipalKind.OFFICER)
