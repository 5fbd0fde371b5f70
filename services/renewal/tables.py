"""The tables of renewal: projections of auth's events and its own, and state that no event can give back."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, MetaData, String, Table, Text, Time, Uuid

from shared import personal_data
from shared.event_store.database import Instant
from shared.recorded_reads import READS
from shared.subscriptions.replay.jobs import REBUILDS
from shared.subscriptions.timers import TIMERS, Timers

STATE, PROJECTIONS = MetaData(), MetaData(info={"version": 4})
TABLES = (STATE, PROJECTIONS)

# --- projections of auth's events

MEMBERS = Table(
    "members",
    PROJECTIONS,
    Column("member", String(12), primary_key=True),
    Column("province", String(20), nullable=False),
    Column("licence", Text, nullable=False),
    Column("paid_through", Integer),
)
REGISTER_HISTORY = Table(
    "register_history",
    PROJECTIONS,
    Column("member", String(12), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("member_class", String(20), nullable=False),
    Column("paid_through", Integer),
    Column("changed_at", Instant, nullable=False),
)
"""Each entry that the register ever had of a member's class and payments: unpaid years go by the class of their time."""

OFFICERS = Table(
    "officers",
    PROJECTIONS,
    Column("officer", String(60), primary_key=True),
    Column("is_admin", Boolean, nullable=False),
    Column("manages", Text, nullable=False, default=""),
)
"""`manages` has the provinces of which the officer is a manager, each between blanks."""
SET_UPS = Table(
    "officer_set_ups",
    PROJECTIONS,
    Column("officer", String(60), primary_key=True),
    Column("by", String(60), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("is_alone", Boolean, nullable=False),
)
"""Who has appointed an officer, or reset the password, and when the last time; both by actor."""

# --- projections of the service's own events

RENEWALS = Table(
    "renewals",
    PROJECTIONS,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("province", String(20), nullable=False),
    Column("licence", Text, nullable=False),
    Column("status", String(12), nullable=False),
    Column("tracking_code", String(12), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("submitted_at", Instant),
    Column("review_due_at", Instant),
    Column("desk_place", Instant),
    Column("employment", Text),
    Column("jobs", Text, nullable=False, default="[]"),
    Column("member_class", String(20), nullable=False),
    Column("licence_fields", Text, nullable=False),
    Column("licence_ends", Boolean, nullable=False),
    Column("declaration_version", Integer, nullable=False, default=0),
    Column("job_count", Integer, nullable=False, default=0),
    Column("change", String(8)),
    Column("changed_parts", Text, nullable=False, default=""),
    Column("times_returned", Integer, nullable=False, default=0),
    Column("over_ceiling", Boolean, nullable=False, default=False),
    Column("degree_not_allowed", Boolean, nullable=False, default=False),
    Column("opened_at", Instant),
    Column("correction_due_at", Instant),
    Column("recalled_at", Instant),
    Column("recalled_versions", Text, nullable=False, default=""),
    Column("approved_by_rule", Boolean, nullable=False, default=False),
    Index("desk", "province", "status", "desk_place"),
    Index("renewals_by_tracking_code", "tracking_code"),
)
"""What the desk is sorted out by is in columns of its own; `change` is against the declaration before (`declarations/changes.py`).

`recalled_versions` are the versions that the member took back before a manager had opened them, each between blanks.
`over_ceiling` and `degree_not_allowed` are by the year's capacity policy (`declarations/limits.py`).
"""
AMENDED_POLICIES = Table(
    "amended_policies",
    PROJECTIONS,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("policy", Text, nullable=False),
)
"""The text of each year's capacity policy since its last amendment."""
DECISIONS = Table(
    "decisions",
    PROJECTIONS,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("member", String(12), nullable=False),
    Column("year", Integer, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("decided_by", String(60), nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("note", Uuid),
    Column("undone_at", Instant),
    Index("decisions_of_renewal", "member", "year"),
    Index("decisions_by_note", "note"),
)
MINE_CLAIMS = Table(
    "mine_claims",
    PROJECTIONS,
    Column("mine", Text, primary_key=True),
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("cadastre_code", String(30), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("claimed_at", Instant, nullable=False),
    Index("mine_claims_of_renewal", "member", "year"),
)
"""Each declaration's claim of a mine; `mine` is the cadastre code in its normal form."""

APPROVAL_RULES = Table(
    "approval_rules",
    PROJECTIONS,
    Column("province", String(20), primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("switched_by", String(60), nullable=False),
    Column("switched_at", Instant, nullable=False),
    Column("salt", Uuid, nullable=False),
)
"""Where unchanged and clean requests are approved by rule, since a province has first switched it on."""
ASSIGNMENTS = Table(
    "assignments",
    PROJECTIONS,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("officer", String(60), nullable=False),
    Column("until", Instant, nullable=False),
    Column("assigned_by", String(60), nullable=False),
    Column("assigned_at", Instant, nullable=False),
)
"""The last assignment of each renewal; whether it has ended is computed when it is read."""

# --- state

READS.to_metadata(STATE)
REBUILDS.to_metadata(STATE)
TIMERS.to_metadata(STATE)
APPROVALS = Timers("approval")
"""Requests that the approval rule is to look at, by `<member>/<year>`; the owner is the province."""

CALENDAR = Table(
    "calendar_days",
    STATE,
    Column("province", String(20), primary_key=True),
    Column("on", Date, primary_key=True),
    Column("opens", Time),
    Column("closes", Time),
    Column("label", String(120), nullable=False),
    Column("seeded", Boolean, nullable=False),
)
"""Days that differ from the week's rule: official holidays as seeded, and the days that officers set. No event gives back what was seeded."""
DECLARATIONS = Table(
    "declarations",
    STATE,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("submitted_at", Instant, nullable=False, index=True),
    Column("form", Text, nullable=False),
    Column("mobile", String(11), index=True),
)
"""`mobile` is that of the form, to find who declares the same one; None where a version without the column has written it."""
DRAFTS = Table(
    "drafts",
    STATE,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("fields", Text, nullable=False),
    Column("kept_at", Instant, nullable=False),
)
NOTES = Table(
    "notes",
    STATE,
    Column("note", Uuid, primary_key=True),
    Column("member", String(12), index=True),
    Column("text", Text, nullable=False),
    Column("written_at", Instant, nullable=False, index=True),
)
"""Reasons of decisions about members and policies, in rows of their own: free text may hold personal data, so it can be erased."""
CORRECTIONS = Timers("correction")
"""When a correction that a return awaits is due, by the return's note."""
CASE_NOTES = Table(
    "case_notes",
    STATE,
    Column("note", Uuid, primary_key=True),
    Column("member", String(12), nullable=False),
    Column("year", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("written_by", String(60), nullable=False),
    Column("written_at", Instant, nullable=False, index=True),
    Index("case_notes_of_renewal", "member", "year"),
)
"""Internal notes of managers about a case; no event has them."""
DEPUTIES = Table(
    "deputies",
    STATE,
    Column("officer", String(40), primary_key=True),
    Column("deputy", String(40), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("to_on", Date, nullable=False),
    Column("set_by", String(60), nullable=False),
    Column("set_at", Instant, nullable=False),
    Index("deputies_of_deputy", "deputy"),
)
"""Who stands in for an officer; both by officer name."""
personal_data.attach_tables(STATE)
