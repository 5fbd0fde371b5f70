"""Answers of auth to its commands and queries."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contract.base import Answer
from shared.contract.passport import Passport
from shared.contract.values import Licence, Role


class Captcha(Answer):
    """A captcha as a picture, or as sound by `GetCaptchaSound`; `hint` is its text in development only."""

    captcha_id: UUID
    image_png: str
    """Base64."""
    expires_at: AwareDatetime
    hint: str | None = None
    work: str = ""
    """What a proof of work that may stand for the phrase is of; empty where none may."""
    work_bits: int = 0
    """With how many zero bits PBKDF2-SHA-256 of it must begin; its salt is the number that answers: `work:<number>`."""
    work_iterations: int = 0


class CaptchaSound(Answer):
    """The same phrase spoken, in Base64."""

    sound_wav: str


class SignInRule(Answer):
    """Whether the next sign-in of this account must solve a captcha."""

    captcha_needed: bool


class Session(Answer):
    """An opened session; the token is a secret of the browser's cookie or of the CLI's own file."""

    token: str
    passport: Passport
    expires_at: AwareDatetime
    known_device: str = ""
    """The token by which this device is known from now on; a secret too."""
    must_change_password: bool = False
    """As in `SignedPassports`."""
    needs_code: bool = False
    """The session waits for `ConfirmSession`, and opens nothing before."""


class Passkey(Answer):
    """A passkey of an account, by the name that its holder has given it."""

    passkey_id: str
    name: str
    added_at: AwareDatetime
    used_at: AwareDatetime | None = None


class SecondFactor(Answer):
    """Whether an account has a second factor, of which kinds, and how many recovery codes are left."""

    is_on: bool
    recovery_codes_left: int
    has_code: bool = False
    """Whether it has an authenticator of one-time codes."""
    passkeys: tuple[Passkey, ...] = ()


class SecondStep(Answer):
    """The ways by which a session can be confirmed; a recovery code is always one, but without a second factor there is the password alone."""

    has_code: bool
    passkey_options: str = ""
    """What the browser needs for the account's passkeys, as JSON (WebAuthn); empty where there are none."""
    by_password: bool = False


class PasskeyOptions(Answer):
    """What the browser needs to make or use a passkey, as JSON (WebAuthn). Its challenge is good for minutes, once, and here only."""

    options: str


class SecondFactorSecret(Answer):
    """What an authenticator needs: the secret to type, or the address of a QR code."""

    secret: str
    uri: str


class RecoveryCodes(Answer):
    """Codes that each stand once for one of the authenticator; they are stored as hashes only."""

    codes: tuple[str, ...]


class OpenSession(Answer):
    """A session that its holder can end. The network address is not stored: it changes in mobile networks, and is personal data."""

    session_id: str
    device: str
    """The family of browser and system, such as `firefox-android`; empty where unknown."""
    opened_at: AwareDatetime
    used_at: AwareDatetime
    """To the minute."""
    is_this: bool


class Sessions(Answer):
    """Open sessions, the last used first."""

    sessions: tuple[OpenSession, ...]


class SignedPassports(Answer):
    """Signed passports of the session's holder by service, good for a few minutes."""

    tokens: dict[str, str]
    passport: Passport
    expires_at: AwareDatetime
    must_change_password: bool = False
    """An officer's first password is for one sign-in: the passport has no rights until the holder has chosen another."""
    has_security_news: bool = False
    """Whether there are security events that the holder has not acknowledged."""
    full_name: str = ""
    """The holder's, where that is an officer."""


class MemberCard(Answer):
    """The register's entry of a member; the name is personal data and shown only to those who may see it."""

    member: str
    first_name: str
    last_name: str
    national_code_masked: str
    province: str
    licence: Licence
    paid_through: int | None
    has_own_password: bool
    password_reset_at: AwareDatetime | None = None
    """When an officer has taken back the member's credentials, until the member sets a password."""
    erased_at: AwareDatetime | None = None
    """When the personal data was erased, on two admins' decision; then the number is all there is."""


class CardLink(Answer):
    """The member's link for strangers (`token`, None while there is none), and how often it was opened, newest times first."""

    token: str | None
    issued_at: AwareDatetime | None = None
    views: int = 0
    viewed_at: tuple[AwareDatetime, ...] = ()


class CheckedMember(Answer):
    """The content of a stranger's page; `member` is for the gateway alone, which reads the capacity by it."""

    member: str
    first_name: str
    last_name: str
    province: str
    licence: Licence
    paid_through: int | None


class OfficerCard(Answer):
    """An officer and what the officer may do."""

    officer: str
    full_name: str
    roles: tuple[Role, ...]
    provinces: tuple[str, ...]


class OfficerRequest(Answer):
    """What an admin has requested about an officer and a second one has to grant; `granters` may, the others may not.

    Without `roles` it is the officer's dismissal.
    """

    request: UUID
    officer: str
    full_name: str = ""
    roles: tuple[Role, ...] = ()
    provinces: tuple[str, ...] = ()
    sets_credential: bool = False
    requested_by: str
    requested_at: AwareDatetime
    granters: tuple[str, ...] = ()
    """The admins who may grant it, by officer name."""
    hindrance: str = ""
    """The reason for which the one who asks may not grant it; empty where nothing hinders."""


class Officers(Answer):
    """All officers, and the open requests about them."""

    officers: tuple[OfficerCard, ...]
    requests: tuple[OfficerRequest, ...] = ()


class MemberNames(Answer):
    """Full names by membership number, and of officers as in `OfficerNames`; erased or unknown members are missing."""

    names: dict[str, str]
    officers: dict[str, str] = Field(default_factory=dict)


class OfficerNames(Answer):
    """Full names by officer name; who was never appointed is missing."""

    names: dict[str, str]


class RegisterChange(Answer):
    """A column of a member's entry before and after an import; of national codes only the last digits."""

    column: str
    before: str
    after: str


class RegisterRowResult(Answer):
    """The outcome of one row of an import (`row` counts from the batch's first); `errors` maps columns to error codes."""

    row: int
    outcome: Literal["enrolled", "changed", "unchanged", "wrong"]
    errors: dict[str, str] = Field(default_factory=dict)
    changes: tuple[RegisterChange, ...] = ()
    held_by: str = ""
    """The member who has the national code that another one is given."""
    member: str = ""
    """Whose entry of before is shown in the changes."""


class ImportReport(Answer):
    """The outcome of each row of an imported batch."""

    rows: tuple[RegisterRowResult, ...]


class UndoneImport(Answer):
    """How many members' entries an undone import has restored, and how many members it has removed."""

    changed: int
    removed: int
