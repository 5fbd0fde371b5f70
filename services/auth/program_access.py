"""RPC methods about program accounts: requests, grants and secrets, for admins; access tokens and passports, for the gateway."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from services.auth.accounts import queries as account_queries
from services.auth.erasures import ErasureRpc
from services.auth.officers.domain import hindrance_of_second
from services.auth.officers.grants import load_actors
from services.auth.program_accounts import program_secrets
from services.auth.program_accounts.access_tokens import LIFE_SECONDS, AccessTokens, Granted
from services.auth.program_accounts.domain import Account, Accounts, Command, Context, program_decider
from services.auth.sign_in import throttle
from services.auth.sign_in.throttle import Attempt
from shared import provinces
from shared.contract import base
from shared.contract.auth import answers, program_answers, program_commands
from shared.contract.auth import program_events as events
from shared.contract.envelope import Metadata
from shared.contract.passport import PASSPORT_SECONDS_MAX, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Handled, Records, handle
from shared.event_store.log import EventLog
from shared.nameko_extensions import Configured, rpc
from shared.network_addresses import network_of
from shared.passports import PassportOffice

STREAM = "programs"
"""All accounts are one stream: there are few, and each token looks at its account."""
GATEWAY = "gateway"
"""The one program through which programs of others come."""


def load(connection: Connection, log: EventLog) -> Accounts:
    """All program accounts, folded from the log."""
    return program_decider(Context()).fold(one.event for one in log.stream(connection, STREAM))


def decide(records: Records, command: Command, caller: Passport, secret: str = "") -> None:
    """Record what an admin decides about a program account, with the row of the `secret` that is taken."""
    log = records.own_log()

    def work(connection: Connection, metadata: Metadata) -> None:
        log.lock(connection)
        account = load(connection, log).get(command.program, Account())
        reason = None
        if isinstance(command, program_commands.GrantProgramAccount) and command.request in account.requests:
            reason = hindrance(connection, log, account, account.requests[command.request], caller.actor, command.at)
        decider = program_decider(Context(caller.provinces, reason))
        handled = handle(connection, log, STREAM, command, decider, metadata)
        if handled.is_new:
            write_rows(connection, handled, secret)

    records.transact(command, work)


def hindrance(  # noqa: PLR0913 - what it rests on
    connection: Connection,
    log: EventLog,
    account: Account,
    requested: events.ProgramAccountRequested,
    granter: str,
    at: datetime,
) -> Reason | None:
    """Why an admin may not grant what was requested; None where nothing hinders."""
    admins = load_actors(connection, log, requested.requested_by, granter)
    about = {*requested.provinces, *account.provinces}
    return hindrance_of_second(requested.requested_by, granter, about, admins, at)


def write_rows(connection: Connection, handled: Handled[Accounts], secret: str) -> None:
    for event in (one.event for one in handled.recorded):
        match event:
            case events.ProgramSecretTaken():
                use = program_answers.ProgramSecretUse(
                    request=event.request, issued_to=event.taken_by, issued_at=event.taken_at
                )
                program_secrets.add(connection, use, event.program, secret)
            case events.ProgramSecretEnded():
                program_secrets.end(connection, event.request)
            case events.ProgramAccountRevoked():
                program_secrets.end_all(connection, event.program)
            case _:
                pass


def accounts_for(
    connection: Connection, log: EventLog, caller: Passport, at: datetime
) -> program_answers.ProgramAccounts:
    """All accounts that may do anything, and what is requested, with why the caller may not grant it."""
    accounts, uses = load(connection, log), program_secrets.uses(connection)
    admins = [f"officer:{name}" for name in account_queries.admins(connection)]
    waiting = []
    for account in accounts.values():
        for one in account.requests.values():
            reasons = {who: hindrance(connection, log, account, one, who, at) for who in {*admins, caller.actor}}
            granters = tuple(who.partition(":")[2] for who in admins if reasons[who] is None)
            about: dict[str, Any] = {"granters": granters, "hindrance": reasons[caller.actor] or ""}
            waiting.append(program_answers.ProgramRequest(**one.model_dump(), **about))
    known = tuple(
        program_answers.ProgramAccount(
            program=name,
            scopes=account.scopes,
            provinces=account.provinces,
            secrets=tuple(
                one.model_copy(update={"holder_left": one.issued_to not in admins}) for one in uses.get(name, ())
            ),
            to_take=tuple(one for one, who in account.to_take.items() if who == caller.actor),
        )
        for name, account in sorted(accounts.items())
        if account.scopes
    )
    waiting.sort(key=lambda one: (one.requested_at, one.request))
    return program_answers.ProgramAccounts(accounts=known, requests=tuple(waiting))


def issue_token(
    records: Records, tokens: AccessTokens, command: program_commands.IssueAccessToken
) -> program_answers.AccessToken:
    """An access token by a secret, or a refusal alike whatever was wrong; only what fails counts against the next."""
    # by network alone: nobody guesses 256 bits, so failures from elsewhere need not hold the program up
    attempt = Attempt(
        f"program:{command.program}", command.address, command.at, network_of(command.address) or "-", command.id
    )

    def issue(connection: Connection) -> Granted | Reason:
        secret = program_secrets.find(connection, command.program, command.secret.get_secret_value())
        throttle.require_unlocked(connection, attempt)  # after the rows are locked: of guesses at once, each waits
        if secret is None:
            throttle.count_failure(connection, attempt)
            return Reason.WRONG_CREDENTIALS
        throttle.clear_after_success(connection, attempt)
        account = load(connection, records.own_log()).get(command.program, Account())
        if not account.scopes or not set(command.scopes) <= set(account.scopes):
            return Reason.BAD_INPUT
        program_secrets.use(connection, secret, command.at)
        return Granted(command.program, secret, frozenset(command.scopes or account.scopes))

    granted = records.write(issue)
    if isinstance(granted, Reason):
        raise Refused(granted, {"scopes": "enum"} if granted is Reason.BAD_INPUT else {})
    return program_answers.AccessToken(
        access_token=tokens.sign(granted, command.at),
        expires_in=LIFE_SECONDS,
        scopes=tuple(sorted(granted.scopes)),
    )


def passport_of(records: Records, granted: Granted) -> Passport:
    """The passport of an access token by the account's present rights; refused where its secret has ended."""
    with records.read() as connection:
        counts = program_secrets.counts(connection, granted.program, granted.secret)
        account = load(connection, records.own_log()).get(granted.program, Account())
    if not counts or not account.scopes:
        raise Refused(Reason.NOT_SIGNED_IN)
    return Passport(
        principal_kind=PrincipalKind.PROGRAM_ACCOUNT,
        subject=granted.program,
        roles=frozenset({Role.MANAGER}),  # as far as the scopes go, none of which is about money
        provinces=frozenset(account.provinces),
        scopes=granted.scopes.intersection(account.scopes),
    )


class ProgramAccessRpc(ErasureRpc):
    """RPC methods of the auth service about program accounts, confirmed like those about officers."""

    office: PassportOffice
    access_tokens: AccessTokens = Configured(AccessTokens.of)

    @rpc
    def request_program_account(self, command: program_commands.RequestProgramAccount) -> base.Done:
        self.must_be_confirmed_admin(command.at)
        if not set(command.provinces) <= provinces.PROVINCES.keys():
            raise Refused(Reason.BAD_INPUT, {"provinces": "enum"})
        decide(self.records, command, self.caller)
        return self.done()

    @rpc
    def grant_program_account(self, command: program_commands.GrantProgramAccount) -> base.Done:
        self.must_be_confirmed_admin(command.at)
        decide(self.records, command, self.caller)
        return self.done()

    @rpc
    def decline_program_account(self, command: program_commands.DeclineProgramAccount) -> base.Done:
        self.must_be_confirmed_admin(command.at)
        decide(self.records, command, self.caller)
        return self.done()

    @rpc
    def take_program_secret(self, command: program_commands.TakeProgramSecret) -> program_answers.ProgramSecret:
        self.must_be_confirmed_admin(command.at)
        code = self.passkeys.box.code("program secret", command.actor, str(command.id))  # the same at a second press
        secret = program_secrets.MARK + base64.urlsafe_b64encode(code).decode().rstrip("=")
        decide(self.records, command, self.caller, secret)
        return program_answers.ProgramSecret(program=command.program, secret=secret)

    @rpc
    def end_program_secret(self, command: program_commands.EndProgramSecret) -> base.Done:
        self.must_be_confirmed_admin(command.at)
        decide(self.records, command, self.caller)
        return self.done()

    @rpc
    def revoke_program_account(self, command: program_commands.RevokeProgramAccount) -> base.Done:
        self.must_be_confirmed_admin(command.at)
        decide(self.records, command, self.caller)
        return self.done()

    @rpc
    def list_program_accounts(self, query: program_commands.ListProgramAccounts) -> program_answers.ProgramAccounts:  # noqa: ARG002 - it asks for all
        self.caller.must_have(Role.ADMIN)
        with self.records.read() as connection:
            return accounts_for(connection, self.records.own_log(), self.caller, datetime.now(UTC))

    @rpc
    def issue_access_token(self, command: program_commands.IssueAccessToken) -> program_answers.AccessToken:
        self.caller.must_be_program(GATEWAY)
        return issue_token(self.records, self.access_tokens, command)

    @rpc
    def issue_program_passports(self, command: program_commands.IssueProgramPassports) -> answers.SignedPassports:
        self.caller.must_be_program(GATEWAY)
        granted = self.access_tokens.verify(command.access_token.get_secret_value(), command.at)
        passport = passport_of(self.records, granted).model_copy(update={"command_id": command.command_id})
        return answers.SignedPassports(
            tokens={service: self.office.sign(passport, service, command.at) for service in command.services},
            passport=passport,
            expires_at=command.at + timedelta(seconds=PASSPORT_SECONDS_MAX),
        )
