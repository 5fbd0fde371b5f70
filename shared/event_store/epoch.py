"""The epochs of a log: a UUID made with it, and another one at each restore, so that followers notice positions that are used again."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, insert, select, update

from shared.event_store import log
from shared.event_store.log import EPOCH_LENGTH, HEAD
from shared.event_store.sql.prepared import Prepared
from shared.event_store.sql.privileges import APPEND_ONLY

FORMER = Table(
    "former_epochs",
    log.TABLES,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("epoch", String(EPOCH_LENGTH), nullable=False),
    Column("began_at", BigInteger, nullable=False),
    info=APPEND_ONLY,
)
"""The epochs before the present one, from 1. A backup has those of its moment: what it does not have is no part of the restored log's past."""

EPOCH = Prepared(select(HEAD.c.epoch, HEAD.c.epoch_began_at))


class Epoch(NamedTuple):
    """An epoch of a log (nothing where version 0.1.0 made it), and the last position that it has in common with the one before."""

    epoch: str
    began_at: int


def epoch_of(connection: Connection) -> Epoch:
    """The present epoch of the log."""
    return Epoch(*EPOCH.first(connection))


def epochs_of(connection: Connection) -> Sequence[Epoch]:
    """All epochs of the log, the present one last."""
    former = select(FORMER.c.epoch, FORMER.c.began_at).order_by(FORMER.c.number)
    return [*(Epoch(*row) for row in connection.execute(former)), epoch_of(connection)]


def begin_epoch(connection: Connection, epoch: UUID | None = None) -> Epoch:
    """Give a restored log a new epoch, before its program starts: its next events have positions that others may have followed already."""
    epochs = epochs_of(connection)
    connection.execute(insert(FORMER).values(number=len(epochs), **epochs[-1]._asdict()))
    connection.execute(update(HEAD).values(epoch=str(epoch or uuid4()), epoch_began_at=HEAD.c.position))
    return epoch_of(connection)
