"""Queries that several pages send: the member's register entry, invoices, capacity, fee estimate, and names."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import flask

from clients.gateway.web import rpc
from clients.gateway.web.session import Visitor
from shared.contract import bounds
from shared.contract.auth import queries as auth_queries
from shared.contract.auth.answers import MemberCard
from shared.contract.capacity import queries as capacity_queries
from shared.contract.capacity.answers import Capacity, JobUnits
from shared.contract.passport import PrincipalKind
from shared.contract.payment import queries as payment_queries
from shared.contract.payment.answers import BankHealth, FeeEstimate, Invoice, Payments
from shared.contract.payment.finance_answers import MoneyTask
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal.answers import MemberRenewal
from shared.contract.values import APPROVAL_RULE, Employment, Job
from shared.services import OWN_PROGRAMS

HOME_PROVINCE = "home_province"
"""In the browser's cookie of forms, which ends with the session: the member's own province, for the head of each page."""

NOTICES_KEPT = timedelta(minutes=1)


def member_card(visitor: Visitor, number: str = "") -> MemberCard | None:
    """A member's entry in the register, the visitor's own if none is named; None while auth does not answer."""
    member = number or visitor.name
    try:
        card = visitor.call_if_known(auth_queries.GetMember(member=member))
        if card and visitor.is_member and flask.session.get(HOME_PROVINCE) != card.province:
            flask.session[HOME_PROVINCE] = card.province
        return card
    except Refused as refused:
        if refused.reason is Reason.UNKNOWN_MEMBER:
            raise Refused(Reason.UNKNOWN_MEMBER, {"member": member}) from None
        raise


def member_names(visitor: Visitor, members: Iterable[str], actors: Iterable[str] = ()) -> dict[str, str]:
    """Full names by membership number, as far as auth answers; with one query those of officers among the actors too."""
    unique, officers = tuple(dict.fromkeys(members)), unknown_officers(visitor, actors)
    if not unique and not officers:
        return {}
    answer = visitor.call_if_known(auth_queries.GetMemberNames(members=unique, officers=officers))
    officer_names().update(dict.fromkeys(officers, "") | (answer.officers if answer else {}))
    return answer.names if answer else {}


def invoices(visitor: Visitor) -> tuple[Invoice, ...] | None:
    """The visitor's own invoices; None while payment does not answer."""
    answer = visitor.call_if_known(payment_queries.GetInvoices(member=visitor.name))
    return answer.invoices if answer else None


def invoice(visitor: Visitor, year: int, number: str = "") -> Invoice:
    """A member's invoice of a year, the visitor's own if none is named; refused where there is none, or no such member."""
    of_member = visitor.call(payment_queries.GetInvoices(member=number or visitor.name)).invoices
    of_year = next((each for each in of_member if each.year == year), None)
    if of_year is None:
        if number:
            member_card(visitor, number)
        raise Refused(Reason.NO_INVOICE)
    return of_year


def payment_notices(visitor: Visitor, province: str, late_before: datetime | None) -> Payments:
    """How many payments of a province are late to be confirmed or were reversed; kept for a minute, no member's is read."""
    kept = _kept_notices()
    called_at, notices = kept.get(province, (None, Payments(invoices=(), total=0)))
    if called_at is None or rpc.now() - called_at >= NOTICES_KEPT:
        query = payment_queries.ListPayments(
            province=province, late_before=late_before, limit=1, offset=bounds.OFFSET_MAX
        )
        answer = visitor.call_if_known(query)
        if answer is not None:
            kept[province] = rpc.now(), answer
        return answer or notices
    return notices


def forget_payment_notices() -> None:
    """Ask anew after a confirmation."""
    _kept_notices().clear()


def _kept_notices() -> dict[str, tuple[datetime, Payments]]:
    kept: dict[str, tuple[datetime, Payments]] = flask.current_app.extensions.setdefault("payment_notices", {})
    return kept


def bank_health(visitor: Visitor) -> BankHealth | None:
    """Whether the bank answers, as far as payment does."""
    return visitor.call_if_known(payment_queries.GetBankHealth())


def bank_health_to_pay(visitor: Visitor, candidates: Iterable[Invoice]) -> BankHealth | None:
    """Whether the bank answers, queried only where one of the invoices is to be paid."""
    return bank_health(visitor) if any(candidate.status == "open" for candidate in candidates) else None


def finance_tasks(visitor: Visitor, member: str, province: str) -> tuple[MoneyTask, ...]:
    """The tasks of finance that wait about a member; none while payment does not answer."""
    query = payment_queries.ListMoneyTasks(province=province, member=member, limit=bounds.PAGE_MAX)
    waiting = visitor.call_if_known(query)
    return waiting.tasks if waiting else ()


def fee_estimate(visitor: Visitor, card: MemberCard, renewal: MemberRenewal) -> FeeEstimate | None:
    """The fee of the member's year with the years that are owed, less the member's credit; None where it is not known."""
    return visitor.call_if_known(
        payment_queries.EstimateFee(
            year=renewal.year,
            member_class=card.licence.member_class,
            unpaid_years=renewal.unpaid_years,
            never_paid=renewal.never_paid,
            paid_through=renewal.paid_through,
            enrolled_years=renewal.enrolled_years,
            member=card.member,
        )
    )


def capacity(visitor: Visitor, year: int, number: str = "") -> Capacity | None:
    """A year's capacity, the visitor's own if no member is named; None where there is none or nobody answers."""
    return visitor.call_if_known(capacity_queries.GetCapacity(member=number or visitor.name, year=year))


def job_units(
    visitor: Visitor, number: str, year: int, employment: Employment | None, jobs: tuple[Job, ...]
) -> JobUnits | None:
    """The capacity that declared jobs use; None before a declaration, and while capacity does not answer."""
    if employment is None:
        return None
    # what was declared before there were bounds may lie beyond them
    query = capacity_queries.CountJobUnits(member=number, year=year, employment=employment, jobs=jobs)
    return visitor.call_if_known(query, Reason.BAD_INPUT)


def load_officer_names(visitor: Visitor, actors: Iterable[str]) -> None:
    """Query auth for the full names of officers among these actors; for a member none is shown."""
    if unknown := unknown_officers(visitor, actors):
        answer = visitor.call_if_known(auth_queries.GetOfficerNames(officers=unknown))
        officer_names().update(dict.fromkeys(unknown, "") | (answer.names if answer else {}))


def unknown_officers(visitor: Visitor, actors: Iterable[str]) -> tuple[str, ...]:
    """The officers among these actors whose names this request has not loaded; none for a member."""
    named = {
        name for kind, _, name in (actor.partition(":") for actor in actors) if kind == PrincipalKind.OFFICER and name
    }
    return () if visitor.is_member else tuple(sorted(named - officer_names().keys())[: bounds.PAGE_MAX])


def officer_names() -> dict[str, str]:
    """Full names by officer name, as far as this request has loaded them."""
    names: dict[str, str] = flask.g.setdefault("officer_names", {})
    return names


def actor_name(actor: str) -> str:
    """An actor for a reader: an officer by full name, the approval rule and a program account by name, our own programs as the system."""
    kind, _, name = actor.partition(":")
    is_office = kind == PrincipalKind.OFFICER or (kind == PrincipalKind.PROGRAM and name not in OWN_PROGRAMS)
    if is_office and (visitor := flask.g.get("visitor")) and visitor.is_member:
        return "سازمان"
    if kind == PrincipalKind.OFFICER:
        return officer_names().get(name) or name
    if kind == APPROVAL_RULE:
        return "قاعدهٔ تأیید خودکار"
    return "خود عضو" if kind == PrincipalKind.MEMBER else program_name(actor)


def program_name(actor: str) -> str:
    """A program for a reader: our own as the system, one of others by the name of its account."""
    name = actor.partition(":")[2]
    return "سامانه" if name in ("", *OWN_PROGRAMS) else f"برنامهٔ {name}"
