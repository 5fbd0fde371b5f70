"""Types of text in the contract: cleaned as they enter, so that pages, API, files and command line store the same."""

from collections.abc import Callable

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from shared.text import cleaning, persian


def _cleaned(clean: Callable[[str], str]) -> BeforeValidator:
    """Clean a text before its length is held against the limits; whatever is no text is left for pydantic to refuse."""
    return BeforeValidator(lambda value: clean(value) if isinstance(value, str) else value)


def _whole(value: object) -> object:
    if isinstance(value, str) and not value.isascii() and cleaning.HALF_CHARACTERS.search(value):
        raise PydanticCustomError("string_unicode", "half a character")
    return value


WHOLE_CHARACTERS = BeforeValidator(_whole)
"""What pydantic holds of every plain text and not of a secret: no unpaired surrogate."""
AS_LINE = _cleaned(cleaning.line)
"""One line as it was written, such as a name or an address."""
AS_PARAGRAPHS = _cleaned(cleaning.paragraphs)
"""Lines as they were written, such as a note or a reason."""
AS_CODE = _cleaned(persian.normalise)
"""A code, such as a bank's reference: with ASCII digits, whichever keyboard gave them."""
AS_NUMBER_CODE = _cleaned(persian.without_separators)
"""A code of digits alone, such as a postal code: without separators."""
AS_MOBILE = _cleaned(lambda text: persian.mobile(text) or persian.normalise(text))
"""A mobile number, with the country's prefix or without."""
