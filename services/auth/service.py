"""The auth service (nameko): its RPC methods, each of which checks the caller and calls the module that does the work."""

import secrets
from datetime import UTC, datetime, timedelta

from nameko.timer import timer
from sqlalchemy import Connection

from services.auth.accounts import projection, security_events
from services.auth.accounts import queries as account_queries
from services.auth.accounts.rpc import SecurityEventsRpc
from services.auth.officers import appointments
from services.auth.personal_data import PERSONAL_DATA
from services.auth.program_access import ProgramAccessRpc
from services.auth.register import card_links, search
from services.auth.register.rpc import RegisterRpc
from services.auth.second_factor import passkeys
from services.auth.sign_in import activation, captcha, credentials, known_devices, recovery, sessions, throttle
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.own_account import SIGN_IN_PROGRAMS
from services.auth.sign_in.sign_in import attempt_of, needs_captcha
from services.auth.tables import MEMBERS, PROJECTIONS, TABLES
from shared.contract import base
from shared.contract.auth import answers, commands, queries, security_answers
from shared.contract.passport import PASSPORT_SECONDS_MAX, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.log import EventLog
from shared.nameko_extensions import (
    Caller,
    Configured,
    EventLogRpc,
    EventStore,
    NativeThreads,
    Passports,
    PersonalDataRpc,
    ProjectionsRpc,
    rpc,
)
from shared.passports import PassportOffice
from shared.settings import Settings
from shared.subscriptions.replay.projections import Projections

HASHING_THREADS = 2
"""Native threads that hash passwords; eventlet's hub keeps the rest of the machine."""
HASHES_WAITING_MAX = 16
"""Sign-ins that may wait for one: half of the calls that a program works on at the same time."""
PICTURES_WAITING_MAX, SOUNDS_WAITING_MAX = 8, 3
"""Security phrases that may wait for the one thread that draws and speaks them: no flood of sounds keeps out the pictures."""
CLEANUP_SECONDS = 600
TOKEN_BYTES = 32
PASSPORT_LIFE = timedelta(seconds=PASSPORT_SECONDS_MAX)

MODULES_WITH_EXPIRY = (
    throttle,
    captcha,
    card_links,
    sessions,
    known_devices,
    recovery,
    passkeys,
    activation,
    security_events,
)

LOG = EventLog("auth", projection.project)
HASHING, DRAWING = NativeThreads(HASHING_THREADS), NativeThreads(1)
PASSWORDS = Passwords(HASHING.run)


def on_start(records: Records, settings: Settings, at: datetime) -> None:
    """Once the tables exist: somebody must be able to appoint the others, and every member can be found."""
    search.complete(records)
    password = settings.first_admin_password
    appointments.appoint_first(records, PASSWORDS, password.get_secret_value() if password else None, at)


def require_visible(caller: Passport, member: str, province: str | None) -> None:
    """The gateway, the member and officers of the province may see a member; nobody else learns whether one exists."""
    if caller.principal_kind is not PrincipalKind.PROGRAM or caller.subject != "gateway":
        caller.may_see(member, province or next(iter(caller.provinces), ""))
    if province is None:
        raise Refused(Reason.UNKNOWN_MEMBER)


class AuthService(EventLogRpc, PersonalDataRpc, ProjectionsRpc, ProgramAccessRpc, SecurityEventsRpc, RegisterRpc):
    """The register of members, officers, and authentication."""

    name = "auth"
    caller: Passport = Caller()
    records: Records = EventStore(LOG, *TABLES, on_start=on_start, migrations="services/auth/migrations")
    personal_data = PERSONAL_DATA
    settings: Settings = Configured()
    office: PassportOffice = Passports()
    passwords = PASSWORDS
    members = MEMBERS
    projections = Projections(PROJECTIONS, LOG)

    @rpc
    def new_captcha(self, command: commands.NewCaptcha) -> answers.Captcha:
        DRAWING.require_room(PICTURES_WAITING_MAX)
        digits = "".join(secrets.choice("0123456789") for _ in range(captcha.DIGITS))
        phrase = self.records.write(lambda connection: captcha.create(connection, command, digits))
        bits = self.settings.work_bits
        return answers.Captcha(
            captcha_id=command.id,
            image_png=DRAWING.run(captcha.image_png, phrase.digits),
            expires_at=phrase.expires_at,
            hint=phrase.digits if self.settings.development else None,
            work=captcha.work_of(command.id, phrase.expires_at) if bits else "",
            work_bits=bits,
            work_iterations=captcha.WORK_ITERATIONS,
        )

    @rpc
    def get_captcha_sound(self, query: queries.GetCaptchaSound) -> answers.CaptchaSound:
        DRAWING.require_room(SOUNDS_WAITING_MAX)
        at = datetime.now(UTC)
        phrase = self.records.write(lambda connection: captcha.count_play(connection, query.captcha_id, at))
        if phrase is None:
            raise Refused(Reason.WRONG_CAPTCHA)
        return answers.CaptchaSound(sound_wav=DRAWING.run(captcha.sound_wav, query.captcha_id, phrase.digits))

    @rpc
    def get_sign_in_rule(self, query: queries.GetSignInRule) -> answers.SignInRule:
        with self.records.read() as connection:
            attempt = attempt_of(connection, query, datetime.now(UTC))
            needed = needs_captcha(connection, self.settings.challenge, attempt)
        return answers.SignInRule(captcha_needed=needed)

    @rpc
    def sign_in(self, command: commands.SignIn) -> answers.Session:
        self.caller.must_be_program(*SIGN_IN_PROGRAMS)
        HASHING.require_room(HASHES_WAITING_MAX)
        token, device = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES)
        return self.sign_in_service.open_session(command, token, device)

    @rpc
    def issue_passports(self, command: commands.IssuePassports) -> answers.SignedPassports:
        self.caller.must_be_program(*SIGN_IN_PROGRAMS)
        session, lasts = command.session.get_secret_value(), self.settings.development
        holder = sessions.use(self.records, session, command.at, initial_lasts=lasts)
        passport = holder.passport.model_copy(update={"command_id": command.command_id})
        return answers.SignedPassports(
            tokens={service: self.office.sign(passport, service, command.at) for service in command.services},
            passport=passport,
            expires_at=command.at + PASSPORT_LIFE,
            must_change_password=holder.must_change_password,
            has_security_news=holder.has_security_news,
            full_name=holder.full_name,
        )

    @rpc
    def reset_member(self, command: commands.ResetMember) -> base.Done:
        self.caller.must_have(Role.MANAGER)
        recovery.reset_member(self.records, command, self.caller)
        return self.done()

    @rpc
    def issue_activation_code(self, command: commands.IssueActivationCode) -> security_answers.ActivationCode:
        self.caller.must_have(Role.MANAGER)
        if self.settings.first_sign_in != "activation":
            raise Refused(Reason.ACTIVATION_OFF)
        return recovery.issue_activation_code(
            self.records, command, self.caller, self.passkeys.activation_code(command)
        )

    @rpc
    def get_member(self, query: queries.GetMember) -> answers.MemberCard:
        with self.records.read() as connection:
            require_visible(self.caller, query.member, account_queries.province_of(connection, query.member))
            account = f"member:{query.member}"
            return account_queries.member_card(
                connection,
                query.member,
                has_own_password=credentials.has_own_password(connection, account),
                password_reset_at=recovery.reset_at(connection, account),
            )

    @rpc
    def get_member_names(self, query: queries.GetMemberNames) -> answers.MemberNames:
        self.caller.must_be(PrincipalKind.OFFICER)
        with self.records.read() as connection:
            return answers.MemberNames(
                names=account_queries.member_names(connection, query.members, self.caller.provinces),
                officers=account_queries.officer_names(connection, query.officers),
            )

    @rpc
    def get_officer_names(self, query: queries.GetOfficerNames) -> answers.OfficerNames:
        self.caller.must_be(PrincipalKind.MEMBER, PrincipalKind.OFFICER)
        with self.records.read() as connection:
            return answers.OfficerNames(names=account_queries.officer_names(connection, query.officers))

    @rpc
    def get_card_link(self, query: queries.GetCardLink) -> answers.CardLink:
        self.caller.must_be_member(query.member)
        with self.records.read() as connection:
            if not credentials.has_own_password(connection, self.caller.actor):
                return answers.CardLink(token=None)
            return card_links.find(connection, query.member)

    @rpc
    def issue_card_link(self, command: commands.IssueCardLink) -> answers.CardLink:
        self._must_be_member_with_password(command.member)
        token = secrets.token_urlsafe(card_links.TOKEN_BYTES)
        self.records.write(lambda connection: card_links.issue(connection, command, token))
        with self.records.read() as connection:
            return card_links.find(connection, command.member)

    @rpc
    def revoke_card_link(self, command: commands.RevokeCardLink) -> base.Done:
        self.caller.must_be_member(command.member)
        self.records.write(lambda connection: card_links.revoke(connection, command.member))
        return base.Done()

    @rpc
    def count_hit(self, command: commands.CountHit) -> base.Done:
        self.caller.must_be_program("gateway")
        self.records.write(lambda connection: card_links.count_hit(connection, command.address, command.at))
        return base.Done()

    @rpc
    def open_card_link(self, command: commands.OpenCardLink) -> answers.CheckedMember:
        self.caller.must_be_program("gateway")
        self.records.write(lambda connection: card_links.count_hit(connection, command.address, command.at))
        found = self.records.write(lambda connection: card_links.open_link(connection, command))
        if found is None:
            raise Refused(Reason.UNKNOWN_LINK)
        return found

    def _must_be_member_with_password(self, member: str) -> None:
        self.caller.must_be_member(member)
        with self.records.read() as connection:
            credentials.require_own_password(connection, self.caller.actor)

    def must_be_proved(self, connection: Connection) -> None:
        credentials.require_own_password(connection, self.caller.actor)

    @timer(interval=CLEANUP_SECONDS)
    def delete_expired(self) -> None:
        """Delete expired rows."""
        at = datetime.now(UTC)

        def work(connection: Connection) -> None:
            for module in MODULES_WITH_EXPIRY:
                module.delete_expired(connection, at)

        self.records.write(work)
