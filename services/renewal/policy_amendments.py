"""Amendments of a year's capacity policy: recorded here with officer and reason, applied by the capacity service."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, insert, select

from services.renewal.tables import NOTES
from shared import capacity_policy
from shared.capacity_policy import Policy
from shared.contract.base import Event
from shared.contract.envelope import Recorded
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, events
from shared.event_store.decider import Decider
from shared.policy_files import PolicyError


@dataclass(frozen=True)
class AmendedPolicy:
    """The policy text of a year since its last amendment; None before the first one."""

    text: str | None = None


def decide(command: commands.AmendPolicy, amended: AmendedPolicy) -> list[Event]:
    """Record an amendment, unless somebody else's came in between or it would change nothing."""
    if amended.text is not None and command.before != amended.text:
        raise Refused(Reason.CONFLICT)
    before, after = (parse(text, command.year) for text in (command.before, command.after))
    if after.has_same_tables(before):
        raise Refused(Reason.NOTHING_CHANGES)
    return [
        events.PolicyAmended(
            year=command.year,
            before=command.before,
            after=command.after,
            digest=after.digest,
            note=command.id,
            amended_by=command.actor,
            amended_at=command.at,
        )
    ]


def parse(text: str, year: int) -> Policy:
    """The policy of a year in a text, or a refusal that names its cells."""
    try:
        found = capacity_policy.parse(text, f"{year}.toml")
    except PolicyError as error:
        raise Refused(
            Reason.POLICY_WRONG, {str(number): line for number, line in enumerate(str(error).splitlines(), start=1)}
        ) from None
    if found.year != year:
        raise Refused(Reason.POLICY_WRONG, {"year": str(found.year)})
    return found


def evolve(_before: AmendedPolicy, event: events.PolicyAmended) -> AmendedPolicy:
    return AmendedPolicy(event.after)


POLICY: Decider[commands.AmendPolicy, AmendedPolicy] = Decider(decide, evolve, AmendedPolicy())


def stream_of(year: int) -> str:
    return f"policy/{year}"


def save_reason(connection: Connection, command: commands.AmendPolicy) -> None:
    connection.execute(insert(NOTES).values(note=command.id, text=command.reason))


def acts(connection: Connection, recorded: list[Recorded]) -> answers.PolicyActs:
    """The amendments of a year's stream, with their reasons."""
    found = [(one.position, one.event) for one in recorded]
    amendments = [(position, event) for position, event in found if isinstance(event, events.PolicyAmended)]
    notes = select(NOTES.c.note, NOTES.c.text).where(NOTES.c.note.in_([event.note for _, event in amendments]))
    reasons: dict[UUID, str] = {row.note: row.text for row in connection.execute(notes)}
    return answers.PolicyActs(
        acts=tuple(act(position, event, reasons.get(event.note, "")) for position, event in amendments)
    )


def act(position: int, event: events.PolicyAmended, reason: str) -> answers.PolicyAct:
    before, after = capacity_policy.parse(event.before), capacity_policy.parse(event.after)
    return answers.PolicyAct(
        year=event.year,
        position=position,
        by=event.amended_by,
        at=event.amended_at,
        reason=reason,
        version=after.version,
        changes=tuple(capacity_policy.changes(before, after)),
    )
