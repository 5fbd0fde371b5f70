"""Commands that notification decides."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contract import base
from shared.contract.base import Command
from shared.contract.notification import answers, webhook_answers
from shared.contract.notification.values import Way
from shared.contract.text_types import AS_CODE
from shared.contract.values import Hour, Instant, Province, ReasonText
from shared.provinces import PROVINCES

AddressText = Annotated[str, StringConstraints(min_length=3, max_length=254)]
ProofCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$"), AS_CODE]
NOTICES_MAX = 100
WebhookUrl = Annotated[str, StringConstraints(min_length=10, max_length=500), AS_CODE]
EventName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z]{2,58}$")]
EVENTS_MAX = 100


class SetAddress(Command[answers.Contacts], service="notification"):
    """Set the caller's own mobile number or e-mail address; a code goes to it, and nothing else until the code is typed.

    In place of a proved one it needs a session that was confirmed lately; once it is proved, the one before is told so.
    """

    way: Way
    address: AddressText


class ProveAddress(Command[answers.Contacts], service="notification"):
    """Prove the caller's own address by the code that was sent to it."""

    way: Way
    code: ProofCode


class RemoveAddress(Command[answers.Contacts], service="notification"):
    """Remove the caller's own address; a proved one by a session that was confirmed lately, and it is told so."""

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
    """Send a notice once more, three times a day at most; by a manager of the member's present province, with a reason."""

    notice: UUID
    reason: ReasonText


class AddWebhook(Command[webhook_answers.NewSecret], service="notification"):
    """Have events of renewals of these provinces sent to a URL, signed; by an admin of all of them."""

    url: WebhookUrl
    events: Annotated[tuple[EventName, ...], Field(min_length=1, max_length=EVENTS_MAX)]
    provinces: Annotated[tuple[Province, ...], Field(min_length=1, max_length=len(PROVINCES))]


class RotateWebhookSecret(Command[webhook_answers.NewSecret], service="notification"):
    """Give a webhook another secret; for a day the one before signs too."""

    webhook: UUID


class EnableWebhook(Command[base.Done], service="notification"):
    """Send to a disabled webhook again, also what has happened since."""

    webhook: UUID


class EndWebhook(Command[base.Done], service="notification"):
    """End a webhook for good: nothing is sent to it any more."""

    webhook: UUID


class ReplayDeliveries(Command[base.Done], service="notification"):
    """Send one event to a webhook again, or those since an instant that have not arrived: the 5,000 oldest that were given up, then those that failed."""

    webhook: UUID
    delivery: UUID | None = None
    since: Instant | None = None
    """Where no delivery is named."""
