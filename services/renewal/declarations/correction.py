"""Return by field: the fields that a manager returns, as the event tells them, and whether a correction keeps to them; pure."""

from uuid import UUID, uuid5

from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands
from shared.contract.renewal.correction import DeclarationField, FieldFault, FieldToCorrect, ReturnedField, changed
from shared.contract.renewal.declaration import Declaration


def require_reasons(command: commands.ReturnRenewal) -> None:
    """A return names fields or a reason; a field is named once, and with words where the list has no fault for it."""
    if not command.fields and not command.reason:
        raise Refused(Reason.REASON_NEEDED, {"reason": "missing"})
    named: set[DeclarationField] = set()
    for index, field in enumerate(command.fields):
        if field.field in named:
            raise Refused(Reason.BAD_INPUT, {f"fields.{index}.field": "field_twice"})
        if field.fault is FieldFault.OTHER and not field.note:
            raise Refused(Reason.BAD_INPUT, {f"fields.{index}.note": "field_note_needed"})
        named.add(field.field)


def returned_fields(command: commands.ReturnRenewal) -> tuple[ReturnedField, ...]:
    """The fields without the manager's words, which are rows of their own."""
    return tuple(
        ReturnedField(field=one.field, fault=one.fault, note=note_id(command.id, one) if one.note else None)
        for one in command.fields
    )


def note_id(command_id: UUID, field: FieldToCorrect) -> UUID:
    """The row of a field's words, the same whenever the command arrives."""
    return uuid5(command_id, field.field)


def require_open(open_fields: tuple[DeclarationField, ...], before: Declaration | None, after: Declaration) -> None:
    """A correction of some fields changes no other; where the version before is erased, nothing can be compared."""
    if not open_fields or before is None:
        return
    if closed := [field for field in changed(before, after) if field not in open_fields]:
        raise Refused(Reason.FIELDS_CLOSED, {f"form.{field}": "field_closed" for field in closed})
