"""Every setting of every program, from `TAMDID_*` environment variables, each with its default."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.provinces import PROVINCES

Port = Annotated[int, Field(ge=0, le=65_535)]
PROXIES_MAX = 10


class Settings(BaseSettings):
    """What a deployment may change. The defaults are the standalone instance of `make run`."""

    model_config = SettingsConfigDict(env_prefix="TAMDID_", extra="ignore")

    var: Path = Path("var")
    """Where the standalone instance keeps its data."""
    broker_url: str = "embedded://standalone"
    """AMQP URL, or `embedded://<name>` for the broker inside the process."""
    database_url: str = "sqlite:///{var}/{program}.db"
    """SQLAlchemy URL; `{program}` and `{var}` are filled in."""
    keys: Path | None = None
    """Folder with `<program>.pem` (own private key) and `<program>.pub` (everybody's public keys); default `{var}/keys`."""
    host: str = "127.0.0.1"
    gateway_port: Port = 8000
    bank_port: Port = 8001
    health_port: Port = 0
    """Where a program tells whether it lives and is ready; 0 is nowhere."""
    public_url: str = ""
    """The gateway's address as browsers see it; default `http://127.0.0.1:<gateway_port>`."""
    bank_public_url: str = ""
    """The bank program's address as the bank and, in development, browsers see it."""
    bank_url: str = ""
    """The bank's own API; default the sandbox bank of the bank program."""
    merchant_id: str = "11111111-2222-4333-8444-555555555555"
    bank_kind: Literal["zarinpal", "mellat"] = "zarinpal"
    """Whose interface the bank speaks: ZarinPal's, or the two-phase one of Mellat's shape."""
    bank_terminal: str = ""
    bank_user: str = ""
    bank_password: SecretStr = SecretStr("")
    """Who we are to a bank of the second kind."""
    bank_haste: Annotated[int, Field(ge=1)] = 1
    """How many times sooner than in life we ask the bank again about what is unfinished; for rehearsals."""
    webhook_secrets: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """Secrets of the bank's notices, `whsec_` and Base64, with commas between; two during a rotation."""
    page_secret: SecretStr = SecretStr("")
    """Signs the pages' form tokens."""
    first_admin_password: SecretStr | None = None
    """Makes the officer `admin` where there is no officer yet."""
    development: bool = False
    """Opens the sandbox bank, and shows security phrases as text."""
    home_province: str = "isfahan"
    """Whose organization the pages speak for: its name, and its office hours on the start page."""
    trusted_proxies: Annotated[int, Field(ge=0, le=PROXIES_MAX)] = 0
    """How many reverse proxies stand before the pages; what they say of a visitor's address is believed."""
    policies: Path | None = None
    """Folder with the capacity policies by year, such as `1405.toml`; default those that the program came with."""
    challenge: Literal["always", "after-failures", "never"] = "always"
    """When a sign-in must solve a security phrase."""

    @field_validator("home_province")
    @classmethod
    def known(cls, province: str) -> str:
        if province not in PROVINCES:
            raise ValueError(f"known are {', '.join(PROVINCES)}")
        return province

    @field_validator("webhook_secrets", mode="before")
    @classmethod
    def one_or_two(cls, value: object) -> object:
        """The secrets of a text with commas."""
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @property
    def keys_folder(self) -> Path:
        """Where the passports' keys lie."""
        return self.keys or self.var / "keys"

    @property
    def policies_folder(self) -> Path:
        """Where the capacity policies lie."""
        return self.policies or Path(__file__).parent.parent / "services" / "capacity" / "policies"

    def database_of(self, program: str) -> str:
        """The SQLAlchemy URL of a program's own database."""
        return self.database_url.format(var=self.var.absolute(), program=program)

    @property
    def portal_url(self) -> str:
        """The gateway's address for browsers, without a slash at its end."""
        return (self.public_url or f"http://127.0.0.1:{self.gateway_port}").rstrip("/")

    @property
    def bank_portal_url(self) -> str:
        """The bank program's address for the bank and for browsers, without a slash at its end."""
        return (self.bank_public_url or f"http://127.0.0.1:{self.bank_port}").rstrip("/")

    @property
    def bank_api_url(self) -> str:
        """The bank's API from server to server, without a slash at its end."""
        return (self.bank_url or f"http://127.0.0.1:{self.bank_port}").rstrip("/")
