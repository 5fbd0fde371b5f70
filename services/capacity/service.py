"""The capacity service (nameko): its subscriptions, and the queries and commands that it answers."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from services.capacity import startup, subscriptions
from services.capacity.grants.recording import LOG
from services.capacity.ledger import domain
from services.capacity.personal_data import PERSONAL_DATA
from services.capacity.policies import registry
from services.capacity.projection import bulk_fill, overview, projector, read_model
from services.capacity.tables import state
from services.capacity.tables.projections import FACTS, PROJECTIONS
from shared.contract.capacity import answers, queries
from shared.contract.passport import Passport
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.nameko_extensions import (
    Caller,
    EventLogRpc,
    EventStore,
    PersonalDataRpc,
    ProjectionsRpc,
    Subscription,
    SubscriptionRpc,
    rpc,
)
from shared.policies import capacity_rules
from shared.subscriptions.replay.projections import Projections
from shared.text import persian


class CapacityService(EventLogRpc, SubscriptionRpc, PersonalDataRpc, ProjectionsRpc):
    """Each member's capacity of a Jalali year, why it is so, and what a job would use."""

    name = "capacity"
    caller: Passport = Caller()
    records: Records = EventStore(
        LOG, *state.TABLES, on_start=startup.record_policies, migrations="services/capacity/migrations"
    )
    personal_data = PERSONAL_DATA
    projections = Projections(
        PROJECTIONS,
        followed=dict.fromkeys(("auth", "renewal", "payment"), projector.replay),
        lock=state.lock_projection,
        bulk=bulk_fill.BULK,
    )
    members = FACTS
    follows_auth = Subscription("auth", apply=subscriptions.on_event, apply_all=subscriptions.on_events)
    follows_renewal = Subscription("renewal", apply=subscriptions.on_event, apply_all=subscriptions.on_events)
    follows_payment = Subscription("payment", apply=subscriptions.on_event, apply_all=subscriptions.on_events)

    @rpc
    def get_capacity(self, query: queries.GetCapacity) -> answers.Capacity:
        with self.records.read() as connection:
            self._must_see(connection, query.member)
            return read_model.capacity(connection, query.member, query.year, utc_now())

    @rpc
    def explain_capacity(self, query: queries.ExplainCapacity) -> answers.Explanation:
        with self.records.read() as connection:
            self._must_see(connection, query.member)
            return read_model.explain(connection, query.member, query.year, utc_now(), query.as_of)

    @rpc
    def count_job_units(self, query: queries.CountJobUnits) -> answers.JobUnits:
        with self.records.read() as connection:
            self._must_see(connection, query.member)
            licence = read_model.registered(connection, query.member).licence
            policy = registry.current(connection, query.year)
        on = query.on or datetime.now(persian.TEHRAN).date()
        return capacity_rules.job_units(policy, licence, query.employment, query.jobs, on)

    @rpc
    def get_policy(self, query: queries.GetPolicy) -> answers.PolicyInUse:
        self.caller.must_be_signed_in()
        with self.records.read() as connection:
            policy = registry.current(connection, query.year)
        return answers.PolicyInUse(year=query.year, version=policy.version, file=policy.text)

    @rpc
    def what_if(self, query: queries.WhatIf) -> answers.WhatIfResult:
        with self.records.read() as connection:
            self._must_see(connection, query.member)
            return read_model.what_if(connection, query, datetime.now(persian.TEHRAN).date())

    @rpc
    def get_capacity_band(self, query: queries.GetCapacityBand) -> answers.CapacityBand:
        self.caller.must_be_program("gateway")
        with self.records.read() as connection:
            summary = read_model.summary_of(connection, query.member, query.year)
        return domain.band(query.year, summary, utc_now())

    @rpc
    def list_over_use(self, query: queries.ListOverUse) -> answers.OverUse:
        self.caller.must_have(Role.MANAGER, query.province)
        with self.records.read() as connection:
            return overview.over_use(connection, query, utc_now())

    @rpc
    def get_capacity_overview(self, query: queries.GetCapacityOverview) -> answers.CapacityOverview:
        self.caller.must_have(Role.MANAGER, query.province)
        with self.records.read() as connection:
            return overview.overview(connection, query)

    def _must_see(self, connection: Connection, member: str) -> None:
        self.caller.may_see(member, read_model.province_of(connection, member))


def utc_now() -> datetime:
    return datetime.now(UTC)
