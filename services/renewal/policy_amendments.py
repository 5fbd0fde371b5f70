"""Corrections of a year's capacity policy: an officer's recorded act, which capacity follows; what it counts is not ours."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from services.renewal.renewals.projection import NOTES
from shared.contract import policy
from shared.contract.base import Event
from shared.contract.envelope import Recorded
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, events
from shared.event_store.decider import Decider


@dataclass(frozen=True)
class Amended:
    """The text that a year goes by since its last correction; None while there was none, and the first one counts."""

    text: str | None = None


def decide(command: commands.AmendPolicy, amended: Amended) -> list[Event]:
    """Put a correction on record, unless somebody else's came in between or it would change nothing."""
    if amended.text is not None and command.before != amended.text:
        raise Refused(Reason.CONFLICT)
    before, after = (tables(text, command.year) for text in (command.before, command.after))
    if after.says_the_same(before):
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


def tables(text: str, year: int) -> policy.Policy:
    """The policy of a year in a text, or a refusal that names its cells."""
    try:
        found = policy.parse(text, f"{year}.toml")
    except policy.PolicyError as error:
        raise Refused(
            Reason.POLICY_WRONG, {str(number): line for number, line in enumerate(str(error).splitlines(), start=1)}
        ) from None
    if found.year != year:
        raise Refused(Reason.POLICY_WRONG, {"year": str(found.year)})
    return found


def evolve(amended: Amended, event: Event) -> Amended:
    return Amended(event.after) if isinstance(event, events.PolicyAmended) else amended


POLICY: Decider[commands.AmendPolicy, Amended] = Decider(decide, evolve, Amended())


def stream(year: int) -> str:
    return f"policy/{year}"


def acts(connection: Connection, recorded: list[Recorded]) -> answers.PolicyActs:
    """What a year's stream tells, with the reasons."""
    found = [(one.position, one.event) for one in recorded]
    amendments = [(position, event) for position, event in found if isinstance(event, events.PolicyAmended)]
    notes = select(NOTES.c.note, NOTES.c.text).where(NOTES.c.note.in_([event.note for _, event in amendments]))
    reasons: dict[UUID, str] = {row.note: row.text for row in connection.execute(notes)}
    return answers.PolicyActs(
        acts=tuple(act(position, event, reasons.get(event.note, "")) for position, event in amendments)
    )


def act(position: int, told: events.PolicyAmended, reason: str) -> answers.PolicyAct:
    before, after = policy.parse(told.before), policy.parse(told.after)
    return answers.PolicyAct(
        year=told.year,
        position=position,
        by=told.amended_by,
        at=told.amended_at,
        reason=reason,
        version=after.version,
        changes=tuple(policy.changes(before, after)),
    )
