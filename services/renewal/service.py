"""The renewal service (nameko): its queries, a manager's decisions, the office calendar and the policies; other commands are in its mixin classes."""

from datetime import UTC, datetime

from nameko.timer import timer
from sqlalchemy import Connection

from services.renewal import correction_deadlines, overview, previews, subscriptions
from services.renewal.approval_rule import state as approval_rule
from services.renewal.approval_rule import worker
from services.renewal.approval_rule.rpc import ApprovalRuleRpc
from services.renewal.casework import assignments
from services.renewal.casework_rpc import CaseworkRpc
from services.renewal.declarations import drafts, limits
from services.renewal.member_rpc import MemberRpc
from services.renewal.office_hours import calendar, rules
from services.renewal.office_hours.domain import OFFICE_CALENDAR
from services.renewal.personal_data import PERSONAL_DATA
from services.renewal.policy_amendments import amendments
from services.renewal.renewals import (
    contacts,
    desk,
    domain,
    handler,
    mine_claims,
    projection,
    unpaid_years,
)
from services.renewal.renewals import queries as renewal_queries
from services.renewal.tables import MEMBERS, PROJECTIONS, TABLES
from shared.contract import base, overview_answers
from shared.contract.envelope import Recorded
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, calendar_answers, commands, mine_answers, queries
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.log import EventLog
from shared.nameko_extensions import (
    Caller,
    Configured,
    EventLogRpc,
    EventStore,
    PersonalDataRpc,
    ProjectionsRpc,
    Subscription,
    SubscriptionRpc,
    rpc,
)
from shared.settings import Settings
from shared.subscriptions.replay.projections import Projections, one_by_one
from shared.text import persian


def project(connection: Connection, recorded: Recorded) -> None:
    """Apply an event of the service's own log to all its projections."""
    for module in (projection, mine_claims, limits, approval_rule, assignments):
        module.project(connection, recorded)


def on_start(records: Records, settings: Settings, at: datetime) -> None:
    """Once the tables exist: the official holidays, and what a version without a column has left empty."""
    calendar.seed(records, settings, at)
    contacts.complete(records)


def react(connection: Connection, recorded: Recorded) -> None:
    """Do what follows from an event of the service's own log beside its rows, once."""
    for module in (calendar, correction_deadlines, approval_rule):
        module.react(connection, recorded)


ROUND_SECONDS = 30
"""Between two looks at what is due."""
LOG = EventLog("renewal", project, react)


class RenewalService(
    EventLogRpc, SubscriptionRpc, PersonalDataRpc, ProjectionsRpc, MemberRpc, ApprovalRuleRpc, CaseworkRpc
):
    """One renewal a member and Jalali year; the manager's desk; working hours."""

    name = "renewal"
    caller: Passport = Caller()
    records: Records = EventStore(LOG, *TABLES, on_start=on_start, migrations="services/renewal/migrations")
    personal_data = PERSONAL_DATA
    members = MEMBERS
    projections = Projections(PROJECTIONS, LOG, {"auth": one_by_one(subscriptions.project_auth)})
    follows_auth = Subscription("auth", apply=subscriptions.on_auth_event)
    office_rule: rules.Rule = Configured(lambda _settings: rules.load_rule())

    @rpc
    def return_renewal(self, command: commands.ReturnRenewal) -> answers.Renewal:
        self.require_manager(command.member, command.year)
        self.require_officer_if(command.despite_holder)
        return self._handle(command)

    @rpc
    def reject_renewal(self, command: commands.RejectRenewal) -> answers.Renewal:
        self.require_manager(command.member, command.year)
        return self._handle(command)

    @rpc
    def approve_renewal(self, command: commands.ApproveRenewal) -> answers.Renewal:
        self.require_manager(command.member, command.year)
        self.require_officer_if(command.despite_holder or bool(command.waivers))
        return self._handle(command)

    @rpc
    def open_review(self, command: commands.OpenReview) -> answers.Renewal:
        self.require_manager(command.member, command.year)
        return self._handle(command)

    @rpc
    def undo_decision(self, command: commands.UndoDecision) -> answers.Renewal:
        self.require_manager(command.member, command.year)
        return self._handle(command)

    @rpc
    def set_calendar_day(self, command: commands.SetCalendarDay) -> base.Done:
        self.caller.must_have(Role.MANAGER, command.province)
        handled = self.records.handle(f"calendar/{command.province}", command, OFFICE_CALENDAR)
        return base.Done(position=handled.recorded[-1].position if handled.recorded else 0)

    @rpc
    def amend_policy(self, command: commands.AmendPolicy) -> answers.PolicyAct:
        return self._decide_policy(command)

    @rpc
    def grant_policy_amendment(self, command: commands.GrantPolicyAmendment) -> answers.PolicyAct:
        return self._decide_policy(command)

    @rpc
    def decline_policy_amendment(self, command: commands.DeclinePolicyAmendment) -> base.Done:
        self.caller.must_have(Role.ADMIN)
        return base.Done(position=amendments.decide(self.records, command))

    @rpc
    def list_policy_acts(self, query: queries.ListPolicyActs) -> answers.PolicyActs:
        self.caller.must_be_signed_in()
        return amendments.acts(self.records, query.year, self.caller, datetime.now(UTC))

    @rpc
    def get_renewal(self, query: queries.GetRenewal) -> answers.MemberRenewal:
        this_year = persian.jalali_year(datetime.now(UTC))
        with self.records.read() as connection:
            member = renewal_queries.find_member(connection, query.member)
            renewal = renewal_queries.find_renewal(connection, query.member, query.year or this_year)
            last = renewal_queries.last_declaration(connection, query.member)
            earlier = renewal_queries.earlier_declaration(connection, query.member, query.year or this_year)
            payments = unpaid_years.payment_history(connection, query.member, query.year or this_year)
            draft = None
            if renewal and self.caller.principal_kind is PrincipalKind.MEMBER:
                draft = drafts.find(connection, query.member, renewal.year)
            if renewal and self.caller.is_staff:
                contested = mine_claims.contested_by(connection, query.member, renewal.year)
                renewal = renewal.model_copy(update={"contested_mines": contested})
                renewal = assignments.attach(connection, (renewal,), self.caller.actor, datetime.now(UTC))[0]
        if member is None and renewal is None and self.caller.is_staff:
            raise Refused(Reason.UNKNOWN_MEMBER)
        self.caller.may_see(query.member, renewal.province if renewal else member.province if member else "")
        answer = answers.MemberRenewal(
            current_year=this_year,
            renewal=renewal,
            last_declaration=last,
            earlier_declaration=earlier,
            draft=draft,
            **vars(payments),
        )
        return renewal_queries.visible_to(self.caller, answer)

    @rpc
    def list_desk(self, query: queries.ListDesk) -> answers.Desk:
        self.caller.must_have(Role.MANAGER, query.province)
        with self.records.read() as connection:
            return desk.page(connection, self.office_rule, query, datetime.now(UTC), self.caller.actor)

    @rpc
    def get_desk_overview(self, query: queries.GetDeskOverview) -> overview_answers.DeskOverview:
        self.caller.must_have_one_of((Role.MANAGER, Role.AUDITOR), query.province)
        with self.records.read() as connection:
            return overview.overview(connection, self.office_rule, query.province, datetime.now(UTC))

    @rpc
    def find_renewals(self, query: queries.FindRenewals) -> answers.FoundRenewals:
        self.caller.must_have(Role.MANAGER, query.province)
        with self.records.read() as connection:
            return desk.find(connection, self.office_rule, query, datetime.now(UTC), self.caller.actor)

    @rpc
    def follow_renewal(self, query: queries.FollowRenewal) -> answers.FollowedRenewal:
        self.caller.must_be_program("gateway")
        with self.records.read() as connection:
            found = renewal_queries.follow(connection, query.tracking_code)
        if found is None:
            raise Refused(Reason.NOT_REQUESTED)
        return found

    @rpc
    def preview_decisions(self, query: queries.PreviewDecisions) -> answers.DecisionPreviews:
        self.caller.must_have(Role.MANAGER)
        self.require_officer_if(query.despite_holder)
        return previews.preview(self.records, self.office_rule, self.caller, query, datetime.now(UTC))

    @rpc
    def list_contested_mines(self, query: queries.ListContestedMines) -> mine_answers.ContestedMines:
        self.caller.must_have(Role.MANAGER, query.province)
        with self.records.read() as connection:
            return mine_claims.contested_in(connection, query)

    @rpc
    def get_office_hours(self, query: queries.GetOfficeHours) -> answers.OfficeHours:
        now = datetime.now(UTC)
        with self.records.read() as connection:
            hours = calendar.working_hours(connection, self.office_rule, query.province, now)
            closure = calendar.next_closure(connection, hours, query.province, now)
            late_before = calendar.late_before(connection, self.office_rule, query.province, now)
        found = calendar.office_hours(hours, now, closure)
        days = self.office_rule.correction_days_of(query.province)
        correction_due_at = hours.correction_due_at(now, days)
        return found.model_copy(update={"correction_due_at": correction_due_at, "late_before": late_before})

    @rpc
    def get_office_month(self, query: queries.GetOfficeMonth) -> calendar_answers.OfficeMonth:
        self.caller.must_be_signed_in()
        with self.records.read() as connection:
            days = calendar.month(connection, self.office_rule, query)
        return calendar_answers.OfficeMonth(days=days)

    @rpc
    def get_calendar(self, query: queries.GetCalendar) -> calendar_answers.Calendar:
        if self.caller.principal_kind is PrincipalKind.NOBODY:
            raise Refused(Reason.NOT_SIGNED_IN)
        with self.records.read() as connection:
            days = calendar.special_days(connection, query.province, *persian.year_bounds(query.year))
        return calendar_answers.Calendar(days=tuple(answers.CalendarDay.model_validate(dict(day)) for day in days))

    def _decide_policy(self, command: commands.AmendPolicy | commands.GrantPolicyAmendment) -> answers.PolicyAct:
        self.caller.must_have(Role.ADMIN)
        return amendments.act_at(self.records, command.year, amendments.decide(self.records, command))

    def _handle(self, command: domain.Command) -> answers.Renewal:
        return handler.answer(self.records, self.office_rule, command)

    @timer(interval=ROUND_SECONDS, eager=True)  # first when the program starts
    def do_what_is_due(self) -> None:
        correction_deadlines.expire_due(self.records, self.office_rule, datetime.now(UTC))
        worker.approve_due(self.records, self.office_rule, datetime.now(UTC))
