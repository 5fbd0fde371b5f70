"""The capacity service: whom it hears, and what members and officers may ask of it."""

import time
from datetime import UTC, datetime

from sqlalchemy import Connection

from services.capacity import startup
from services.capacity.ledger import rules
from services.capacity.policies import registry
from services.capacity.projection import overview, projector
from services.capacity.replay import jobs as rebuilds
from services.capacity.replay import runner
from shared.contract.capacity import answers, commands, queries
from shared.contract.passport import Passport
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.nameko_extensions import Background, Caller, EventStore, Jobs, Lane, SubscriptionRpc, asked
from shared.text import persian


class CapacityService(SubscriptionRpc):
    """Each member's capacity of a Jalali year, why it is so, and what a job would use."""

    name = "capacity"
    caller: Passport = Caller()
    records: Records = EventStore(None, projector.TABLES, first=startup.take_on_record)
    jobs: Jobs = Background()
    hears_auth = Lane("auth", apply=projector.hear, apply_all=projector.hear_all)
    hears_renewal = Lane("renewal", apply=projector.hear, apply_all=projector.hear_all)
    hears_payment = Lane("payment", apply=projector.hear, apply_all=projector.hear_all)

    @asked
    def get_capacity(self, question: queries.GetCapacity) -> answers.Capacity:
        with self.records.read() as connection:
            self._must_see(connection, question.member)
            return projector.get(connection, question.member, question.year, datetime.now(UTC))

    @asked
    def explain_capacity(self, question: queries.ExplainCapacity) -> answers.Explanation:
        with self.records.read() as connection:
            self._must_see(connection, question.member)
            now = datetime.now(UTC)
            return projector.explain(connection, question.member, question.year, now, question.as_of)

    @asked
    def count_job_units(self, question: queries.CountJobUnits) -> answers.JobUnits:
        with self.records.read() as connection:
            self._must_see(connection, question.member)
            licence = projector.register_of(connection, question.member).licence
            year_policy = registry.in_use(connection, question.year)
        on = question.on or datetime.now(persian.TEHRAN).date()
        return rules.job_units(year_policy, licence, question.employment, question.jobs, on)

    @asked
    def get_policy(self, question: queries.GetPolicy) -> answers.PolicyInUse:
        self.caller.must_be_signed_in()
        with self.records.read() as connection:
            return registry.told(connection, question.year)

    @asked
    def what_if(self, question: queries.WhatIf) -> answers.WhatIfResult:
        with self.records.read() as connection:
            self._must_see(connection, question.member)
            return projector.what_if(connection, question, datetime.now(persian.TEHRAN).date())

    @asked
    def get_capacity_band(self, question: queries.GetCapacityBand) -> answers.CapacityBand:
        self.caller.must_be_program("gateway")
        with self.records.read() as connection:
            return projector.band(connection, question.member, question.year, utc_now())

    @asked
    def list_over_use(self, question: queries.ListOverUse) -> answers.OverUse:
        self.caller.must_have(Role.MANAGER, question.province)
        with self.records.read() as connection:
            return overview.over_use(connection, question, utc_now())

    @asked
    def get_capacity_overview(self, question: queries.GetCapacityOverview) -> answers.CapacityOverview:
        self.caller.must_have(Role.MANAGER, question.province)
        with self.records.read() as connection:
            return overview.overview(connection, question)

    @asked
    def rebuild_capacity(self, command: commands.RebuildCapacity) -> answers.Rebuild:
        self.caller.must_have(Role.ADMIN)
        if self.records.write(lambda connection: rebuilds.start(connection, command)):
            job = rebuilds.Job(self.records.database, command.id, command.check, utc_now, self.jobs.is_stopping)
            sources = [self.hears_auth, self.hears_renewal, self.hears_payment]
            self.jobs.run(lambda: runner.run(job, sources, time.sleep), "rebuild")
        return self._rebuild()

    @asked
    def cancel_rebuild(self, _command: commands.CancelRebuild) -> answers.Rebuild:
        self.caller.must_have(Role.ADMIN)
        self.records.write(rebuilds.cancel)
        return self._rebuild()

    @asked
    def get_rebuild(self, _question: queries.GetRebuild) -> answers.Rebuild:
        self.caller.must_have(Role.ADMIN)
        return self._rebuild()

    def _rebuild(self) -> answers.Rebuild:
        with self.records.read() as connection:
            return rebuilds.newest(connection, utc_now())

    def _must_see(self, connection: Connection, member: str) -> None:
        self.caller.may_see(member, projector.province_of(connection, member))


def utc_now() -> datetime:
    return datetime.now(UTC)
