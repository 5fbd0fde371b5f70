"""Queries about renewals: one with its declarations and decisions, the last declaration, and how far a request is."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Text, and_, bindparam, func, literal, select

from services.renewal.renewals.projection import JOBS
from services.renewal.renewals.state import Member
from services.renewal.tables import DECISIONS, DECLARATIONS, MEMBERS, NOTES, RENEWALS
from shared.contract import upcasting
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.renewal import answers, events
from shared.contract.renewal.correction import opened
from shared.contract.renewal.declaration import Declaration
from shared.contract.values import Employment, Licence, Role
from shared.event_store.log import EVENTS
from shared.event_store.sql import by_key
from shared.event_store.sql.prepared import Prepared

OF_RETURN = and_(EVENTS.c.position == DECISIONS.c.position, DECISIONS.c.outcome == "returned")
DECIDED = Prepared(
    select(
        DECISIONS.c.outcome,
        DECISIONS.c.decided_by.label("by"),
        DECISIONS.c.decided_at.label("at"),
        func.coalesce(NOTES.c.text, "").label("reason"),
        DECISIONS.c.note.label("decision"),
        DECISIONS.c.undone_at,
        EVENTS.c.data,
    )
    .outerjoin(NOTES, NOTES.c.note == DECISIONS.c.note)
    .outerjoin(EVENTS, OF_RETURN)
    .where(DECISIONS.c.member == bindparam("of_member"), DECISIONS.c.year == bindparam("of_year"))
    .order_by(DECISIONS.c.position)
)
NOTES_ADDED = Prepared(
    select(EVENTS.c.data)
    .where(EVENTS.c.stream == bindparam("of"), EVENTS.c.type == events.MemberNoteAdded.__name__)
    .order_by(EVENTS.c.version)
)

LAST_FORM = Prepared(
    select(DECLARATIONS.c.form)
    .where(DECLARATIONS.c.member == bindparam("of_member"))
    .order_by(DECLARATIONS.c.year.desc(), DECLARATIONS.c.version.desc())
    .limit(1)
)
RECALLED = func.coalesce(RENEWALS.c.recalled_versions, "")
OWN_RENEWAL = and_(RENEWALS.c.member == DECLARATIONS.c.member, RENEWALS.c.year == DECLARATIONS.c.year)
EARLIER_FORM = Prepared(
    select(DECLARATIONS.c.form)
    .outerjoin(RENEWALS, OWN_RENEWAL)
    .where(
        DECLARATIONS.c.member == bindparam("of_member"),
        DECLARATIONS.c.year < bindparam("before"),
        ~RECALLED.contains(literal(" ") + DECLARATIONS.c.version.cast(Text) + literal(" ")),
    )
    .order_by(DECLARATIONS.c.year.desc(), DECLARATIONS.c.version.desc())
    .limit(1)
)


def find_member(connection: Connection, number: str) -> Member | None:
    """A member by auth's events."""
    row = by_key.find(connection, MEMBERS, {"member": number})
    return Member(row.province, Licence.model_validate_json(row.licence)) if row else None


def find_renewal(connection: Connection, number: str, year: int) -> answers.Renewal | None:
    """One renewal, with its declarations and decisions."""
    row = by_key.find(connection, RENEWALS, {"member": number, "year": year})
    if row is None:
        return None
    recalled = {int(version) for version in row.recalled_versions.split()}
    sent = declarations(connection, number, year)
    parts = {
        "declarations": tuple(one for one in sent if one.version not in recalled),
        "decisions": tuple(decisions(connection, number, year)),
        "member_notes": tuple(member_notes(connection, number, year)),
    }
    found = as_answer(row._asdict()).model_copy(update=parts)
    fields = found.decision.fields if found.decision and found.status == "returned" else ()
    return found.model_copy(update={"open_fields": opened(one.field for one in fields)})


def follow(connection: Connection, tracking_code: str) -> answers.FollowedRenewal | None:
    """How far the request with a tracking code is; the newest where a code was given out twice."""
    query = select(RENEWALS).where(RENEWALS.c.tracking_code == tracking_code).order_by(RENEWALS.c.requested_at.desc())
    row = connection.execute(query.limit(1)).mappings().first()
    return answers.FollowedRenewal.model_validate(dict(row)) if row else None


def province_of(connection: Connection, number: str, year: int) -> str | None:
    """The province of a renewal; None where there is none."""
    row = by_key.find(connection, RENEWALS, {"member": number, "year": year})
    return None if row is None else row.province


def declarations(connection: Connection, number: str, year: int) -> Sequence[answers.DeclarationOnFile]:
    """All versions of a renewal's declaration, the oldest first."""
    return [
        answers.DeclarationOnFile.model_validate({**row._asdict(), "form": Declaration.model_validate_json(row.form)})
        for row in by_key.find_all(connection, DECLARATIONS, {"member": number, "year": year}, "version")
    ]


def newest_version(connection: Connection, number: str, year: int) -> int:
    """The newest version of a renewal's declaration, 0 before the first."""
    query = select(func.max(DECLARATIONS.c.version)).where(DECLARATIONS.c.member == number, DECLARATIONS.c.year == year)
    return connection.execute(query).scalar() or 0


def last_form(connection: Connection, number: str, year: int) -> Declaration | None:
    """The newest version of a renewal's declaration, for what a correction changes of it."""
    found = by_key.find_all(connection, DECLARATIONS, {"member": number, "year": year}, "version")
    return Declaration.model_validate_json(found[-1].form) if found else None


def last_declaration(connection: Connection, number: str) -> Declaration | None:
    """The newest declaration of any year, to fill the next form with."""
    row = LAST_FORM.first(connection, {"of_member": number})
    return Declaration.model_validate_json(row.form) if row else None


def earlier_declaration(connection: Connection, number: str, year: int) -> Declaration | None:
    """The newest declaration of the years before one, to compare its own with; without recalled ones."""
    row = EARLIER_FORM.first(connection, {"of_member": number, "before": year})
    return Declaration.model_validate_json(row.form) if row else None


def decisions(connection: Connection, number: str, year: int) -> Sequence[answers.Decision]:
    """The decisions on a renewal, the oldest first, with the reasons and notes of fields that a member reads."""
    return [
        answers.Decision.model_validate({**row._asdict(), "fields": field_notes(connection, row.data)})
        for row in DECIDED.rows(connection, {"of_member": number, "of_year": year})
    ]


def member_notes(connection: Connection, number: str, year: int) -> Sequence[answers.MemberNote]:
    """What the member has added to declarations on the desk, the oldest first; nothing of what was erased."""
    rows = NOTES_ADDED.rows(connection, {"of": f"renewal/{number}/{year}"})
    added = [upcasting.read(events.MemberNoteAdded, row.data) for row in rows]
    texts = texts_of(connection, (one.note for one in added))
    return [
        answers.MemberNote(declaration_version=one.declaration_version, text=texts[one.note], at=one.added_at)
        for one in added
        if one.note in texts
    ]


def field_notes(connection: Connection, data: str | None) -> tuple[answers.FieldNote, ...]:
    """The fields of a return by the data of its event, with the manager's words."""
    fields = upcasting.read(events.RenewalReturned, data).fields if data else ()
    texts = texts_of(connection, (field.note for field in fields if field.note))
    return tuple(
        answers.FieldNote(field=one.field, fault=one.fault, note=texts.get(one.note, "") if one.note else "")
        for one in fields
    )


def texts_of(connection: Connection, notes: Iterable[UUID]) -> dict[UUID, str]:
    """The texts of these notes; nothing of what was erased."""
    return {row.note: row.text for row in by_key.find_among(connection, NOTES, "note", notes)}


def visible_to(caller: Passport, answer: answers.MemberRenewal) -> answers.MemberRenewal:
    """Leave out the declarations for officers who are no managers: the forms have addresses and phone numbers, also in free texts."""
    if caller.principal_kind is not PrincipalKind.OFFICER or Role.MANAGER in caller.roles:
        return answer
    renewal = answer.renewal and answer.renewal.model_copy(update={"declarations": (), "member_notes": ()})
    return answer.model_copy(update={"renewal": renewal, "last_declaration": None, "earlier_declaration": None})


def as_answer(row: RowMapping | dict[str, Any]) -> answers.Renewal:
    parts = {
        "licence": Licence.model_validate_json(row["licence"]),
        "employment": Employment.model_validate_json(row["employment"]) if row["employment"] else None,
        "jobs": JOBS.validate_json(row["jobs"]),
    }
    return answers.Renewal.model_validate({**row, **parts})
