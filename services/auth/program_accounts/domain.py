"""The decisions about program accounts: an admin requests one, a second one grants it, any admin of its provinces ends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from shared.contract.auth import program_commands as commands
from shared.contract.auth import program_events as events
from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.event_store.decider import Decider
from shared.services import OWN_PROGRAMS

SECRETS_MAX = 2
"""In rotation: the new secret and the one before."""
Command = (
    commands.RequestProgramAccount
    | commands.GrantProgramAccount
    | commands.DeclineProgramAccount
    | commands.TakeProgramSecret
    | commands.EndProgramSecret
    | commands.RevokeProgramAccount
)
ProgramEvent = (
    events.ProgramAccountRequested
    | events.ProgramAccountDeclined
    | events.ProgramAccountGranted
    | events.ProgramSecretTaken
    | events.ProgramSecretEnded
    | events.ProgramAccountRevoked
)


@dataclass(frozen=True)
class Account:
    """A program account; without scopes it may do nothing."""

    scopes: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    requests: Mapping[UUID, events.ProgramAccountRequested] = field(default_factory=dict)
    """What is requested and neither granted nor declined."""
    to_take: Mapping[UUID, str] = field(default_factory=dict)
    """Granted requests whose secret nobody has taken, with who may."""
    secrets: tuple[UUID, ...] = ()
    """The secrets that count, by request, the oldest first."""


Accounts = Mapping[str, Account]


@dataclass(frozen=True)
class Context:
    """What a decision rests on besides the accounts."""

    reach: frozenset[str] = frozenset()
    """The provinces of the admin who decides."""
    hindrance: Reason | None = None
    """Why who grants is no second person for who has requested (`officers/domain.py`)."""


def decide(command: Command, accounts: Accounts, context: Context) -> list[Event]:
    account = accounts.get(command.program, Account())
    match command:
        case commands.RequestProgramAccount():
            return request(command, account, context)
        case commands.GrantProgramAccount():
            return grant(command, account, context)
        case commands.DeclineProgramAccount():
            return decline(command, account, context)
        case commands.TakeProgramSecret():
            return take_secret(command, account, context)
        case commands.EndProgramSecret():
            return end_secret(command, account, context)
        case commands.RevokeProgramAccount():
            return revoke(command, account, context)
        case _:
            assert_never(command)


def request(command: commands.RequestProgramAccount, account: Account, context: Context) -> list[Event]:
    """An admin gives only provinces of their own, and takes none of others from an account."""
    if command.program in OWN_PROGRAMS:
        raise Refused(Reason.BAD_INPUT, {"program": "own_program"})
    if not context.reach.issuperset({*command.provinces, *account.provinces}):
        raise Refused(Reason.NOT_ALLOWED)
    return [
        events.ProgramAccountRequested(
            program=command.program,
            request=command.id,
            scopes=tuple(sorted(set(command.scopes))),
            provinces=tuple(sorted(set(command.provinces))),
            requested_by=command.actor,
            requested_at=command.at,
        )
    ]


def grant(command: commands.GrantProgramAccount, account: Account, context: Context) -> list[Event]:
    """The account may do from now on what was requested, by the word of two."""
    requested = must_be_open(command.request, account)
    if context.hindrance is not None:
        raise Refused(context.hindrance)
    return [
        events.ProgramAccountGranted(
            **requested.model_dump(exclude={"requested_at"}), granted_by=command.actor, granted_at=command.at
        )
    ]


def decline(command: commands.DeclineProgramAccount, account: Account, context: Context) -> list[Event]:
    """Any admin of the provinces may decline; the requester withdraws it so."""
    requested = must_be_open(command.request, account)
    if not context.reach.issuperset(requested.provinces):
        raise Refused(Reason.NOT_ALLOWED)
    return [
        events.ProgramAccountDeclined(
            program=command.program, request=command.request, declined_by=command.actor, declined_at=command.at
        )
    ]


def take_secret(command: commands.TakeProgramSecret, account: Account, context: Context) -> list[Event]:
    """Once, by who has requested it and serves the account's provinces still; the oldest of too many secrets ends."""
    if command.request not in account.to_take:
        raise Refused(Reason.UNKNOWN_REQUEST)
    if account.to_take[command.request] != command.actor:
        raise Refused(Reason.NOT_ALLOWED)
    must_be_in_reach(account, context)
    surplus = account.secrets[: len(account.secrets) - SECRETS_MAX + 1]
    taken = events.ProgramSecretTaken(
        program=command.program, request=command.request, taken_by=command.actor, taken_at=command.at
    )
    return [*(ended(command, one) for one in surplus), taken]


def end_secret(command: commands.EndProgramSecret, account: Account, context: Context) -> list[Event]:
    must_be_in_reach(account, context)
    return [ended(command, command.request)] if command.request in account.secrets else []


def ended(command: commands.TakeProgramSecret | commands.EndProgramSecret, secret: UUID) -> Event:
    return events.ProgramSecretEnded(
        program=command.program, request=secret, ended_by=command.actor, ended_at=command.at
    )


def revoke(command: commands.RevokeProgramAccount, account: Account, context: Context) -> list[Event]:
    """At once and by one admin: to take rights away needs no second person."""
    must_be_in_reach(account, context)
    return [events.ProgramAccountRevoked(program=command.program, revoked_by=command.actor, revoked_at=command.at)]


def must_be_open(one: UUID, account: Account) -> events.ProgramAccountRequested:
    if one not in account.requests:
        raise Refused(Reason.UNKNOWN_REQUEST)
    return account.requests[one]


def must_be_in_reach(account: Account, context: Context) -> None:
    if not account.scopes:
        raise Refused(Reason.UNKNOWN_PROGRAM)
    if not context.reach.issuperset(account.provinces):
        raise Refused(Reason.NOT_ALLOWED)


def evolve(accounts: Accounts, event: ProgramEvent) -> Accounts:
    return {**accounts, event.program: evolve_account(accounts.get(event.program, Account()), event)}


def evolve_account(account: Account, event: ProgramEvent) -> Account:
    match event:
        case events.ProgramAccountRequested():
            return replace(account, requests={**account.requests, event.request: event})
        case events.ProgramAccountDeclined():
            return without_request(account, event.request)
        case events.ProgramAccountGranted():
            granted = replace(account, scopes=event.scopes, provinces=event.provinces)
            to_take = {**account.to_take, event.request: event.requested_by}
            return without_request(replace(granted, to_take=to_take), event.request)
        case events.ProgramSecretTaken():
            to_take = {one: who for one, who in account.to_take.items() if one != event.request}
            return replace(account, to_take=to_take, secrets=(*account.secrets, event.request))
        case events.ProgramSecretEnded():
            return replace(account, secrets=tuple(one for one in account.secrets if one != event.request))
        case events.ProgramAccountRevoked():
            return Account()
        case _:
            assert_never(event)


def without_request(account: Account, request: UUID) -> Account:
    return replace(account, requests={key: one for key, one in account.requests.items() if key != request})


def program_decider(context: Context) -> Decider[Command, Accounts]:
    return Decider(lambda command, accounts: decide(command, accounts, context), evolve, {})
