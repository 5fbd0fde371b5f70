"""Which rows of capacity are about members: all of them follow from events, which hold numbers and no text of anybody."""

from services.capacity.tables.projections import FACTS, LINES, SUMMARIES
from services.capacity.tables.state import LOCK, POLICIES
from shared import recorded_reads
from shared.personal_data import Declaration, Kind, by_member
from shared.subscriptions.replay.jobs import REBUILDS

PERSONAL_DATA = Declaration(
    kinds=(
        recorded_reads.KIND,
        Kind("capacity_facts", FACTS, by_member(FACTS), kept="capacity"),
        Kind("capacity_lines", LINES, by_member(LINES), kept="capacity"),
        Kind("capacity_summary", SUMMARIES, by_member(SUMMARIES), kept="capacity"),
    ),
    without_members=(POLICIES, REBUILDS, LOCK),
)
