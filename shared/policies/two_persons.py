"""Two persons: whether one officer may grant what another requests, by who has set up whose account lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta

INDEPENDENT_AFTER = timedelta(days=30)
"""So long an officer does not grant what somebody requests whom the officer has set up, nor the other way round."""


@dataclass(frozen=True)
class SetUp:
    """The last time that somebody appointed an officer or reset the password, and so may know it."""

    at: datetime
    is_alone: bool
    """Whether nobody had to grant it."""


def are_independent(asker_set_up_by_granter: SetUp | None, granter_set_up_by_asker: SetUp | None, at: datetime) -> bool:
    """Neither of the two may have set up the other lately, for a password that somebody else has chosen proves no second person.

    The one exception is how an organization starts: the only admin appoints a second one, and grants what that one
    requests; the other way round the rule holds.
    """
    if granter_set_up_by_asker is not None and at - granter_set_up_by_asker.at < INDEPENDENT_AFTER:
        return False
    if asker_set_up_by_granter is None or asker_set_up_by_granter.is_alone:
        return True
    return at - asker_set_up_by_granter.at >= INDEPENDENT_AFTER
