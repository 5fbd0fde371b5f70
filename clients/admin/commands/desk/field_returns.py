"""`--field NAME=FAULT[:NOTE]`: a field of the declaration that is returned for correction, with what is wrong with it."""

from collections.abc import Sequence
from typing import Annotated

import typer

from shared import translations
from shared.contract.renewal.correction import DeclarationField, FieldFault, FieldToCorrect
from shared.text import cleaning, persian

NOTE_LENGTH_MAX = 500
"""As the contract's `FieldNoteText`: checked before anything is sent."""


def field_to_correct(text: str) -> FieldToCorrect:
    """`mobile=outdated` or `mobile=other:words`; the fault by its code, or by its name in either language."""
    name, _, rest = text.partition("=")
    fault, _, words = rest.partition(":")
    return FieldToCorrect(field=field_of(name.strip()), fault=fault_of(fault), note=note_of(words))


def field_of(name: str) -> DeclarationField:
    if name not in list(DeclarationField):
        raise typer.BadParameter(f"{name!r} is not a field; known are {', '.join(DeclarationField)}")
    return DeclarationField(name)


def fault_of(typed: str) -> FieldFault:
    key = persian.search_key(typed.replace("_", " "))
    for fault in FieldFault:
        names = (translations.group("field_fault", language)[fault] for language in ("fa", "en"))
        if key in {persian.search_key(name) for name in (fault.replace("_", " "), *names)}:
            return fault
    raise typer.BadParameter(f"{typed!r} is not a fault; known are {', '.join(FieldFault)}")


def note_of(words: str) -> str:
    note = cleaning.paragraphs(words)
    if len(note) > NOTE_LENGTH_MAX:
        raise typer.BadParameter(translations.field_error(f"longer_than:{NOTE_LENGTH_MAX}:{len(note)}", "en"))
    return note


def require_whole(fields: Sequence[FieldToCorrect], reason: str | None) -> None:
    """Refuse as wrong usage what the service would refuse for every member."""
    if not fields and reason is None:
        raise typer.BadParameter("give a --reason, or the fields that are wrong by --field")
    named = [one.field for one in fields]
    if len(named) != len(set(named)):
        raise typer.BadParameter(translations.field_error("field_twice", "en"), param_hint="--field")
    if any(one.fault is FieldFault.OTHER and not one.note for one in fields):
        raise typer.BadParameter(translations.field_error("field_note_needed", "en"), param_hint="--field")


Fields = Annotated[
    list[FieldToCorrect] | None,
    typer.Option(
        "--field", metavar="NAME=FAULT[:NOTE]", parser=field_to_correct,
        help="A field to be corrected, such as mobile=outdated, with words after a colon; once for each. Only these are open then.",
    ),
]  # fmt: skip
