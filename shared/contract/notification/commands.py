"""Commands that notification decides."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contract import base
from shared.contract.base import Command
from shared.contract.notification import answers
from shared.contract.notification.values import Way
from shared.contract.text_types import AS_CODE
from shared.contract.values import Hour, ReasonText

AddressText = Annotated[str, StringConstraints(min_length=3, max_length=254)]
ProofCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$"), AS_CODE]
NOTICES_MAX = 100


class SetAddress(Command[answers.Contacts], service="notification"):
    """Set the caller's own mobile number or e-mail address; a code goes to it, and nothing else until the code is typed."""

    way: Way
    address: AddressText


class ProveAddress(Command[answers.Contacts], service="notification"):
    """Prove the caller's own address by the code that was sent to it."""

    way: Way
    code: ProofCode


class RemoveAddress(Command[answers.Contacts], service="notification"):
    """Remove the caller's own address."""

    way: Way


class SetChoices(Command[answers.Contacts], service="notification"):
    """Choose the ways and hours in which the caller is told."""

    ways: Annotated[tuple[Way, ...], Field(max_length=len(Way))]
    wants_reminders: bool
    quiet_from: Hour
    quiet_to: Hour


class MarkRead(Command[base.Done], service="notification"):
    """Mark notices of the caller's own inbox as read."""

    notices: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=NOTICES_MAX)]


class ResendNotice(Command[base.Done], service="notification"):
    """Send a notice once more; by a manager of the member's province, with a reason."""

    notice: UUID
    reason: ReasonText
