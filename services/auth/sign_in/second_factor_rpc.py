"""RPC methods about the second factor: the second step of a sign-in, one-time codes and passkeys of one's own account."""

import secrets
from datetime import UTC, datetime

import pyotp

from services.auth.second_factor import factors, passkeys
from services.auth.second_factor.passkeys import Passkeys
from services.auth.sign_in.own_account import SIGN_IN_PROGRAMS, OwnAccountRpc, must_be_person
from services.auth.sign_in.second_step import SecondStep
from shared.contract import base
from shared.contract.auth import answers, commands, passkey_commands, queries
from shared.contract.refusals import Reason, Refused
from shared.nameko_extensions import Configured, rpc

TOKEN_BYTES = 32


class SecondFactorRpc(OwnAccountRpc):
    """What members and officers do with their own second factors; a part of the auth service."""

    passkeys: Passkeys = Configured(Passkeys.of)

    @property
    def second_step(self) -> SecondStep:
        return SecondStep(self.records, self.passkeys)

    @rpc
    def get_second_step(self, query: queries.GetSecondStep) -> answers.SecondStep:
        self.caller.must_be_program(*SIGN_IN_PROGRAMS)
        return self.second_step.ways(query, datetime.now(UTC))

    @rpc
    def confirm_session(self, command: commands.ConfirmSession) -> answers.Session:
        self.caller.must_be_program(*SIGN_IN_PROGRAMS)
        if command.password.get_secret_value():
            return self.sign_in_service.confirm_by_password(command)
        device = secrets.token_urlsafe(TOKEN_BYTES)
        return self.second_step.confirm_session(command, device, initial_lasts=self.settings.development)

    @rpc
    def get_second_factor(self, query: queries.GetSecondFactor) -> answers.SecondFactor:  # noqa: ARG002 - the caller's own
        must_be_person(self.caller)
        with self.records.read() as connection:
            return factors.status(connection, self.caller.actor)

    @rpc
    def enrol_second_factor(self, command: commands.EnrolSecondFactor) -> answers.SecondFactorSecret:
        self._must_be_confirmed_person(command.at)
        return self.second_step.enrol(command, self.passwords, pyotp.random_base32())

    @rpc
    def confirm_second_factor(self, command: commands.ConfirmSecondFactor) -> answers.RecoveryCodes:
        self._must_be_confirmed_person(command.at)
        return self.second_step.turn_on(command, self.passkeys.recovery_codes(command))

    @rpc
    def remove_second_factor(self, command: commands.RemoveSecondFactor) -> base.Done:
        must_be_person(self.caller)
        self.second_step.remove(command)
        return self.done()

    @rpc
    def get_passkey_sign_in(self, query: queries.GetPasskeySignIn) -> answers.PasskeyOptions:
        self.caller.must_be_program(*SIGN_IN_PROGRAMS)
        options = self.passkeys.sign_in_options(query.browser.get_secret_value(), datetime.now(UTC))
        return answers.PasskeyOptions(options=options)

    @rpc
    def sign_in_with_passkey(self, command: passkey_commands.SignInWithPasskey) -> answers.Session:
        self.caller.must_be_program(*SIGN_IN_PROGRAMS)
        token, device = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES)
        return self.sign_in_service.open_by_passkey(command, self.passkeys, token, device)

    @rpc
    def begin_passkey(self, command: passkey_commands.BeginPasskey) -> answers.PasskeyOptions:
        self._must_be_confirmed_person(command.at)
        return self.second_step.begin_passkey(command, self.passwords)

    @rpc
    def add_passkey(self, command: passkey_commands.AddPasskey) -> answers.RecoveryCodes:
        self._must_be_confirmed_person(command.at)
        return self.second_step.add_passkey(command, self.passkeys.recovery_codes(command))

    @rpc
    def rename_passkey(self, command: passkey_commands.RenamePasskey) -> base.Done:
        must_be_person(self.caller)
        is_known = self.records.write(
            lambda connection: passkeys.rename(connection, command.actor, command.passkey_id, command.name)
        )
        if not is_known:
            raise Refused(Reason.UNKNOWN_PASSKEY)
        return base.Done()

    @rpc
    def remove_passkey(self, command: passkey_commands.RemovePasskey) -> base.Done:
        must_be_person(self.caller)
        self.second_step.remove_passkey(command)
        return self.done()

    def _must_be_confirmed_person(self, at: datetime) -> None:
        """Whoever has only the password, and a session of before the second factor, sets no other one beside it."""
        must_be_person(self.caller)
        self.caller.must_be_confirmed(at, is_required=False)
