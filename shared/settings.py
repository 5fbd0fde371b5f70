"""Every setting of every program, from `TAMDID_*` environment variables, each with its default."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.provinces import PROVINCES

Port = Annotated[int, Field(ge=0, le=65_535)]
PROXIES_MAX = 10
SmsProvider = Literal["kavenegar", "smsir", "melipayamak", "ghasedak"]
CONTACT = r"^((mailto:|tel:|https://)[!-~]+)?$"
"""An address as RFC 9116 wants it, of one line."""
MAIL_ADDRESS = r"^([!#-;=?A-~]+@[A-Za-z0-9.-]+)?$"


class Settings(BaseSettings):
    """What a deployment may change. The defaults are the standalone instance of `make run`."""

    model_config = SettingsConfigDict(env_prefix="TAMDID_", extra="ignore", use_attribute_docstrings=True)

    var: Path = Path("var")
    """The folder for the data of a standalone instance."""
    broker_url: str = "in-memory://standalone"
    """AMQP URL, or `in-memory://<name>` for the broker inside the process; of a cluster the URL of each node, separated by `;`."""
    broker_ca: Path | None = None
    """File with the CA by which the broker of an `amqps` URL is verified; default the system's CAs."""
    database_url: str = "sqlite:///{var}/{program}.db"
    """SQLAlchemy URL; `{program}` and `{var}` are filled in. `?sslmode=verify-full&sslrootcert=FILE` verifies PostgreSQL's server; `?host=A:5432&host=B:5432` finds the primary among several."""
    migration_url: str = ""
    """SQLAlchemy URL of the tables' owner for `tamdid database upgrade`; `{program}` is filled in. No program is given it."""
    migrate_at_start: bool = False
    """Whether a program that starts migrates a database that has data. The standalone instance (`all`) always does; an empty database is always set up."""
    rollback_possible: bool = False
    """Whether copies of the version before may start again: then no event is recorded of a type that its log has never had a version for. See docs/upgrading.md."""
    keys: Path | None = None
    """Folder with `<program>.pem` (own private key) and `<program>.pub` (everybody's public keys); default `{var}/keys`."""
    host: str = "127.0.0.1"
    """The address that pages and health are served on."""
    gateway_port: Port = 8000
    """The port of the pages and the JSON API."""
    bank_port: Port = 8001
    """The port of the bank's notices and of the sandbox bank."""
    phone_host: str = "127.0.0.1"
    """Where programs find the phone in development."""
    phone_port: Port = 8002
    """The port of the phone: in development, the fakes of the SMS providers and the page with the messages that would have come."""
    phone_smtp_port: Port = 8025
    """The port of the phone's mail server, in development."""
    health_port: Port = 0
    """The port of `/live` and `/ready` for a supervisor, and of `/metrics` for Prometheus; 0: none."""
    public_url: str = ""
    """The gateway's address as browsers see it, requests for another host are refused; default `http://127.0.0.1:<gateway_port>`."""
    bank_public_url: str = ""
    """The bank program's address as the bank and, in development, browsers see it; requests for another host are refused."""
    bank_url: str = ""
    """The bank's own API; default the sandbox bank of the bank program."""
    merchant_id: str = "11111111-2222-4333-8444-555555555555"
    """The organization's merchant id at a bank of kind `zarinpal`."""
    bank_kind: Literal["zarinpal", "mellat"] = "zarinpal"
    """The interface of the bank: `zarinpal`, or `mellat` for a bank of two phases (verify, settle)."""
    bank_since: AwareDatetime | None = None
    """Since when the organization has this bank and merchant, where it had another before (ISO 8601 with the offset); what was begun earlier is asked about nowhere. See docs/operations.md."""
    bank_terminal: str = ""
    """The organization's terminal id at a bank of kind `mellat`."""
    bank_user: str = ""
    """The user name of that terminal."""
    bank_password: SecretStr = SecretStr("")
    """The password of that terminal."""
    bank_time_scale: Annotated[int, Field(ge=1)] = 1
    """Divides the waiting times between inquiries at the bank about unfinished payments; for rehearsals only."""
    sms_providers: Annotated[tuple[SmsProvider, ...], NoDecode] = ()
    """The SMS providers in the order in which they are tried, separated by commas: `kavenegar`, `smsir`, `melipayamak`, `ghasedak`; without one no SMS is sent. In development `kavenegar`."""
    sms_keys: SecretStr = SecretStr("")
    """The key of each SMS provider, `<name>=<key>` separated by commas."""
    sms_url: str = ""
    """The address before `/<name>` of every SMS provider, for rehearsals; default each provider's own, and in development the phone's."""
    smtp_url: SecretStr = SecretStr("")
    """The mail server, `smtps://<user>:<password>@<host>:<port>` for TLS from the start, `smtp://…` for STARTTLS, `smtp+plain://…` for neither (with a user on this machine alone); without one no e-mail is sent. In development the phone's."""
    mail_from: Annotated[str, Field(pattern=MAIL_ADDRESS)] = ""
    """The address that e-mail is sent from."""
    message_time_scale: Annotated[int, Field(ge=1)] = 1
    """Divides the time within which a message must arrive, and the waiting times between inquiries about it; for rehearsals only."""
    webhook_secrets: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """Secrets that sign the bank's notices (`whsec_…`, Base64), separated by commas; two during a rotation."""
    page_secret: SecretStr = SecretStr("")
    """Signs the pages' form tokens."""
    first_admin_password: SecretStr | None = None
    """Creates the officer `admin` with this password where there is no officer yet."""
    development: bool = False
    """Opens the sandbox bank, and shows security phrases as text, lets officers keep the passwords they are given: never in production."""
    home_province: str = "isfahan"
    """The province of the organization whose name, office hours and telephone the pages show."""
    trusted_proxies: Annotated[int, Field(ge=0, le=PROXIES_MAX)] = 0
    """How many reverse proxies are in front of the pages; that many entries of `X-Forwarded-For` are trusted."""
    security_contact: Annotated[str, Field(pattern=CONTACT)] = ""
    """Whom `/.well-known/security.txt` names for reports of a weakness: a `mailto:`, `tel:` or `https:` address; without one the file is not there."""
    policies: Path | None = None
    """Folder with the capacity policies by year, such as `1405.toml`; default those that the program came with."""
    templates: Path | None = None
    """Folder with the texts of messages, `fa.toml`; default those that the program came with. `tamdid notices templates check` checks one."""
    organizations: Path | None = None
    """File with the telephone and address of each province's organization; default the one that the program came with, `clients/gateway/organizations.toml`."""
    evidence: Path | None = None
    """Folder to which each log's last seal is written daily, to be kept elsewhere for `tamdid log verify --evidence`; default none."""
    trace: bool = False
    """Writes a span of each request, call, command and event to `{var}/traces.jsonl`; needs the extra `trace`, as do OpenTelemetry's own `OTEL_EXPORTER_OTLP_*`."""
    second_factor: Literal["optional", "required"] = "optional"
    """Whether officers need a second factor for acts about money and about officers; who has one gives a code for them in any case."""
    first_sign_in: Literal["code", "activation"] = "code"
    """What opens the first sign-in of a member without a password: the national `code`, or a one-time `activation` code that a manager prints."""
    challenge: Literal["always", "work", "after-failures", "never"] = "always"
    """When a sign-in must solve a security phrase (captcha); with `work` the browser may do a proof of work for it, where it has scripts."""
    challenge_bits: Annotated[int, Field(ge=1, le=20)] = 8
    """How much work: each bit doubles it. A telephone of the middle class needs about a second for 8."""

    @field_validator("home_province")
    @classmethod
    def require_known_province(cls, province: str) -> str:
        if province not in PROVINCES:
            raise ValueError(f"known are {', '.join(PROVINCES)}")
        return province

    @field_validator("bank_since")
    @classmethod
    def require_past(cls, since: datetime | None) -> datetime | None:
        """A payment that is begun before it would never be asked about."""
        if since is not None and since > datetime.now(UTC):
            raise ValueError("must not be in the future")
        return since

    @field_validator("webhook_secrets", "sms_providers", mode="before")
    @classmethod
    def split_at_commas(cls, value: object) -> object:
        """The parts of a text with commas."""
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @property
    def work_bits(self) -> int:
        """How much work may stand for a security phrase; 0: none."""
        return self.challenge_bits if self.challenge == "work" else 0

    @property
    def keys_folder(self) -> Path:
        """Where the passports' keys are."""
        return self.keys or self.var / "keys"

    @property
    def policies_folder(self) -> Path:
        """Where the capacity policies are."""
        return self.policies or Path(__file__).parent.parent / "services" / "capacity" / "policies"

    @property
    def sms_order(self) -> tuple[SmsProvider, ...]:
        """The SMS providers in the order in which they are tried."""
        return self.sms_providers or (("kavenegar",) if self.development else ())

    @property
    def templates_folder(self) -> Path:
        """Where the texts of messages are."""
        return self.templates or Path(__file__).parent.parent / "services" / "notification" / "templates"

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
    def phone_url(self) -> str:
        """The phone's address in development, without a slash at its end."""
        return f"http://{self.phone_host}:{self.phone_port}"

    @property
    def bank_api_url(self) -> str:
        """The bank's API from server to server, without a slash at its end."""
        return (self.bank_url or f"http://127.0.0.1:{self.bank_port}").rstrip("/")
