"""The second step of a sign-in, the confirmation of a session before acts about money, and setting a second factor: one code each."""

from dataclasses import dataclass

from pydantic import SecretStr
from sqlalchemy import Connection

from services.auth.second_factor import domain, factors
from services.auth.second_factor.encryption import SecretBox
from services.auth.sign_in import credentials, sessions, throttle
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.throttle import Attempt
from shared.contract.auth import answers, commands
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records, SideWrites

SECOND_FACTOR = "second-factor"
"""Counts wrong codes apart from wrong passwords: whoever types them knows the password."""


@dataclass(frozen=True)
class SecondStep:
    """Checks codes; each counts as a failure of the account until it turns out right, and is used up with what it is for."""

    records: Records
    box: SecretBox

    def confirm_session(self, command: commands.ConfirmSession, *, initial_lasts: bool) -> answers.Session:
        """Open a session that waits for its code, or confirm once more one that is open."""
        token = command.session.get_secret_value()
        with self.records.read() as connection:
            account = sessions.account_of(connection, token, command.at)
        if account is None:
            raise Refused(Reason.NOT_SIGNED_IN)
        attempt = self._counted(command, account)

        def confirm(connection: Connection) -> answers.Session:
            self._use_up(connection, attempt, command.code)
            sessions.confirm(connection, account, token, command.at)
            return sessions.answer(connection, token, command.at, initial_lasts=initial_lasts)

        return self.records.write(confirm)

    def enrol(
        self, command: commands.EnrolSecondFactor, passwords: Passwords, secret: str
    ) -> answers.SecondFactorSecret:
        """Begin with a new secret, after the password; it counts once a code has proved that the holder has it."""
        account = command.actor
        self._require_none(account)
        attempt = self._counted(command, account)
        with self.records.read() as connection:
            stored = credentials.find(connection, account)
        if not credentials.verify(passwords, stored, command.current.get_secret_value()):
            raise Refused(Reason.WRONG_CREDENTIALS)
        sealed = self.box.encrypt(secret, account)

        def save(connection: Connection) -> None:
            factors.enrol(connection, account, sealed)
            throttle.clear_after_success(connection, attempt)

        self.records.write(save)
        return answers.SecondFactorSecret(secret=secret, uri=domain.provisioning_uri(secret, account))

    def turn_on(self, command: commands.ConfirmSecondFactor, recovery_codes: tuple[str, ...]) -> answers.RecoveryCodes:
        """Let the enrolled secret count from now on, after a code of it; the session is confirmed with it."""
        self._require_none(command.actor)
        attempt = self._counted(command, command.actor)

        def save(connection: Connection, _: object) -> None:
            self._use_up(connection, attempt, command.code, is_new=True)
            factors.turn_on(connection, command.actor, recovery_codes)
            sessions.confirm(connection, command.actor, command.session.get_secret_value(), command.at)

        self._record(command, save)
        return answers.RecoveryCodes(codes=recovery_codes)

    def remove(self, command: commands.RemoveSecondFactor) -> None:
        """Remove the second factor, after a code of it or a recovery code."""
        attempt = self._counted(command, command.actor)

        def save(connection: Connection, _: object) -> None:
            self._use_up(connection, attempt, command.code)
            factors.remove(connection, command.actor)

        self._record(command, save)

    def _counted(
        self,
        command: commands.ConfirmSession
        | commands.EnrolSecondFactor
        | commands.ConfirmSecondFactor
        | commands.RemoveSecondFactor,
        account: str,
    ) -> Attempt:
        attempt = Attempt(account, "", command.at, SECOND_FACTOR, command.id)
        self.records.write(lambda connection: throttle.count(connection, attempt))
        return attempt

    def _use_up(self, connection: Connection, attempt: Attempt, code: SecretStr, *, is_new: bool = False) -> None:
        """Use a code up, or refuse a wrong one; a secret that is not on yet is proved by no recovery code, and proves nothing else."""
        typed, account = code.get_secret_value(), attempt.account
        is_right = factors.is_on(connection, account) != is_new and (
            factors.use_code(connection, self.box, account, typed, attempt.at)
            or (not is_new and factors.use_recovery_code(connection, account, typed))
        )
        if not is_right:
            raise Refused(Reason.WRONG_CODE)
        throttle.clear_after_success(connection, attempt)

    def _record(self, command: domain.Command, save: SideWrites) -> None:
        stream = f"second-factor/{command.actor.replace(':', '/')}"
        self.records.handle(stream, command, domain.SECOND_FACTOR, save)

    def _require_none(self, account: str) -> None:
        with self.records.read() as connection:
            if factors.is_on(connection, account):
                raise Refused(Reason.SECOND_FACTOR_ON)
