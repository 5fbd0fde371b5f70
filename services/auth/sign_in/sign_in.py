"""The way in: not locked, phrase solved, credential proved, session opened; every try counts until it is right."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from services.auth.accounts import projection
from services.auth.register import domain
from services.auth.sign_in import captcha, credentials, sessions, throttle
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.throttle import Try
from shared.contract.auth import answers, commands
from shared.contract.passport import Bearer, Passport
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records

Rule = Literal["always", "after-failures", "never"]
"""When a sign-in must solve a challenge."""


def needs_challenge(connection: Connection, rule: Rule, account: str, at: datetime) -> bool:
    """Whether the next try of an account must solve a challenge."""
    return rule == "always" or (rule == "after-failures" and throttle.needs_challenge(connection, account, at))


@dataclass(frozen=True)
class Door:
    """Where credentials are tried; `rule` says when a challenge stands before them."""

    records: Records
    passwords: Passwords
    rule: Rule

    def sign_in(self, command: commands.SignIn, token: str) -> answers.Session:
        """Open a session under a token, or refuse with the same words whatever was wrong."""
        account = credentials.account_of(command.bearer, command.name)
        attempt = Try(command.id, account, command.address, command.at)
        if not self.records.write(lambda connection: self._admit(connection, attempt, command)):
            raise Refused(Reason.WRONG_CHALLENGE)
        kept = self._proved(account, command.password.get_secret_value())
        first = credentials.first_hash(self.passwords, kept)

        def start(connection: Connection) -> Passport | None:
            passport = projection.passport(connection, account)
            if passport is not None:
                throttle.forgive(connection, attempt)
                sessions.start(connection, token, account, command.at)
                if first is not None and credentials.kept(connection, account).password_hash is None:
                    credentials.keep(connection, account, first, command.at, is_own=False)
            return passport

        passport = self.records.write(start)
        if passport is None:
            raise Refused(Reason.WRONG_CREDENTIALS)
        return answers.Session(token=token, passport=passport, expires_at=command.at + sessions.IDLE)

    def set_password(self, command: commands.SetPassword, caller: Passport) -> None:
        """Set a password of one's own, proved by the current credential; wrong ones count as at the sign-in."""
        account, at = caller.actor, command.at
        stream = f"{caller.bearer.value}/{caller.subject}"
        with self.records.read() as connection:
            history = self.records.own_log().stream(connection, stream)
            code = credentials.kept(connection, account).national_code
        new = command.new.get_secret_value()
        if any(one.metadata.causation_id == command.id for one in history):
            # came again: what was current the first time no longer is
            credentials.must_have_been_set(self.records, self.passwords, account, new)
            return
        credentials.must_be_strong(new, account, code)
        attempt = Try(command.id, account, "", at)
        self.records.write(lambda connection: self._count(connection, attempt))
        self._proved(account, command.current.get_secret_value())
        password_hash = self.passwords.hash(credentials.canonical(new))

        def keep(connection: Connection, _: object) -> None:
            credentials.keep(connection, account, password_hash, at, is_own=True)
            throttle.forgive(connection, attempt)

        change = domain.ChangePassword(id=command.id, at=at, actor=caller.actor, account=account)
        if caller.bearer is Bearer.MEMBER:
            self.records.handle(stream, change, domain.MEMBER, also=keep, asked=command)
        else:
            self.records.handle(stream, change, domain.OFFICER, also=keep, asked=command)

    def _admit(self, connection: Connection, attempt: Try, command: commands.SignIn) -> bool:
        """Count the try, unless its phrase is wrong; the phrase is used up either way."""
        throttle.must_be_free(connection, attempt)
        if needs_challenge(connection, self.rule, attempt.account, attempt.at) and not captcha.solve(
            connection, command.challenge_id, command.challenge_answer, attempt.at
        ):
            return False
        throttle.count(connection, attempt)
        return True

    def _count(self, connection: Connection, attempt: Try) -> None:
        throttle.must_be_free(connection, attempt)
        throttle.count(connection, attempt)

    def _proved(self, account: str, typed: str) -> credentials.Kept:
        with self.records.read() as connection:
            kept = credentials.kept(connection, account)
        if not credentials.proves(self.passwords, kept, typed):
            raise Refused(Reason.WRONG_CREDENTIALS)
        return kept
