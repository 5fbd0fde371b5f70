"""The auth service: each method asks who is asking, then hands over to the module that knows."""

import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from eventlet import tpool
from eventlet.semaphore import Semaphore
from nameko.timer import timer
from sqlalchemy import Connection

from services.auth.accounts import projection
from services.auth.officers import appointments
from services.auth.register import card_links, import_batch
from services.auth.register import undo_import as imports
from services.auth.sign_in import captcha, credentials, sessions, throttle
from services.auth.sign_in import sign_in as door
from services.auth.sign_in.credentials import Passwords
from shared.contract import base
from shared.contract.auth import answers, commands, queries
from shared.contract.passport import PASSPORT_SECONDS_MAX, Bearer, Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.log import EventLog
from shared.nameko_extensions import Caller, Configured, KeepsLog, Passports, Store, asked
from shared.passports import PassportOffice
from shared.settings import Settings

HASHES_AT_ONCE = 2
"""Native threads that hash passwords and speak phrases; the hub keeps the rest of the machine."""
WAITING_MAX = 16
"""Sign-ins that may wait for a native thread: half of the calls that a program works on at the same time."""
NICENESS = 10
"""Of those threads, above the hub's."""
FORGET_EVERY_SECONDS = 600
TOKEN_BYTES = 32
PASSPORT_LIFE = timedelta(seconds=PASSPORT_SECONDS_MAX)

LOG = EventLog("auth", projection.project)
AT_WORK = Semaphore(HASHES_AT_ONCE)


def in_native_thread(function: Callable[..., Any], *arguments: object) -> Any:
    """Run what takes long without the hub waiting for it."""
    with AT_WORK:
        return tpool.execute(giving_way, function, *arguments)


def must_have_room() -> None:
    """Refuse at once where many wait for a hash already, before the try counts: all other questions need workers too."""
    if AT_WORK.balance < -WAITING_MAX:
        raise Refused(Reason.NO_ANSWER)


def giving_way(function: Callable[..., Any], *arguments: object) -> Any:
    """Run in the background of the thread it is called in: whoever waits for a page comes before whoever signs in."""
    os.setpriority(os.PRIO_PROCESS, 0, NICENESS)  # on Linux the thread's own, for as long as it lives
    return function(*arguments)


PASSWORDS = Passwords(in_native_thread)


def first(records: Records, settings: Settings) -> None:
    """Once the tables exist: somebody must be able to appoint the others."""
    password = settings.first_admin_password
    appointments.appoint_first(records, PASSWORDS, password.get_secret_value() if password else None, datetime.now(UTC))


def must_see(caller: Passport, member: str, province: str | None) -> None:
    """The gateway, the member, and officers of the province see a member; whether others exist is nobody else's to know."""
    if caller.bearer is not Bearer.PROGRAM or caller.subject != "gateway":
        caller.may_see(member, province or next(iter(caller.provinces), ""))
    if province is None:
        raise Refused(Reason.UNKNOWN_MEMBER)


class AuthService(KeepsLog):
    """Who is a member, who is an officer, who is asking."""

    name = "auth"
    caller: Passport = Caller()
    records: Records = Store(LOG, projection.TABLES, first=first)
    settings: Settings = Configured()
    office: PassportOffice = Passports()

    @asked
    def new_challenge(self, command: commands.NewChallenge) -> answers.Challenge:
        digits = "".join(secrets.choice("0123456789") for _ in range(captcha.DIGITS))
        phrase = self.records.write(lambda connection: captcha.draw(connection, command.id, digits, command.at))
        return answers.Challenge(
            challenge_id=command.id,
            image_png=in_native_thread(captcha.image, phrase.digits),
            expires_at=phrase.expires_at,
            hint=phrase.digits if self.settings.development else None,
        )

    @asked
    def get_challenge_sound(self, question: queries.GetChallengeSound) -> answers.ChallengeSound:
        with self.records.read() as connection:
            phrase = captcha.find(connection, question.challenge_id, datetime.now(UTC))
        if phrase is None:
            raise Refused(Reason.WRONG_CHALLENGE)
        return answers.ChallengeSound(sound_wav=in_native_thread(captcha.sound, phrase.digits))

    @asked
    def get_sign_in_rule(self, question: queries.GetSignInRule) -> answers.SignInRule:
        account, rule = credentials.account_of(question.bearer, question.name), self.settings.challenge
        with self.records.read() as connection:
            needed = door.needs_challenge(connection, rule, account, datetime.now(UTC))
        return answers.SignInRule(challenge_needed=needed)

    @asked
    def sign_in(self, command: commands.SignIn) -> answers.Session:
        must_have_room()
        return self._door().sign_in(command, secrets.token_urlsafe(TOKEN_BYTES))

    @asked
    def sign_out(self, command: commands.SignOut) -> base.Done:
        self.records.write(lambda connection: sessions.end(connection, command.session.get_secret_value()))
        return base.Done()

    @asked
    def issue_passport(self, command: commands.IssuePassport) -> answers.SignedPassport:
        passport = sessions.use(self.records, command.session.get_secret_value(), command.at)
        token = self.office.sign(passport, command.at)
        return answers.SignedPassport(token=token, passport=passport, expires_at=command.at + PASSPORT_LIFE)

    @asked
    def set_password(self, command: commands.SetPassword) -> base.Done:
        self.caller.must_be(Bearer.MEMBER, Bearer.OFFICER)
        self._door().set_password(command, self.caller)
        return self._done()

    @asked
    def import_members(self, command: commands.ImportMembers) -> answers.RollReport:
        self.caller.must_have(Role.ADMIN)
        return import_batch.put_on_record(self.records, command, self.caller)

    @asked
    def undo_import(self, command: commands.UndoImport) -> answers.UndoneImport:
        self.caller.must_have(Role.ADMIN)
        return imports.undo(self.records, command, self.caller)

    @asked
    def appoint_officer(self, command: commands.AppointOfficer) -> base.Done:
        self.caller.must_have(Role.ADMIN)
        appointments.appoint(self.records, PASSWORDS, command, self.caller)
        return self._done()

    @asked
    def dismiss_officer(self, command: commands.DismissOfficer) -> base.Done:
        self.caller.must_have(Role.ADMIN)
        appointments.dismiss(self.records, command, self.caller)
        return self._done()

    @asked
    def get_member(self, question: queries.GetMember) -> answers.MemberCard:
        with self.records.read() as connection:
            must_see(self.caller, question.member, projection.province_of(connection, question.member))
            has_own = credentials.has_own_password(connection, f"member:{question.member}")
            return projection.member_card(connection, question.member, has_own_password=has_own)

    @asked
    def get_member_names(self, question: queries.GetMemberNames) -> answers.MemberNames:
        self.caller.must_be(Bearer.OFFICER)
        with self.records.read() as connection:
            return answers.MemberNames(
                names=projection.member_names(connection, question.members, self.caller.provinces)
            )

    @asked
    def get_officer_names(self, question: queries.GetOfficerNames) -> answers.OfficerNames:
        self.caller.must_be(Bearer.OFFICER)
        with self.records.read() as connection:
            return answers.OfficerNames(names=projection.officer_names(connection, question.officers))

    @asked
    def get_check_link(self, question: queries.GetCheckLink) -> answers.CheckLink:
        self.caller.must_be_member(question.member)
        with self.records.read() as connection:
            return card_links.of(connection, question.member)

    @asked
    def issue_check_link(self, command: commands.IssueCheckLink) -> answers.CheckLink:
        self.caller.must_be_member(command.member)
        token = secrets.token_urlsafe(card_links.TOKEN_BYTES)
        self.records.write(lambda connection: card_links.issue(connection, command, token))
        with self.records.read() as connection:
            return card_links.of(connection, command.member)

    @asked
    def revoke_check_link(self, command: commands.RevokeCheckLink) -> base.Done:
        self.caller.must_be_member(command.member)
        self.records.write(lambda connection: card_links.revoke(connection, command.member))
        return base.Done()

    @asked
    def open_check_link(self, command: commands.OpenCheckLink) -> answers.CheckedMember:
        self.caller.must_be_program("gateway")
        self.records.write(
            lambda connection: card_links.must_not_look_too_often(connection, command.address, command.at)
        )
        found = self.records.write(lambda connection: card_links.open_link(connection, command))
        if found is None:
            raise Refused(Reason.UNKNOWN_LINK)
        return found

    @asked
    def list_officers(self, question: queries.ListOfficers) -> answers.Officers:  # noqa: ARG002 - it asks for all
        self.caller.must_have(Role.ADMIN)
        with self.records.read() as connection:
            return answers.Officers(officers=projection.officer_cards(connection))

    @timer(interval=FORGET_EVERY_SECONDS)
    def forget(self) -> None:
        """Drop what has run out."""
        at = datetime.now(UTC)

        def work(connection: Connection) -> None:
            for keeper in (throttle, captcha, card_links, imports, sessions):
                keeper.forget(connection, at)

        self.records.write(work)

    def _door(self) -> door.Door:
        return door.Door(self.records, PASSWORDS, self.settings.challenge)

    def _done(self) -> base.Done:
        with self.records.read() as connection:
            return base.Done(position=LOG.head(connection))
