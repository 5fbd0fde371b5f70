"""Standard Webhooks signatures with several secrets at once: the sender signs with the first, the receiver takes any."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pydantic import SecretStr
from standardwebhooks import Webhook, WebhookVerificationError


class Signatures:
    """Signs and checks over id, timestamp and raw body; a secret that is no Base64 fails when the program starts."""

    def __init__(self, secrets: Sequence[SecretStr]) -> None:
        self._webhooks = [Webhook(secret.get_secret_value()) for secret in secrets]

    @property
    def can_sign(self) -> bool:
        """Whether there is any secret."""
        return bool(self._webhooks)

    def are_good(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether one of the secrets signed this body within five minutes of now."""
        return any(is_signed(webhook, headers, body) for webhook in self._webhooks)

    def headers(self, notice_id: str, body: str, at: datetime) -> dict[str, str]:
        """The headers of a notice sent at a moment."""
        utc = at.astimezone(UTC)
        return {
            "webhook-id": notice_id,
            "webhook-timestamp": str(int(utc.timestamp())),
            "webhook-signature": self._webhooks[0].sign(notice_id, utc, body),
        }


def is_signed(webhook: Webhook, headers: Mapping[str, str], body: bytes) -> bool:
    try:
        webhook.verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # ValueError: a signature or body that cannot even be decoded
        return False
    return True
