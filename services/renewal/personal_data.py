"""Which rows of renewal are about members: texts of declarations and decisions can be erased, what the events say stays."""

from services.renewal.tables import (
    AMENDED_POLICIES,
    APPROVAL_RULES,
    ASSIGNMENTS,
    CALENDAR,
    CASE_NOTES,
    DECISIONS,
    DECLARATIONS,
    DEPUTIES,
    DRAFTS,
    MEMBERS,
    MINE_CLAIMS,
    NOTES,
    OFFICERS,
    REGISTER_HISTORY,
    RENEWALS,
    SET_UPS,
    STATE,
)
from shared import recorded_reads
from shared.personal_data import Declaration, Kind, by_member
from shared.subscriptions.replay.jobs import REBUILDS
from shared.subscriptions.timers import TIMERS

PERSONAL_DATA = Declaration(
    kinds=(
        recorded_reads.KIND,
        Kind("register", MEMBERS, by_member(MEMBERS)),
        Kind("drafts", DRAFTS, by_member(DRAFTS), age=DRAFTS.c.kept_at),
        Kind("declarations", DECLARATIONS, by_member(DECLARATIONS), age=DECLARATIONS.c.submitted_at),
        Kind("decision_notes", NOTES, by_member(NOTES), age=NOTES.c.written_at),
        Kind("case_notes", CASE_NOTES, by_member(CASE_NOTES), age=CASE_NOTES.c.written_at),
        Kind("register_history", REGISTER_HISTORY, by_member(REGISTER_HISTORY), kept="accounts"),
        Kind("renewals", RENEWALS, by_member(RENEWALS), kept="accounts"),
        Kind("decisions", DECISIONS, by_member(DECISIONS), kept="accounts"),
        Kind("assignments", ASSIGNMENTS, by_member(ASSIGNMENTS), kept="accounts"),
        Kind("mine_claims", MINE_CLAIMS, by_member(MINE_CLAIMS), kept="capacity"),
    ),
    without_members=(
        *(APPROVAL_RULES, OFFICERS, SET_UPS, DEPUTIES, AMENDED_POLICIES, CALENDAR),
        *(STATE.tables[TIMERS.name], REBUILDS),
    ),
)
