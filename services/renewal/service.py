"""The renewal service: what members and managers may ask of it."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, insert

from services.renewal import policy_amendments
from services.renewal.office_hours import calendar
from services.renewal.office_hours import domain as special_days
from services.renewal.renewals import domain, drafts, mine_claims, projection, unpaid_years
from services.renewal.renewals import queries as lookups
from shared.contract import base
from shared.contract.envelope import Metadata, Recorded
from shared.contract.passport import Bearer, Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, events, queries
from shared.contract.values import Role
from shared.event_store import command_handler
from shared.event_store.command_handler import Records
from shared.event_store.log import EventLog
from shared.nameko_extensions import Caller, EventLogRpc, EventStore, Lane, SubscriptionRpc, asked
from shared.text import persian


def project(connection: Connection, recorded: Recorded) -> None:
    """Bring all views up to an event of our own log."""
    projection.project(connection, recorded)
    mine_claims.project(connection, recorded)


LOG = EventLog("renewal", project)

Also = Callable[[Connection, tuple[Recorded, ...]], None]
"""Writes the rows that go with what is recorded: texts that must not be in events."""


class RenewalService(EventLogRpc, SubscriptionRpc):
    """One renewal a member and Jalali year; the manager's desk; working hours."""

    name = "renewal"
    caller: Passport = Caller()
    records: Records = EventStore(LOG, projection.TABLES, first=calendar.seed)
    hears_auth = Lane("auth", apply=projection.hear)

    @asked
    def request_renewal(self, command: commands.RequestRenewal) -> answers.Renewal:
        self.caller.must_be_member(command.member)
        return self._handle(command)

    @asked
    def submit_declaration(self, command: commands.SubmitDeclaration) -> answers.Renewal:
        self.caller.must_be_member(command.member)
        return self._handle(command, keep_form(command))

    @asked
    def keep_draft(self, command: commands.KeepDraft) -> base.Done:
        self.caller.must_be_member(command.member)
        self.records.write(lambda connection: drafts.keep(connection, command))
        return base.Done()

    @asked
    def withdraw_renewal(self, command: commands.WithdrawRenewal) -> answers.Renewal:
        self.caller.must_be_member(command.member)
        return self._handle(command, lambda connection, _: drafts.forget(connection, command.member, command.year))

    @asked
    def return_renewal(self, command: commands.ReturnRenewal) -> answers.Renewal:
        self._must_serve(command.member, command.year)
        return self._handle(command, keep_reason(command))

    @asked
    def reject_renewal(self, command: commands.RejectRenewal) -> answers.Renewal:
        self._must_serve(command.member, command.year)
        return self._handle(command, keep_reason(command))

    @asked
    def approve_renewal(self, command: commands.ApproveRenewal) -> answers.Renewal:
        self._must_serve(command.member, command.year)
        return self._handle(command, keep_reason(command) if command.waivers else None)

    @asked
    def set_calendar_day(self, command: commands.SetCalendarDay) -> base.Done:
        self.caller.must_have(Role.MANAGER, command.province)
        handled = self.records.handle(f"calendar/{command.province}", command, special_days.CALENDAR)
        return base.Done(position=handled.recorded[-1].position if handled.recorded else 0)

    @asked
    def amend_policy(self, command: commands.AmendPolicy) -> answers.PolicyAct:
        self.caller.must_have(Role.ADMIN)
        handled = self.records.handle(
            policy_amendments.stream(command.year), command, policy_amendments.POLICY, keep_reason(command)
        )
        (position,) = (one.position for one in handled.recorded)
        return next(one for one in self._policy_acts(command.year).acts if one.position == position)

    @asked
    def list_policy_acts(self, question: queries.ListPolicyActs) -> answers.PolicyActs:
        self.caller.must_be_signed_in()
        return self._policy_acts(question.year)

    @asked
    def get_renewal(self, question: queries.GetRenewal) -> answers.MemberRenewal:
        this_year = persian.jalali_year(datetime.now(UTC))
        with self.records.read() as connection:
            member = lookups.member(connection, question.member)
            renewal = lookups.renewal(connection, question.member, question.year or this_year)
            last = lookups.last_declaration(connection, question.member)
            owed = unpaid_years.of(connection, question.member, question.year or this_year)
            draft = None
            if renewal and self.caller.bearer is Bearer.MEMBER:
                draft = drafts.of(connection, question.member, renewal.year)
            if renewal and self.caller.bearer is Bearer.OFFICER:
                contested = mine_claims.of_renewal(connection, question.member, renewal.year)
                renewal = renewal.model_copy(update={"contested_mines": contested})
        if member is None and renewal is None and self.caller.bearer is Bearer.OFFICER:
            raise Refused(Reason.UNKNOWN_MEMBER)
        self.caller.may_see(question.member, renewal.province if renewal else member.province if member else "")
        return answers.MemberRenewal(
            current_year=this_year,
            renewal=renewal,
            last_declaration=last,
            draft=draft,
            unpaid_years=owed.unpaid_years,
            never_paid=owed.never_paid,
            paid_through=owed.paid_through,
        )

    @asked
    def list_desk(self, question: queries.ListDesk) -> answers.Desk:
        self.caller.must_have(Role.MANAGER, question.province)
        now = datetime.now(UTC)
        with self.records.read() as connection:
            return lookups.desk(
                connection, question.province, question.status, question.limit, question.offset, now
            )  # fmt: skip

    @asked
    def list_contested_mines(self, question: queries.ListContestedMines) -> answers.ContestedMines:
        self.caller.must_have(Role.MANAGER, question.province)
        days = persian.year_bounds(question.year)
        with self.records.read() as connection:
            return mine_claims.of_province(connection, question.province, days, question.limit, question.offset)

    @asked
    def get_office_hours(self, question: queries.GetOfficeHours) -> answers.OfficeHours:
        now = datetime.now(UTC)
        with self.records.read() as connection:
            hours = calendar.hours_of(connection, question.province, now)
        return calendar.answer(hours, now)

    @asked
    def get_calendar(self, question: queries.GetCalendar) -> answers.Calendar:
        if self.caller.bearer is Bearer.NOBODY:
            raise Refused(Reason.NOT_SIGNED_IN)
        with self.records.read() as connection:
            days = lookups.special_days(connection, question.province, *persian.year_bounds(question.year))
        return answers.Calendar(
            days=tuple(
                answers.CalendarDay(on=day["on"], opens=day["opens"], closes=day["closes"], label=day["label"])
                for day in days
            )
        )

    def _policy_acts(self, year: int) -> answers.PolicyActs:
        with self.records.read() as connection:
            return policy_amendments.acts(connection, LOG.stream(connection, policy_amendments.stream(year)))

    def _must_serve(self, member: str, year: int) -> None:
        """Only a manager of the renewal's province decides on it; others do not learn whether there is one."""
        with self.records.read() as connection:
            renewal = lookups.renewal(connection, member, year)
        self.caller.must_have(Role.MANAGER, renewal.province if renewal else None)
        if renewal is None:
            raise Refused(Reason.NOT_REQUESTED)

    def _handle(self, command: domain.Command, also: Also | None = None) -> answers.Renewal:
        stream = f"renewal/{command.member}/{command.year}"

        def work(connection: Connection, metadata: Metadata) -> None:
            decider = domain.renewal_decider(known_of(connection, command))
            handled = command_handler.handle(connection, LOG, stream, command, decider, metadata)
            if also is not None and handled.fresh:
                also(connection, handled.recorded)

        self.records.transact(command, work)
        with self.records.read() as connection:
            renewal = lookups.renewal(connection, command.member, command.year)
        if renewal is None:
            raise Refused(Reason.NOT_REQUESTED)
        return renewal


def known_of(connection: Connection, command: domain.Command) -> domain.Known:
    """What a decision rests on, read in its transaction."""
    member = lookups.member(connection, command.member)
    hours = calendar.hours_of(connection, member.province if member else "", command.at)
    owed = unpaid_years.of(connection, command.member, command.year)
    return domain.Known(member, hours.review_due_at(command.at), owed.unpaid_years, owed.never_paid, owed.paid_through)


def keep_form(command: commands.SubmitDeclaration) -> Also:
    """The form's texts as a row of the version that was submitted."""

    def keep(connection: Connection, recorded: tuple[Recorded, ...]) -> None:
        for one in recorded:
            match one.event:
                case events.DeclarationSubmitted() as submitted:
                    row = {**projection.key_of(submitted), "version": submitted.declaration_version}
                    form = command.form.model_dump_json()
                    connection.execute(
                        insert(projection.DECLARATIONS).values(**row, submitted_at=command.at, form=form)
                    )
                    drafts.forget(connection, command.member, command.year)
                case _:
                    pass

    return keep


def keep_reason(
    command: commands.ReturnRenewal | commands.RejectRenewal | commands.ApproveRenewal | commands.AmendPolicy,
) -> Also:
    """The reason as a row of its own: free text may hold a person's data, so it can be erased."""

    def keep(connection: Connection, _recorded: tuple[Recorded, ...]) -> None:
        connection.execute(insert(projection.NOTES).values(note=command.id, text=command.reason))

    return keep
