"""The reasons for a refusal, as codes; their sentences are in `shared/translations`."""

from collections.abc import Mapping
from enum import StrEnum


class Reason(StrEnum):
    """Why a command or query is refused; a refused command records nothing."""

    BAD_INPUT = "bad_input"
    NOT_SIGNED_IN = "not_signed_in"
    NOT_ALLOWED = "not_allowed"
    DEADLINE_PASSED = "deadline_passed"
    NO_ANSWER = "no_answer"
    CONFLICT = "conflict"
    WRONG_CREDENTIALS = "wrong_credentials"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    WRONG_CAPTCHA = "wrong_captcha"
    WRONG_CODE = "wrong_code"
    CODE_NEEDED = "code_needed"
    SECOND_FACTOR_NEEDED = "second_factor_needed"
    SECOND_FACTOR_ON = "second_factor_on"
    WRONG_PASSKEY = "wrong_passkey"
    PASSKEY_TAKEN = "passkey_taken"
    TOO_MANY_PASSKEYS = "too_many_passkeys"
    UNKNOWN_PASSKEY = "unknown_passkey"
    WEAK_PASSWORD = "weak_password"  # noqa: S105 - a code, not a secret
    PASSWORD_NEEDED = "password_needed"  # noqa: S105 - a code, not a secret
    HAS_PASSWORD = "has_password"  # noqa: S105 - a code, not a secret
    ACTIVATION_OFF = "activation_off"
    UNKNOWN_MEMBER = "unknown_member"
    MEMBER_ERASED = "member_erased"
    UNKNOWN_OFFICER = "unknown_officer"
    UNKNOWN_PROGRAM = "unknown_program"
    ROLES_EXCLUDED = "roles_excluded"
    UNKNOWN_LINK = "unknown_link"
    UNKNOWN_NOTICE = "unknown_notice"
    UNKNOWN_WEBHOOK = "unknown_webhook"
    TOO_MANY_WEBHOOKS = "too_many_webhooks"
    TOO_MANY_RESENDS = "too_many_resends"
    """Its detail `until` is when the notice may be sent once more."""
    NOT_THIS_YEAR = "not_this_year"
    NOT_REQUESTED = "not_requested"
    ALREADY_SUBMITTED = "already_submitted"
    ALREADY_DECIDED = "already_decided"
    NOT_SUBMITTED = "not_submitted"
    NOT_WITHDRAWABLE = "not_withdrawable"
    REVIEW_OPENED = "review_opened"
    CORRECTION_LATE = "correction_late"
    TOO_MANY_NOTES = "too_many_notes"
    UNDO_OVER = "undo_over"
    REASON_NEEDED = "reason_needed"
    FIELDS_CLOSED = "fields_closed"
    HELD_BY_COLLEAGUE = "held_by_colleague"
    """Its details are the `officer` who holds the renewal, by actor, and `held_until`."""
    NOT_A_COLLEAGUE = "not_a_colleague"
    ALREADY_CONFIRMED = "already_confirmed"
    """Its details are the `officer` who has confirmed the payment, by actor, and `confirmed_at`."""
    NO_INVOICE = "no_invoice"
    INVOICE_EXPIRED = "invoice_expired"
    INVOICE_OUTDATED = "invoice_outdated"
    INVOICE_REPLACED = "invoice_replaced"
    INVOICE_CANCELLED = "invoice_cancelled"
    OWN_REQUEST = "own_request"
    OWN_WAIVER = "own_waiver"
    UNKNOWN_REQUEST = "unknown_request"
    CHANGED_SINCE = "changed_since"
    NOT_INDEPENDENT = "not_independent"
    REQUESTER_DISMISSED = "requester_dismissed"
    TOO_MUCH = "too_much"
    REFERENCE_COUNTED = "reference_counted"
    REFUND_IN_FLIGHT = "refund_in_flight"
    REFUND_UNKNOWN = "refund_unknown"
    REFUND_RECORDED = "refund_recorded"
    REFUND_GRANTED = "refund_granted"
    """A granted refund of the invoice's money is neither recorded nor declined."""
    REVERSAL_REQUESTED = "reversal_requested"
    GIVEN_BACK_BY_BANK = "given_back_by_bank"
    UNKNOWN_STATEMENT = "unknown_statement"
    STATEMENT_COUNTED = "statement_counted"
    STATEMENT_WRONG = "statement_wrong"
    STATEMENT_CORRECTED = "statement_corrected"
    OWN_CORRECTION = "own_correction"
    OWN_STATEMENT = "own_statement"
    DAY_NOT_OVER = "day_not_over"
    UNKNOWN_IMPORT = "unknown_import"
    IMPORT_UNDONE = "import_undone"
    IMPORT_FOLLOWED = "import_followed"
    NO_TARIFF = "no_tariff"
    NO_POLICY = "no_policy"
    POLICY_WRONG = "policy_wrong"
    NOTHING_CHANGES = "nothing_changes"
    ALREADY_PAID = "already_paid"
    PAYMENT_UNKNOWN = "payment_unknown"
    PAYMENT_HELD = "payment_held"
    PAYMENT_UNDER_WAY = "payment_under_way"
    """A deposit slip would count beside an online payment that the bank has not decided yet."""
    UNKNOWN_PAYMENT = "unknown_payment"
    UNKNOWN_RECEIPT = "unknown_receipt"
    PAYMENT_NOT_SETTLED = "payment_not_settled"
    BELOW_BANK_MINIMUM = "below_bank_minimum"
    """Its details are the `least_rials` that the bank takes."""
    BANK_UNREACHABLE = "bank_unreachable"
    BANK_BUSY = "bank_busy"
    NO_CAPACITY = "no_capacity"
    NOT_PARKED = "not_parked"
    SOURCE_REPLACED = "source_replaced"
    """A source no longer has an event that was followed, or what was taken back of it awaits a rebuild."""
    NOT_ORPHANED = "not_orphaned"
    REBUILD_RUNNING = "rebuild_running"
    NEWER_VERSION_NEEDED = "newer_version_needed"
    """A later version of the program has recorded an event in the stream that this one does not know."""
    UPGRADE_UNFINISHED = "upgrade_unfinished"
    """It would record an event that the version before does not know, which may start again."""


ID_TAKEN = "id_of_another_command"
"""The detail of `CONFLICT` about a command's `id`."""


class Refused(Exception):  # noqa: N818 - a word of the domain, not a programming error
    """A command or query is refused: nothing was recorded. It crosses the wire as itself.

    `details` maps a field's dotted name (or a fact such as `until`) to a text for the reader.
    """

    def __init__(self, reason: str, details: Mapping[str, str] | None = None) -> None:
        self.reason = Reason(reason)
        self.details = dict(details or {})
        super().__init__(self.reason.value, self.details)

    def __str__(self) -> str:
        notes = "".join(f" [{name}: {text}]" for name, text in self.details.items())
        return f"{self.reason.value}{notes}"
