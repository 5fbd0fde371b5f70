"""`tamdid notices list|undelivered|resend|cost`: what members were told, whether it arrived, and what it cost."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

import typer

from clients.admin import full_names
from clients.admin.arguments import Limit, Member, Offset, Province, ReasonText, jalali_day, whole_number
from clients.admin.context import RunContext, command
from clients.admin.output import Printer
from clients.admin.paging import PagedQuery, fetch_rows, first_pages
from shared import translations
from shared.contract.bounds import YEAR_MAX, YEAR_MIN
from shared.contract.notification import answers, commands, queries
from shared.contract.notification.values import NoticeKind
from shared.text import persian

app = typer.Typer(help="Messages to members and officers.", no_args_is_help=True)
OfYear = Annotated[
    int | None,
    typer.Option("--year", help="What is about this Jalali year alone.", parser=whole_number(YEAR_MIN, YEAR_MAX)),
]
Notice = Annotated[UUID, typer.Argument(metavar="NOTICE", help="A notice's id, as `tamdid notices list` shows it.")]
OfKind = Annotated[NoticeKind | None, typer.Option("--kind", help="Of this kind alone.", show_default=False)]
From = Annotated[date, typer.Option("--from", metavar="YYYY/MM/DD", help="The first day.", parser=jalali_day)]
To = Annotated[date, typer.Option("--to", metavar="YYYY/MM/DD", help="The last day.", parser=jalali_day)]


@command(app, "list", is_list=True)
def list_sent(run: RunContext, member: Member, year: OfYear = None, limit: Limit = 50, offset: Offset = 0) -> None:
    """List what a member was told and whether it arrived, the last first."""
    query = PagedQuery(
        lambda province, **page: run.call(queries.ListSentNotices(member=province, year=year, **page)),
        lambda page: page.notices,
        order,
    )
    pages = first_pages(query, member, offset + limit)
    found = [one for page in pages for one in page.notices][offset:]
    show(run, found, pages[0].total)


@command(app, "undelivered", is_list=True)
def undelivered(
    run: RunContext, province: Province = None, kind: OfKind = None, limit: Limit = 50, offset: Offset = 0
) -> None:
    """List the notices that arrived by no way and are unread: somebody has to telephone."""
    query = PagedQuery(
        lambda **page: run.call(queries.ListUndelivered(kind=kind, **page)), lambda page: page.notices, order
    )
    found, total, _ = fetch_rows(run, province, query, limit, offset)
    show(run, found, total)


@command(app, "resend")
def resend(run: RunContext, notice: Notice, reason: ReasonText) -> None:
    """Send a notice once more; the reason is put on record."""
    done = run.call(commands.ResendNotice(**run.stamp(), notice=notice, reason=reason))
    run.printer.done(done, "notice_resent", notice=str(notice))


@command(app, "cost", is_list=True)
def cost(run: RunContext, since: From, until: To, province: Province = None) -> None:
    """Show how many messages each provider has sent from one day to another, and what they cost."""
    if since > until:
        raise typer.BadParameter("is after --to", param_hint="--from")
    within = {"since": persian.midnight(since), "until": persian.midnight(until + timedelta(days=1))}
    uses = [
        use
        for name in run.provinces(province)
        for use in run.call(queries.GetProviderUse(province=name, **within)).uses
    ]
    printer = run.printer
    printer.document({"uses": uses})
    way = translations.group("notice", printer.language)
    columns = ("province", ("way", lambda use: way[use.way]), "provider", ("message_count", "messages"), "delivered")
    printer.table(uses, *columns, ("not_arrived", "failed"), "segments", ("cost", "cost_rials"))
    printer.line(printer.text("cost_in_all", cost_rials=sum(use.cost_rials for use in uses)))


def order(notice: answers.SentNotice) -> tuple[float, str]:
    """The last first."""
    return -notice.notified_at.timestamp(), str(notice.notice)


def show(run: RunContext, notices: list[answers.SentNotice], total: int) -> None:
    printer = run.printer
    kinds = translations.group("notice_kind", printer.language)
    printer.document({"notices": notices, "total": total})
    printer.table(
        notices,
        "notice",
        ("told_at", "notified_at"),
        "member",
        ("name", full_names.of_members(run, notices)),
        ("kind", lambda one: kinds[one.kind]),
        "title",
        ("ways", lambda one: ways_of(printer, one)),
        "read_at",
    )
    printer.line(printer.text("page", shown=len(notices), total=total))


def ways_of(printer: Printer, notice: answers.SentNotice) -> str:
    """Each message of a notice: its way, provider and masked address, and what became of it; and why no more is sent."""
    words = translations.group("notice", printer.language)
    parts = []
    for one in notice.attempts:
        cause = f" ({words.get(one.cause, one.cause)})" if one.cause else ""
        parts.append(" ".join(filter(None, (words[one.way], one.provider, one.address, words[one.state] + cause))))
    passed = [words.get(notice.passed, notice.passed)] if notice.passed else []
    return printer.pick("؛ ", "; ").join([*parts, *passed])
