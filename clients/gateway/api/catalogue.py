"""Catalogue of the commands and queries that the JSON API offers, by service and method, and those that need no session."""

from collections.abc import Mapping
from typing import Any

from shared.contract.auth import commands as auth_commands
from shared.contract.auth import passkey_commands, program_commands
from shared.contract.auth import queries as auth_queries
from shared.contract.base import Message
from shared.contract.capacity import queries as capacity_queries
from shared.contract.catalogue import MESSAGES
from shared.contract.operations import commands as operations_commands
from shared.contract.operations import queries as operations_queries
from shared.contract.payment import commands as payment_commands
from shared.contract.payment import queries as payment_queries
from shared.contract.renewal import queries as renewal_queries
from shared.services import FOLLOWERS, SERVICES, SOURCES, WITH_MEMBERS

SUBSCRIPTION_MESSAGES: tuple[type[Message[Any]], ...] = (
    operations_queries.GetSubscriptions,
    operations_queries.ListParked,
    operations_commands.RetryParked,
    operations_commands.DropParked,
    operations_queries.CompareSources,
    operations_queries.ListOrphanedEvents,
    operations_commands.TakeBack,
    operations_commands.SettleOrphanedEvent,
)
MESSAGES_OF_ALL: tuple[type[Message[Any]], ...] = (operations_queries.ListReads, operations_queries.GetMetrics)
PERSONAL_DATA_MESSAGES: tuple[type[Message[Any]], ...] = (
    operations_queries.GetRetention,
    operations_queries.GetErasureReport,
    operations_queries.GetPersonalData,
)
PROJECTION_MESSAGES: tuple[type[Message[Any]], ...] = (
    operations_queries.GetProjections,
    operations_queries.GetRebuild,
    operations_commands.RebuildProjections,
    operations_commands.CancelRebuild,
)
INTERNAL = {
    auth_commands.IssuePassports,
    program_commands.IssueAccessToken,
    program_commands.IssueProgramPassports,
    payment_commands.VerifyPayment,
    payment_queries.GetPaymentResult,
    payment_queries.GetReceipt,
    auth_commands.OpenCardLink,
    auth_commands.CountHit,
    capacity_queries.GetCapacityBand,
    operations_queries.FindEvents,
    renewal_queries.FollowRenewal,
}
"""Messages that our own programs send, on behalf of others or for themselves; a caller of the API must not send them as this program."""
OPEN = {
    auth_commands.NewCaptcha,
    auth_commands.SignIn,
    auth_commands.SignOut,
    auth_commands.ConfirmSession,
    passkey_commands.SignInWithPasskey,
    auth_queries.GetSignInRule,
    auth_queries.GetSecondStep,
    auth_queries.GetPasskeySignIn,
    auth_queries.GetCaptchaSound,
    renewal_queries.GetOfficeHours,
    payment_queries.GetTariff,
}
"""Messages that need no session: they open one, end the one they name, or query what is public."""

WITH_ADDRESS = {auth_commands.SignIn, auth_commands.NewCaptcha, auth_queries.GetSignInRule}
"""Messages that bring the network address of their sender, which the gateway sets."""


def has_one_service(kind: type[Message[Any]]) -> bool:
    """Whether a message is for one service; the others name the service in each call."""
    return "service" in vars(kind)


OFFERED: Mapping[tuple[str, str], type[Message[Any]]] = {
    **{
        (kind.service, kind.method): kind
        for kind in MESSAGES.values()
        if has_one_service(kind) and kind not in INTERNAL
    },
    **{(service, operations_queries.ReadEvents.method): operations_queries.ReadEvents for service in SOURCES},
    **{(service, kind.method): kind for service in SERVICES for kind in MESSAGES_OF_ALL},
    **{(service, kind.method): kind for service in FOLLOWERS for kind in SUBSCRIPTION_MESSAGES},
    **{(service, kind.method): kind for service in WITH_MEMBERS for kind in PERSONAL_DATA_MESSAGES},
    **{(service, kind.method): kind for service in WITH_MEMBERS for kind in PROJECTION_MESSAGES},
}
"""The messages of the API, by service and method."""
