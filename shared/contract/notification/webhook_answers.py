"""Answers about outgoing webhooks."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.base import Answer
from shared.contract.values import Value


class NewSecret(Answer):
    """The secret of a webhook, `whsec_` and Base64: shown when it is made, and never again."""

    webhook: UUID
    secret: str


class Webhook(Value):
    """An address of another program that events are sent to."""

    webhook: UUID
    url: str
    events: tuple[str, ...]
    provinces: tuple[str, ...]
    state: Literal["on", "failing", "disabled", "ended"]
    waiting: int
    """Events that have not arrived yet."""
    made_by: str
    made_at: AwareDatetime
    failing_since: AwareDatetime | None = None
    """The first failure after the last success."""
    disabled_at: AwareDatetime | None = None
    former_secret_until: AwareDatetime | None = None
    """Until when the former secret signs too; None where it does not."""
    ended_by: str = ""
    ended_at: AwareDatetime | None = None


class Webhooks(Answer):
    """The webhooks whose provinces the caller serves, the newest first."""

    webhooks: tuple[Webhook, ...]


class Delivery(Value):
    """An event that was or is to be sent to a webhook."""

    delivery: UUID
    event_id: UUID
    """It is sent as `webhook-id`, the same at each try."""
    event: str
    source: str
    position: int
    province: str
    recorded_at: AwareDatetime
    state: Literal["waiting", "delivered", "failed"]
    tries: int
    status: int
    """The answer to the last try, 0 without one."""
    cause: str = ""
    """Why the last try does not count."""
    tried_at: AwareDatetime | None = None
    next_at: AwareDatetime | None = None
    """When it is tried next; None where it is not."""


class Deliveries(Answer):
    """What became of the events of a webhook, the last first."""

    deliveries: tuple[Delivery, ...]
    total: int
