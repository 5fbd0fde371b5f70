"""The epoch of a log: a UUID made with it, and another one at each restore, so that followers notice positions that are used again."""

from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, select, update

from shared.event_store.log import HEAD

EPOCH = select(HEAD.c.epoch, HEAD.c.epoch_began_at)


class Epoch(NamedTuple):
    """The epoch of a log (nothing where version 0.1.0 made it), and the last position that it has in common with the one before."""

    epoch: str
    began_at: int


def epoch_of(connection: Connection) -> Epoch:
    """The present epoch of the log."""
    return Epoch(*connection.execute(EPOCH).one())


def begin_epoch(connection: Connection, epoch: UUID | None = None) -> Epoch:
    """Give a restored log a new epoch, before its program starts: its next events have positions that others may have followed already."""
    connection.execute(update(HEAD).values(epoch=str(epoch or uuid4()), epoch_began_at=HEAD.c.position))
    return epoch_of(connection)
