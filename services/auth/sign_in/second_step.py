"""The second step of a sign-in, the confirmation of a session before acts about money, and setting and removing a second factor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection

from services.auth.accounts import security_events
from services.auth.second_factor import domain, factors, passkeys
from services.auth.second_factor.passkeys import Passkeys
from services.auth.sign_in import credentials, known_devices, sessions, throttle
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.throttle import Attempt
from shared.contract.auth import answers, commands, passkey_commands, queries
from shared.contract.auth.security_answers import SecurityEventKind
from shared.contract.base import Command
from shared.contract.envelope import Recorded
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records, SideWrites

SECOND_FACTOR = "second-factor"
"""Counts wrong codes of sign-ins apart from wrong passwords: whoever types them knows the password."""
FACTOR_CHANGE = "second-factor-change"
"""Counts what is wrong where a second factor is set or removed, which only an open session may."""
Proving = commands.ConfirmSession | passkey_commands.RemovePasskey


@dataclass(frozen=True)
class SecondStep:
    """Checks codes and passkeys; each counts as a failure of the account until it turns out right, and is used up with what it is for."""

    records: Records
    passkeys: Passkeys

    def ways(self, query: queries.GetSecondStep, at: datetime) -> answers.SecondStep:
        """The ways to confirm a session."""
        token = query.session.get_secret_value()
        with self.records.read() as connection:
            account = self._account_of(connection, token, at)
            is_alone = not factors.is_on(connection, account) and not sessions.is_waiting(connection, token)
            return answers.SecondStep(
                has_code=factors.has_code(connection, account),
                passkey_options=self.passkeys.confirmation_options(connection, account, token, at),
                by_password=is_alone,
            )

    def confirm_session(
        self, command: commands.ConfirmSession, new_device: str, *, initial_lasts: bool
    ) -> answers.Session:
        """Open a session that waits for its second step, and know its device from now on; or confirm once more one that is open."""
        token, at = command.session.get_secret_value(), command.at
        device = command.known_device.get_secret_value() if command.known_device else ""
        with self.records.read() as connection:
            account = self._account_of(connection, token, at)
            by = self._counted_by(connection, account, token, device, at)
        attempt = self._counted(command, account, by)

        def confirm(connection: Connection) -> answers.Session:
            self._use_up(connection, attempt, command)
            is_new = sessions.is_waiting(connection, token)
            sessions.confirm(connection, account, token, at)
            answer = sessions.answer(connection, token, at, initial_lasts=initial_lasts)
            kept = known_devices.remember(connection, account, device, new_device, at) if is_new else ""
            return answer.model_copy(update={"known_device": kept})

        return self.records.write(confirm)

    def enrol(
        self, command: commands.EnrolSecondFactor, passwords: Passwords, secret: str
    ) -> answers.SecondFactorSecret:
        """Begin with a new secret, after the password; it counts once a code has proved that the holder has it."""
        account = command.actor
        with self.records.read() as connection:
            require_no_code(connection, account)
        encrypted = self.passkeys.box.encrypt(secret, account)
        self._with_password(command, passwords, lambda connection: factors.enrol(connection, account, encrypted))
        return answers.SecondFactorSecret(secret=secret, uri=domain.provisioning_uri(secret, account))

    def turn_on(self, command: commands.ConfirmSecondFactor, recovery_codes: tuple[str, ...]) -> answers.RecoveryCodes:
        """Let the enrolled secret count from now on, after a code of it; the session is confirmed with it."""
        account, at = command.actor, command.at
        attempt = self._counted(command, account)

        def save(connection: Connection, _: object) -> None:
            require_no_code(connection, account)
            if not factors.use_code(
                connection, self.passkeys.box, account, command.code.get_secret_value(), at, is_new=True
            ):
                raise Refused(Reason.WRONG_CODE)
            throttle.clear_after_success(connection, attempt)
            factors.turn_on(connection, account)
            factors.set_recovery_codes(connection, account, recovery_codes)
            sessions.forget_confirmations(connection, account)
            sessions.confirm(connection, account, command.session.get_secret_value(), at)
            notice(connection, "code_set", command, command.session.get_secret_value())

        self._record(command, save)
        return answers.RecoveryCodes(codes=recovery_codes)

    def remove(self, command: commands.RemoveSecondFactor) -> None:
        """Remove the authenticator of one-time codes, after a code of it or a recovery code."""
        attempt = self._counted(command, command.actor)

        def save(connection: Connection, _: object) -> None:
            if not factors.has_code(connection, command.actor):
                raise Refused(Reason.WRONG_CODE)
            self._use_up_code(connection, attempt, command.code)
            factors.remove_code(connection, command.actor)
            notice(connection, "code_removed", command, "")

        self._record(command, save)

    # ------------------------------------------------------------ passkeys

    def begin_passkey(self, command: passkey_commands.BeginPasskey, passwords: Passwords) -> answers.PasskeyOptions:
        """Begin with a new passkey, after the password."""
        account, session = command.actor, command.session.get_secret_value()
        self._with_password(command, passwords, lambda _: None)
        with self.records.read() as connection:
            options = self.passkeys.registration_options(connection, account, session, command.at)
        return answers.PasskeyOptions(options=options)

    def add_passkey(
        self, command: passkey_commands.AddPasskey, recovery_codes: tuple[str, ...]
    ) -> answers.RecoveryCodes:
        """Add the passkey that the browser has made; the session is confirmed with it. The first factor brings recovery codes."""
        account, at, session = command.actor, command.at, command.session.get_secret_value()

        def save(connection: Connection, _: object) -> None:
            is_first = not factors.is_on(connection, account)
            response = command.passkey.get_secret_value()
            self.passkeys.add(connection, account, session, response, command.name, at)
            if is_first:
                factors.set_recovery_codes(connection, account, recovery_codes)
            sessions.forget_confirmations(connection, account)
            sessions.confirm(connection, account, session, at)
            notice(connection, "passkey_added", command, session)

        self._record(command, save)
        with self.records.read() as connection:
            are_set = factors.has_recovery_code(connection, account, recovery_codes)
        return answers.RecoveryCodes(codes=recovery_codes if are_set else ())

    def remove_passkey(self, command: passkey_commands.RemovePasskey) -> None:
        """Remove a passkey, after a code, a recovery code or a passkey."""
        attempt = self._counted(command, command.actor)

        def save(connection: Connection, _: object) -> None:
            self._use_up(connection, attempt, command)
            if not factors.remove_passkey(connection, command.actor, command.passkey_id):
                raise Refused(Reason.UNKNOWN_PASSKEY)
            notice(connection, "passkey_removed", command, command.session.get_secret_value())

        self._record(command, save)

    # ------------------------------------------------------------ for all of them

    def _account_of(self, connection: Connection, token: str, at: datetime) -> str:
        account = sessions.account_of(connection, token, at)
        if account is None:
            raise Refused(Reason.NOT_SIGNED_IN)
        return account

    def _counted_by(self, connection: Connection, account: str, token: str, device: str, at: datetime) -> str:
        """What wrong codes are counted by: an open session and a known device are held up by their own alone.

        Each of them has had the second factor once, so that nobody gets more tries by having many.
        """
        if not sessions.is_waiting(connection, token):
            own = sessions.hashed(token)[: known_devices.KEY_CHARACTERS]
        else:
            own = known_devices.recognize(connection, account, device, at)
        return f"{SECOND_FACTOR} {own}" if own else SECOND_FACTOR

    def _counted(self, command: Command[Any], account: str, by: str = FACTOR_CHANGE) -> Attempt:
        attempt = Attempt(account, "", command.at, by, command.id)
        self.records.write(lambda connection: throttle.count(connection, attempt))
        return attempt

    def _with_password(
        self,
        command: commands.EnrolSecondFactor | passkey_commands.BeginPasskey,
        passwords: Passwords,
        save: Callable[[Connection], None],
    ) -> None:
        """Do what the account's own password has proved to be wanted."""
        attempt = self._counted(command, command.actor)
        with self.records.read() as connection:
            credentials.require_own_password(connection, command.actor)
            stored = credentials.find(connection, command.actor)
        if not credentials.verify(passwords, stored, command.current.get_secret_value()):
            raise Refused(Reason.WRONG_CREDENTIALS)

        def proved(connection: Connection) -> None:
            require_open(connection, command.actor)
            credentials.require_unchanged(connection, stored)
            throttle.clear_after_success(connection, attempt)
            save(connection)

        self.records.write(proved)

    def _use_up(self, connection: Connection, attempt: Attempt, command: Proving) -> None:
        """Use up what proves the second factor, or refuse."""
        session, response = command.session.get_secret_value(), command.passkey.get_secret_value()
        if not response:
            self._use_up_code(connection, attempt, command.code)
            return
        checked = self.passkeys.check(connection, attempt.account, session, response, attempt.at)
        passkeys.use(connection, checked, attempt.at)
        throttle.clear_after_success(connection, attempt)

    def _use_up_code(self, connection: Connection, attempt: Attempt, code: SecretStr) -> None:
        typed, account = code.get_secret_value(), attempt.account
        is_right = factors.use_code(connection, self.passkeys.box, account, typed, attempt.at)
        if not is_right and not factors.use_recovery_code(connection, account, typed):
            raise Refused(Reason.WRONG_CODE)
        throttle.clear_after_success(connection, attempt)

    def _record(self, command: domain.Command, save: SideWrites) -> None:
        def guarded(connection: Connection, recorded: tuple[Recorded, ...]) -> None:
            require_open(connection, command.actor)
            save(connection, recorded)

        stream = f"second-factor/{command.actor.replace(':', '/')}"
        self.records.handle(stream, command, domain.SECOND_FACTOR, guarded)


def require_open(connection: Connection, account: str) -> None:
    if not sessions.may_begin(connection, account):
        raise Refused(Reason.NOT_SIGNED_IN)


def notice(connection: Connection, kind: SecurityEventKind, command: domain.Command, session: str) -> None:
    """Let the holder know, wherever else the holder is signed in."""
    security_events.record(connection, command.actor, kind, command.at, session=sessions.hashed(session))


def require_no_code(connection: Connection, account: str) -> None:
    """A second authenticator would take the place of the first without a proof of it."""
    if factors.has_code(connection, account):
        raise Refused(Reason.SECOND_FACTOR_ON)
