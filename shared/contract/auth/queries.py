"""Queries that auth answers."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contract.auth import answers, erasure_answers, search_answers, security_answers
from shared.contract.base import Query
from shared.contract.bounds import PAGE_MAX, Limit
from shared.contract.text_types import AS_LINE
from shared.contract.values import (
    MembershipNo,
    OfficerName,
    Province,
    Secret,
)


class GetSignInRule(Query[answers.SignInRule], service="auth"):
    """Must this account solve a captcha? Answers alike for accounts that do not exist."""

    principal_kind: Annotated[str, StringConstraints(pattern="^(member|officer)$")]
    name: Annotated[str, StringConstraints(max_length=40)]
    address: Annotated[str, StringConstraints(max_length=45)] = ""
    known_device: Secret | None = None


class GetCaptchaSound(Query[answers.CaptchaSound], service="auth"):
    """The security phrase, spoken."""

    captcha_id: UUID


class ListSessions(Query[answers.Sessions], service="auth"):
    """The caller's own open sessions; `session` is the one that the list marks as this one."""

    session: Secret | None = None


class GetSecondStep(Query[answers.SecondStep], service="auth"):
    """How a session can be confirmed that waits for its second step, or that is open."""

    session: Secret


class GetPasskeySignIn(Query[answers.PasskeyOptions], service="auth"):
    """The options for a sign-in by a passkey alone; `browser` is a secret of the browser, to which they are bound."""

    browser: Secret


class ListSecurityEvents(Query[security_answers.SecurityEvents], service="auth"):
    """The security events of the caller's own account."""


class GetSecondFactor(Query[answers.SecondFactor], service="auth"):
    """Whether the caller's account has a second factor."""


class GetMember(Query[answers.MemberCard], service="auth"):
    """The register's entry of a member; for the member and the officers of the province."""

    member: MembershipNo


class GetCardLink(Query[answers.CardLink], service="auth"):
    """The member's own link for strangers, and when it was opened."""

    member: MembershipNo


class GetMemberNames(Query[answers.MemberNames], service="auth"):
    """Full names for a page of a desk; only members of the officer's provinces are named."""

    members: Annotated[tuple[MembershipNo, ...], Field(max_length=PAGE_MAX)]
    officers: Annotated[tuple[OfficerName, ...], Field(max_length=PAGE_MAX)] = ()
    """Officers that the page names beside them, as by `GetOfficerNames`."""

    def members_read(self, answer: answers.MemberNames) -> Iterator[tuple[str, int | None]]:
        yield from ((member, None) for member in answer.names)


class SearchMembers(Query[search_answers.FoundMembers], service="auth"):
    """Members of a province by the beginning of each word of the name in any spelling, by number or by national code; for its managers."""

    province: Province
    text: Annotated[str, StringConstraints(min_length=1, max_length=100), AS_LINE]
    limit: Limit = 20


class GetOfficerNames(Query[answers.OfficerNames], service="auth"):
    """Full names of officers, also of dismissed ones, for pages that name who did something; for members and officers."""

    officers: Annotated[tuple[OfficerName, ...], Field(max_length=PAGE_MAX)]


class ListOfficers(Query[answers.Officers], service="auth"):
    """All officers, and what is requested about them; for admins."""


class ListErasures(Query[erasure_answers.ErasureRequests], service="auth"):
    """The erasures that wait for a second admin; for admins."""
