"""`tamdid payments account`: a member's ledger and balance, and what is owed that no invoice charges yet."""

from clients.admin import full_names
from clients.admin.arguments import Member
from clients.admin.context import RunContext
from clients.admin.output import Printer
from shared.contract.auth import answers as auth_answers
from shared.contract.auth import queries as auth_queries
from shared.contract.payment import answers as payment_answers
from shared.contract.payment import finance_answers, invoice_stage
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason
from shared.contract.renewal import answers as renewal_answers
from shared.contract.renewal import queries as renewal_queries


def account(run: RunContext, member: Member) -> None:
    """Show a member's ledger and balance: below zero is owed by the member, above zero to the member."""
    invoices = run.call(payment_queries.GetInvoices(member=member)).invoices
    card = card_of(run, member, has_invoices=bool(invoices))
    balance = run.call(payment_queries.GetBalance(member=member))
    renewal = run.call(renewal_queries.GetRenewal(member=member)) if card else None
    is_charged = renewal is None or any(invoice.year == renewal.current_year for invoice in invoices)
    fee = None if card is None or renewal is None or is_charged else estimate(run, card, renewal)
    dues = {"paid_through": card.paid_through if card else None, "estimate": fee}
    run.printer.document(balance.model_dump(mode="json") | dues)
    show_balance(run, balance)
    if doubtful := invoice_stage.first_doubtful(invoices):
        show_doubtful(run.printer, doubtful)
    if card is not None and renewal is not None and not is_charged:
        show_dues(run.printer, card, renewal.current_year, fee)


def card_of(run: RunContext, member: str, *, has_invoices: bool) -> auth_answers.MemberCard | None:
    """The member's entry in the register; the money of whoever has invoices is shown without it, such as of a member of elsewhere by now."""
    reasons = {Reason.NOT_ALLOWED, Reason.UNKNOWN_MEMBER} if has_invoices else set[Reason]()
    return run.call_unless(reasons, auth_queries.GetMember(member=member))


def estimate(
    run: RunContext, card: auth_answers.MemberCard, renewal: renewal_answers.MemberRenewal
) -> payment_answers.FeeEstimate | None:
    """What the years without an invoice would cost; None where a tariff is missing."""
    query = payment_queries.EstimateFee(
        year=renewal.current_year,
        member_class=card.licence.member_class,
        unpaid_years=renewal.unpaid_years,
        never_paid=renewal.never_paid,
        paid_through=renewal.paid_through,
        enrolled_years=renewal.enrolled_years,
        member=card.member,
    )
    return run.call_unless({Reason.NO_TARIFF}, query)


def show_balance(run: RunContext, balance: finance_answers.Balance) -> None:
    """The entries of the ledger, and their sum."""
    name_of = full_names.of_actors(run, (entry.by for entry in balance.entries))
    run.printer.table(
        balance.entries,
        "at",
        "kind",
        "year",
        ("amount", "amount_rials"),
        "reference",
        ("by", lambda entry: name_of(entry.by)),
    )
    if balance.entries:
        run.printer.line(f"{run.printer.label('balance')}: {run.printer.rials(balance.balance_rials)}")


def show_doubtful(printer: Printer, attempt: payment_answers.Attempt) -> None:
    """That the balance may be another: it is not known yet whether a payment was made."""
    stage = printer.label(f"invoice_{invoice_stage.DOUBTFUL[attempt.status]}")
    printer.line(
        printer.text("doubtful_payment", amount_rials=attempt.amount_rials, at=attempt.started_at, stage=stage)
    )


def show_dues(
    printer: Printer, card: auth_answers.MemberCard, year: int, fee: payment_answers.FeeEstimate | None
) -> None:
    """That no invoice charges the year yet, what the register has as paid, and what the year would cost."""
    paid_through = card.paid_through or printer.text("no_year")
    printer.line(printer.text("no_invoice_yet", year=year, paid_through=paid_through))
    if fee is not None:
        years = ", ".join(str(line.year) for line in fee.lines)
        printer.line(printer.text("fee_estimate", owed_rials=fee.amount_rials - fee.credit_rials, years=years))
