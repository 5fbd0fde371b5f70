"""Every message of the contract shows whose rows its answer has, or is listed here with the reason why it shows nobody's."""

import typing
from collections.abc import Iterator
from types import UnionType
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from deploy.programs import PROGRAMS
from deploy.reference import programs
from shared import translations
from shared.contract.auth import answers as auth_answers
from shared.contract.auth import queries as auth_queries
from shared.contract.base import MEMBER_FIELDS, Command, Message, Query
from shared.contract.capacity import answers as capacity_answers
from shared.contract.capacity import queries as capacity_queries
from shared.contract.operations import answers as operations_answers
from shared.contract.operations import queries as operations_queries
from shared.contract.payment import answers as payment_answers
from shared.contract.payment import queries as payment_queries
from shared.contract.payment.finance_answers import Balance
from shared.contract.renewal import answers as renewal_answers
from shared.contract.renewal import queries as renewal_queries
from shared.nameko_extensions import ReadsRpc

ALL = programs.all_messages()
OWN = "the caller's own account"
ABOUT_OFFICERS = "officers and what they may do; nothing of members"
ABOUT_PROGRAMS = "program accounts and what they may do; nothing of members"
NOTHING = "answers that it was done, or counts"
FOR_PROGRAMS = "for our own programs alone, on behalf of a visitor who is no officer"
NO_MEMBERS = "an organization's rules, calendar or health"
OF_BANK = "the bank's lines by its own numbers, without members"
NUMBERS = "whose events or rows are affected, by number, for operators"

SHOWS_NOBODY = {
    **dict.fromkeys(("NewCaptcha", "GetCaptchaSound", "GetSignInRule", "SignIn", "SignOut", "ConfirmSession"), OWN),
    **dict.fromkeys(("ListSessions", "EndSession", "EndOtherSessions", "SetPassword", "GetSecondFactor"), OWN),
    **dict.fromkeys(("EnrolSecondFactor", "ConfirmSecondFactor", "RemoveSecondFactor", "IssuePassports"), OWN),
    **dict.fromkeys(("GetSecondStep", "GetPasskeySignIn", "SignInWithPasskey"), OWN),
    **dict.fromkeys(("BeginPasskey", "AddPasskey", "RenamePasskey", "RemovePasskey"), OWN),
    **dict.fromkeys(("RequestProgramAccount", "GrantProgramAccount", "DeclineProgramAccount"), ABOUT_PROGRAMS),
    **dict.fromkeys(("TakeProgramSecret", "EndProgramSecret", "RevokeProgramAccount"), ABOUT_PROGRAMS),
    **dict.fromkeys(("ListProgramAccounts", "IssueAccessToken", "IssueProgramPassports"), ABOUT_PROGRAMS),
    **dict.fromkeys(("ListSecurityEvents", "AcknowledgeSecurityEvents"), OWN),
    "IssueActivationCode": "a code that was made, and nothing of before",
    **dict.fromkeys(("IssueCardLink", "RevokeCardLink"), OWN),
    **dict.fromkeys(("GetOfficerNames", "ListOfficers", "AppointOfficer", "DismissOfficer"), ABOUT_OFFICERS),
    **dict.fromkeys(("GrantOfficerRequest", "DeclineOfficerRequest"), ABOUT_OFFICERS),
    **dict.fromkeys(("RequestErasure", "GrantErasure", "DeclineErasure"), NOTHING),
    **dict.fromkeys(("ResetMember", "UndoImport", "SaveDraft", "SetCalendarDay", "StartPayment"), NOTHING),
    **dict.fromkeys(("GetPaymentResult", "VerifyPayment", "CountHit", "FollowRenewal"), FOR_PROGRAMS),
    **dict.fromkeys(("ListPolicyActs", "AmendPolicy", "GrantPolicyAmendment", "DeclinePolicyAmendment"), NO_MEMBERS),
    **dict.fromkeys(("SwitchApprovalRule", "GetApprovalRule", "GetOfficeMonth"), NO_MEMBERS),
    **dict.fromkeys(("GetOfficeHours", "GetCalendar", "GetPolicy", "GetBankHealth", "GetTariff"), NO_MEMBERS),
    **dict.fromkeys(("GetCapacityOverview", "GetDeskOverview", "GetMoneyOverview"), "sums over a province"),
    **dict.fromkeys(("SetDeputy", "RemoveDeputy", "ListColleagues"), ABOUT_OFFICERS),
    "WriteCaseNote": NOTHING,
    **dict.fromkeys(("ListNotices", "CountUnread", "MarkRead", "GetContacts", "SetChoices"), OWN),
    **dict.fromkeys(("SetAddress", "ProveAddress", "RemoveAddress"), OWN),
    "ResendNotice": NOTHING,
    **dict.fromkeys(("AddWebhook", "RotateWebhookSecret", "EnableWebhook", "EndWebhook", "ReplayDeliveries"), NOTHING),
    **dict.fromkeys(("ListWebhooks", "ListDeliveries"), "programs of others, and events by their ids"),
    "GetProviderUse": "sums over a province",
    "GetRetention": "how many rows were deleted",
    **dict.fromkeys(
        ("OpenStatement", "AddStatementLines", "CountStatement", "GetStatement", "ListStatements"), OF_BANK
    ),
    **dict.fromkeys(("GetProjections", "GetRebuild", "RebuildProjections", "CancelRebuild"), NUMBERS),
    **dict.fromkeys(("GetSubscriptions", "GetMetrics", "ListParked", "RetryParked", "DropParked"), NUMBERS),
    **dict.fromkeys(("CompareSources", "TakeBack", "ListOrphanedEvents", "SettleOrphanedEvent"), NUMBERS),
    "FindEvents": "ids of events, for our own programs",
}


def shows_members(kind: type[Message[Any]]) -> bool:
    """Whether reads by this message are recorded: it names a member, its answer does, or it says itself whose rows it shows."""
    if kind.members_read not in (Message.members_read, Query.members_read):
        return True
    is_of_one = issubclass(kind, Query) and "member" in kind.model_fields
    return is_of_one or any(name in MEMBER_FIELDS for part in parts(kind.answer()) for name in part.model_fields)


def parts(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """An answer's class and those of all its parts."""
    yield kind
    for field in kind.model_fields.values():
        for inner in models_in(field.annotation):
            yield from parts(inner)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from models_in(argument)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_a_message_shows_whose_rows_it_reads_or_is_known_to_show_nobodys(kind: type[Message[Any]]) -> None:
    assert shows_members(kind) != (kind.__name__ in SHOWS_NOBODY)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_members_are_named_where_the_search_for_them_goes(kind: type[Message[Any]]) -> None:
    """It goes through models and tuples alone."""
    for part in parts(kind.answer()):
        for field in part.model_fields.values():
            assert not [one for one in others_than_tuples(field.annotation) if list(models_in(one))]


def others_than_tuples(annotation: Any) -> Iterator[Any]:
    origin = typing.get_origin(annotation)
    if origin not in (None, tuple, typing.Union, UnionType, typing.Annotated):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from others_than_tuples(argument)


@pytest.mark.parametrize("program", PROGRAMS)
def test_whoever_answers_officers_about_members_records_it(program: str) -> None:
    if any(shows_members(kind) for kind in programs.messages_of(program).values()):
        assert issubclass(PROGRAMS[program], ReadsRpc)


def test_a_query_about_one_member_reads_the_rows_of_that_one_and_of_all_whom_it_shows() -> None:
    own = renewal_queries.GetRenewal(member="001", year=1405)
    assert list(own.members_read(renewal_answers.MemberRenewal(current_year=1405))) == [("001", 1405)]
    balance = Balance(member="001", balance_rials=0, entries=())
    assert list(payment_queries.GetBalance(member="001").members_read(balance)) == [("001", None)]
    about: dict[str, Any] = {"year": 1404, "province": "yazd", "status": "submitted"}
    days = {"starts_on": "2026-01-01", "ends_on": "2026-02-01", "claimed_at": "2026-01-01T00:00Z"}
    mine = {"cadastre_code": "K12", "claims": [{**about, **days, "member": number} for number in ("001", "002")]}
    renewal = renewal_answers.Renewal.model_validate(
        {
            "member": "001",
            "year": 1405,
            "province": "yazd",
            "status": "submitted",
            "tracking_code": "XB1",
            "licence": {"member_class": "grade_2"},
            "requested_at": "2026-01-01T00:00Z",
            "contested_mines": [mine],
        }
    )
    found = renewal_answers.MemberRenewal(current_year=1405, renewal=renewal)
    assert list(own.members_read(found)) == [("001", 1405), ("002", 1404)]


def test_a_part_of_a_members_row_is_no_row_of_its_own() -> None:
    receipt = {"token": UUID(int=1), "province": "yazd", "series_year": 1405, "number": 1, "invoice_year": 1405}
    paid = {"amount_rials": 1, "paid_at": "2026-01-01T00:00Z", "issued_at": "2026-01-01T00:00Z"}
    invoice = {"member": "001", "year": 1405, "province": "yazd", "lines": [], "status": "settled", **paid}
    invoice |= {"payable_until": "2026-02-01T00:00Z", "receipts": [{**receipt, **paid, "member": "001"}]}
    page = payment_answers.Payments.model_validate({"invoices": [invoice], "total": 1})
    assert list(payment_queries.ListPayments(province="yazd").members_read(page)) == [("001", 1405)]


def test_a_list_reads_the_rows_of_each_member_on_its_page() -> None:
    names = auth_answers.MemberNames(names={"002": "آرمین", "003": "نگار"})
    query = auth_queries.GetMemberNames(members=("001", "002", "003"))
    assert list(query.members_read(names)) == [("002", None), ("003", None)]
    empty = capacity_answers.OverUse(capacities=(), total=7)
    assert list(capacity_queries.ListOverUse(province="yazd", year=1405).members_read(empty)) == []
    log = operations_answers.RecordedEvents(events=(), head=0)
    assert list(operations_queries.ReadEvents(after=0).members_read(log)) == [("", None)]


def test_a_command_reads_only_what_it_answers() -> None:
    for kind in ALL:
        if issubclass(kind, Command):
            assert kind.members_read is Message.members_read


MEMBERS_OWN = {
    "RequestRenewal",
    "SubmitDeclaration",
    "WithdrawRenewal",
    "RecallDeclaration",
    "AddMemberNote",
    "RenewInvoice",
    "CheckPayment",
    "GetCardLink",
    "GetPersonalData",
}
OF_PROGRAMS = {"OpenCardLink", "GetReceipt", "GetCapacityBand"}


def test_whatever_an_officer_can_read_has_a_name_in_words() -> None:
    readable = {kind.__name__ for kind in ALL if shows_members(kind)} - MEMBERS_OWN - OF_PROGRAMS
    assert translations.group("read").keys() == readable
