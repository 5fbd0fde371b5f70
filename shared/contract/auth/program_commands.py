"""Commands and queries about program accounts: how admins make and revoke them, and how a program gets an access token."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contract import base
from shared.contract.auth import answers, program_answers
from shared.contract.auth.commands import PROVINCES_MAX
from shared.contract.base import Command, Query
from shared.contract.values import Province, Secret, ServiceName
from shared.policies.scopes import SCOPES
from shared.services import SERVICES

ProgramName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,29}$")]
"""The name of a program account, which is its OAuth client id; none of our own programs' names."""
Scope = Annotated[str, StringConstraints(pattern=f"^({'|'.join(SCOPES)})$")]


class RequestProgramAccount(Command[base.Done], service="auth"):
    """Request a program account with these scopes and provinces, or other ones for an account, or a new secret for it.

    It waits for a second admin to grant it; then who has requested it takes the secret.
    """

    program: ProgramName
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=len(SCOPES))]
    provinces: Annotated[tuple[Province, ...], Field(min_length=1, max_length=PROVINCES_MAX)]


class GrantProgramAccount(Command[base.Done], service="auth"):
    """Grant what a colleague has requested about a program account, named by the id of that command."""

    program: ProgramName
    request: UUID


class DeclineProgramAccount(Command[base.Done], service="auth"):
    """Decline what a colleague has requested about a program account, or withdraw one's own request."""

    program: ProgramName
    request: UUID


class TakeProgramSecret(Command[program_answers.ProgramSecret], service="auth"):
    """Take the secret of a granted request, once, by who has requested it. Of two earlier secrets the older one ends."""

    program: ProgramName
    request: UUID


class EndProgramSecret(Command[base.Done], service="auth"):
    """End a secret of a program account, named by its request, and the access tokens got by it; one admin is enough."""

    program: ProgramName
    request: UUID


class RevokeProgramAccount(Command[base.Done], service="auth"):
    """Take everything from a program account at once, with its secrets and access tokens; one admin is enough."""

    program: ProgramName


class ListProgramAccounts(Query[program_answers.ProgramAccounts], service="auth"):
    """All program accounts with their secrets' last use, and what is requested about them; for admins."""


class IssueAccessToken(Command[program_answers.AccessToken], service="auth"):
    """Issue an access token for a program account by its secret; sent by the gateway. Answers alike for accounts that do not exist."""

    program: ProgramName
    secret: Secret
    scopes: Annotated[tuple[Annotated[str, StringConstraints(max_length=40)], ...], Field(max_length=20)] = ()
    """Without any, all that the account has."""
    address: Annotated[str, StringConstraints(max_length=45)] = ""
    """The network address of the attempt, for the delays; set by the gateway."""


class IssueProgramPassports(Command[answers.SignedPassports], service="auth"):
    """Sign short passports for the program account of an access token, as `IssuePassports` does for a session; sent by the gateway."""

    access_token: Secret
    services: Annotated[tuple[ServiceName, ...], Field(min_length=1, max_length=len(SERVICES))]
    command_id: UUID | None = None
    """The command that they are for; without one they are for queries only."""
