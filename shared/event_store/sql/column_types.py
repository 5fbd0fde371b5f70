"""Types of columns that every database has alike."""

from sqlalchemy import String


def bytewise(length: int) -> String:
    """A text that is ordered by its bytes on every database, so that an index finds all that begin alike."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")
