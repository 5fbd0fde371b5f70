"""The organization of a province: its name, telephone, address and hours of contact, from the file `organizations.toml`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import flask
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from clients.gateway.pdf_files import Letterhead
from shared.policies import policy_files
from shared.provinces import PROVINCES
from shared.text import persian

FILE = Path(__file__).parent / "organizations.toml"
LINE_LENGTH_MAX = 200
Line = Annotated[str, StringConstraints(max_length=LINE_LENGTH_MAX)]


class Organization(BaseModel):
    """What is said of one organization; empty where nothing is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line = ""
    telephone: Annotated[str, StringConstraints(pattern=r"^[0-9+ -]{0,20}$")] = ""
    contact_hours: Line = ""
    address: Line = ""
    deposit_account: Annotated[str, StringConstraints(pattern=r"^(IR[0-9]{24})?$")] = ""
    """The IBAN of the account where members may pay in by a slip."""

    @property
    def letterhead(self) -> Letterhead:
        """The name, with address and telephone below it."""
        telephone = f"تلفن \u2066{persian.digits_to_persian(self.telephone)}\u2069" if self.telephone else ""
        return Letterhead(self.name, tuple(filter(None, (self.address, telephone))))


class Organizations(BaseModel):
    """The organizations by province; one that the file does not name has its name alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: Mapping[str, Organization] = Field(default_factory=dict)

    def of_province(self, province: str) -> Organization:
        known = self.of.get(province, Organization())
        name = known.name or f"سازمان نظام مهندسی معدن استان {PROVINCES.get(province, province)}"
        return known.model_copy(update={"name": name})


def of_province(province: str) -> Organization:
    """The organization of a province, for the pages of this application."""
    organizations: Organizations = flask.current_app.extensions["organizations"]
    return organizations.of_province(province)


def load(file: Path | None = None) -> Organizations:
    """The organizations of a file; `PolicyError` names a wrong cell."""
    path = file or FILE
    return policy_files.parse(Organizations, path.read_text("utf-8"), path.name)
