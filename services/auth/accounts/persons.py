"""Personal data of who holds an account; it lies in rows and never enters an event."""

from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Person:
    """Personal data of an account's holder."""

    first_name: str
    last_name: str
    national_code: str | None

    @property
    def masked_code(self) -> str:
        """The national code with only its end to be read: it may still be somebody's credential."""
        return f"********{self.national_code[-2:]}" if self.national_code else ""
