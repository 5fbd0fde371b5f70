"""Signing in and setting a password: not locked, captcha solved, credential right; each attempt counts as failed until then."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from services.auth.accounts import queries as account_queries
from services.auth.accounts import security_events
from services.auth.second_factor import factors, passkeys
from services.auth.second_factor.passkeys import Passkeys
from services.auth.sign_in import activation, captcha, credentials, known_devices, recovery, sessions, throttle
from services.auth.sign_in.activation import FirstSignIn
from services.auth.sign_in.credentials import Passwords, StoredCredential
from services.auth.sign_in.domain import ACCESS, PASSWORD, Lock, SignInByNewDevice, access_stream_of
from services.auth.sign_in.throttle import Attempt
from shared.contract.auth import answers, commands, passkey_commands, queries
from shared.contract.envelope import Metadata
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records, handle

PASSWORD_CHANGE = "password-change"  # noqa: S105 - a key, not a secret
"""Counts wrong passwords within sessions apart from sign-ins, as those of a device of its own."""
CONFIRMATION = "confirmation"
"""Counts wrong passwords by which open sessions are to be confirmed."""
CaptchaRule = Literal["always", "work", "after-failures", "never"]
"""When a sign-in must solve a captcha."""


def needs_captcha(connection: Connection, rule: CaptchaRule, attempt: Attempt) -> bool:
    """Whether an attempt on an account must solve a captcha."""
    return rule in ("always", "work") or (rule == "after-failures" and throttle.needs_captcha(connection, attempt))


def attempt_of(connection: Connection, message: commands.SignIn | queries.GetSignInRule, at: datetime) -> Attempt:
    """Who tries which account from where, and whether by a device that has signed in to it before."""
    account = credentials.account_of(message.principal_kind, message.name)
    token = message.known_device.get_secret_value() if message.known_device else ""
    device = known_devices.recognize(connection, account, token, at)
    return Attempt(account, message.address, at, device, message.id if isinstance(message, commands.SignIn) else None)


class SignedIn(NamedTuple):
    """Whose session is opened, by which device that is known to the account (empty: none), under which token."""

    account: str
    known_device: str
    token: str


@dataclass(frozen=True)
class SignIn:
    """Checks credentials under the throttle; `rule` says when a captcha is needed."""

    records: Records
    passwords: Passwords
    rule: CaptchaRule
    first: FirstSignIn = "code"
    """What opens the first sign-in of a member."""
    initial_lasts: bool = False
    """Whether an officer may go on with the password that somebody else has set."""
    work_bits: int = 0
    """How much work may stand for a captcha."""

    def open_session(self, command: commands.SignIn, token: str, new_device: str) -> answers.Session:
        """Open a session under a token, or refuse alike whatever was wrong; `new_device` is the token of a device without one."""
        with self.records.read() as connection:
            attempt = attempt_of(connection, command, command.at)
        account = attempt.account
        device = command.known_device.get_secret_value() if command.known_device else ""
        if not self.records.write(lambda connection: self._admit(connection, attempt, command)):
            raise Refused(Reason.WRONG_CAPTCHA)
        typed = command.password.get_secret_value()
        stored = self._verified_or_locked(attempt, typed)
        first_hash = stored.password_hash if self.first == "code" else None

        def start(connection: Connection, cause: Metadata) -> answers.Session:
            credentials.require_unchanged(connection, stored)
            throttle.clear_after_success(connection, attempt)
            self._notice_device(connection, command, SignedIn(account, attempt.device, token), cause)
            needs_code = factors.is_on(connection, account)
            if needs_code and not attempt.device:
                sessions.require_waiting_room(connection, account, command.at)
            sessions.start(connection, token, account, command.at, command.device, is_pending=needs_code)
            if self._needs_activation(stored) and not activation.use(connection, account, typed, command.at):
                raise Refused(Reason.WRONG_CREDENTIALS)  # a code of before
            if first_hash is not None and credentials.find(connection, account).password_hash is None:
                credentials.save_hash(connection, account, first_hash, command.at, is_own=False)
            if not sessions.may_begin(connection, account):
                raise Refused(Reason.WRONG_CREDENTIALS)  # somebody who may sign in no more
            if needs_code:  # only the second step makes a device known
                return sessions.pending_answer(token, account, command.at)
            kept_device = known_devices.remember(connection, account, device, new_device, command.at)
            answer = sessions.answer(connection, token, command.at, initial_lasts=self.initial_lasts)
            return answer.model_copy(update={"known_device": kept_device})

        return self.records.transact(SignInByNewDevice(command.id, command.at, account), start)

    def open_by_passkey(
        self, command: passkey_commands.SignInWithPasskey, keys: Passkeys, token: str, new_device: str
    ) -> answers.Session:
        """Open a session for the holder of a passkey, whom it has verified: it is confirmed from the beginning."""
        at, device = command.at, command.known_device.get_secret_value() if command.known_device else ""
        browser, response = command.browser.get_secret_value(), command.passkey.get_secret_value()
        with self.records.read() as connection:
            checked = keys.check_sign_in(connection, browser, response, at)
        account = checked.account

        def start(connection: Connection, cause: Metadata) -> answers.Session:
            passkeys.use(connection, checked, at)
            if not sessions.may_begin(connection, account):
                raise Refused(Reason.WRONG_PASSKEY)  # somebody who may sign in no more
            known = known_devices.recognize(connection, account, device, at)
            self._notice_device(connection, command, SignedIn(account, known, token), cause)
            kept_device = known_devices.remember(connection, account, device, new_device, at)
            sessions.start(connection, token, account, at, command.device)
            sessions.confirm(connection, account, token, at)
            answer = sessions.answer(connection, token, at, initial_lasts=self.initial_lasts)
            return answer.model_copy(update={"known_device": kept_device})

        return self.records.transact(SignInByNewDevice(command.id, at, account), start)

    def set_password(self, command: commands.SetPassword) -> None:
        """Set a password of one's own after the current credential, and end all other sessions; wrong ones count as at the sign-in."""
        account, at = command.actor, command.at
        stream = account.replace(":", "/")
        with self.records.read() as connection:
            history = self.records.own_log().stream(connection, stream)
            known = account_queries.known_texts(connection, account)
        new = command.new.get_secret_value()
        if any(one.metadata.causation_id == command.id for one in history):
            # a repeated command: the current credential of its first arrival is current no longer
            credentials.require_same_password(self.records, self.passwords, account, new)
            return
        credentials.require_strong(new, account, known, command.current.get_secret_value())
        attempt = Attempt(account, "", at, PASSWORD_CHANGE, command.id)
        self.records.write(lambda connection: throttle.count(connection, attempt))
        stored = self._verified(account, command.current.get_secret_value(), at)
        password_hash = self.passwords.hash(credentials.canonical(new))
        kept = command.session.get_secret_value() if command.session else ""

        def save(connection: Connection, _: object) -> None:
            credentials.require_unchanged(connection, stored)
            credentials.save_hash(connection, account, password_hash, at, is_own=True, is_chosen=True)
            sessions.end_others(connection, account, kept)
            known_devices.forget_all(connection, account)
            security_events.record(connection, account, "password_changed", at, session=sessions.hashed(kept))
            recovery.forget(connection, account)
            activation.forget(connection, account)
            throttle.clear_after_success(connection, attempt)

        self.records.handle(stream, command, PASSWORD, save)

    def confirm_by_password(self, command: commands.ConfirmSession) -> answers.Session:
        """Confirm an open session of an account without a second factor by the password; wrong ones hold up this session alone."""
        token, at = command.session.get_secret_value(), command.at
        with self.records.read() as connection:
            holder = sessions.find(connection, token, at, initial_lasts=self.initial_lasts)
        if holder is None:
            raise Refused(Reason.NOT_SIGNED_IN)
        account, own = holder.passport.actor, sessions.hashed(token)[: known_devices.KEY_CHARACTERS]
        attempt = Attempt(account, "", at, f"{CONFIRMATION} {own}", command.id)
        self.records.write(lambda connection: throttle.count(connection, attempt))
        stored = self._verified(account, command.password.get_secret_value(), at)

        def confirm(connection: Connection) -> answers.Session:
            credentials.require_unchanged(connection, stored)
            throttle.clear_after_success(connection, attempt)
            sessions.confirm(connection, account, token, at)
            if factors.is_on(
                connection, account
            ):  # also one that is set at this moment, which forgets this confirmation
                raise Refused(Reason.WRONG_CODE)
            return sessions.answer(connection, token, at, initial_lasts=self.initial_lasts)

        return self.records.write(confirm)

    def _notice_device(
        self,
        connection: Connection,
        command: commands.SignIn | passkey_commands.SignInWithPasskey,
        by: SignedIn,
        cause: Metadata,
    ) -> None:
        """Let the holder know of a sign-in by a device that is new, where others are known."""
        if not by.known_device and known_devices.has_any(connection, by.account):
            session = sessions.hashed(by.token)
            security_events.record(
                connection, by.account, "new_device", command.at, device=command.device, session=session
            )
            stream, new = (
                access_stream_of(by.account),
                SignInByNewDevice(command.id, command.at, by.account),
            )
            handle(connection, self.records.own_log(), stream, new, ACCESS, cause)

    def _admit(self, connection: Connection, attempt: Attempt, command: commands.SignIn) -> bool:
        """Count the attempt, unless its captcha is wrong; the captcha is used up either way."""
        throttle.require_unlocked(connection, attempt)
        if needs_captcha(connection, self.rule, attempt) and not captcha.solve(
            connection, command.captcha_id, command.captcha_answer, attempt.at, self.work_bits
        ):
            return False
        throttle.count_failure(connection, attempt)
        return True

    def _verified_or_locked(self, attempt: Attempt, typed: str) -> StoredCredential:
        """The verified credential; where a wrong one has just locked an account that there is, its holder is told."""
        try:
            return self._verified(attempt.account, typed, attempt.at)
        except Refused:
            with self.records.read() as connection:
                is_locked = throttle.is_locked(connection, attempt) and sessions.may_begin(connection, attempt.account)
            if is_locked and attempt.id:
                lock = Lock(attempt.id, attempt.at, attempt.account)
                self.records.handle(access_stream_of(attempt.account), lock, ACCESS)
            raise

    def _verified(self, account: str, typed: str, at: datetime) -> StoredCredential:
        with self.records.read() as connection:
            stored = credentials.find(connection, account)
            is_activation = self._needs_activation(stored) and activation.is_right(connection, account, typed, at)
        if self._needs_activation(stored):
            stored = credentials.without_any(stored)  # takes as long, and is never right
        found_hash = credentials.verify(self.passwords, stored, typed)
        if found_hash is None and not is_activation:
            raise Refused(Reason.WRONG_CREDENTIALS)
        return replace(stored, password_hash=found_hash)

    def _needs_activation(self, stored: StoredCredential) -> bool:
        return self.first == "activation" and not stored.is_own
