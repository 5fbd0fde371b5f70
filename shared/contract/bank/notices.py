"""What a bank sends over HTTP: its signed notice, and what a browser brings back from it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from shared.contract.values import Value

Authority = Annotated[str, StringConstraints(pattern="^[AS][0-9A-Za-z]{35}$")]
"""The bank's key of a payment attempt."""


class BankNotice(Value):
    """Something about a payment attempt has changed at the bank, which is asked what it is: nothing else here is believed."""

    authority: Authority


class BankCallback(Value):
    """What a browser brings back from the bank's page, in the address: unsigned, so the bank is asked whatever it says."""

    Authority: Authority
    Status: Literal["OK", "NOK"]
    attempt: UUID
    """The payment attempt, as we had it in the address that the bank was given."""
