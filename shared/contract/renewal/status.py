"""The states of a renewal, as answers and queries name them."""

from typing import Literal

RenewalStatus = Literal["requested", "submitted", "returned", "approved", "rejected", "withdrawn", "expired"]
