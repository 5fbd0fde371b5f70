"""The capacity service: whom it hears, and what members and officers may ask of it."""

import time
from datetime import UTC, datetime

from sqlalchemy import Connection

from services.capacity import counting, policy, rebuild, rebuilds, views
from shared import persian
from shared.command_handler import Records
from shared.contract import answers, commands, questions
from shared.contract.passport import Passport
from shared.contract.values import Role
from shared.extensions import Background, Caller, Follows, Jobs, Lane, Store, asked

POLICIES = policy.published()
"""Loaded now, so that a wrong cell keeps the program from starting instead of the first question from being answered."""


class CapacityService(Follows):
    """Each member's capacity of a Jalali year, why it is so, and what a job would use."""

    name = "capacity"
    caller: Passport = Caller()
    records: Records = Store(None, views.TABLES)
    jobs: Jobs = Background()
    hears_auth = Lane("auth", apply=views.hear)
    hears_renewal = Lane("renewal", apply=views.hear)
    hears_payment = Lane("payment", apply=views.hear)

    @asked
    def get_capacity(self, question: questions.GetCapacity) -> answers.Capacity:
        with self.records.read() as connection:
            self._must_see(connection, question.member)
            return views.get(connection, question.member, question.year, datetime.now(UTC))

    @asked
    def explain_capacity(self, question: questions.ExplainCapacity) -> answers.Explanation:
        with self.records.read() as connection:
            self._must_see(connection, question.member)
            now = datetime.now(UTC)
            return views.explain(connection, question.member, question.year, now, question.as_of)

    @asked
    def count_job_units(self, question: questions.CountJobUnits) -> answers.JobUnits:
        with self.records.read() as connection:
            self._must_see(connection, question.member)
            licence = views.register_of(connection, question.member).licence
        on = question.on or datetime.now(persian.TEHRAN).date()
        return counting.job_units(policy.of(question.year), licence, question.employment, question.jobs, on)

    @asked
    def rebuild_capacity(self, command: commands.RebuildCapacity) -> answers.Rebuild:
        self.caller.must_have(Role.ADMIN)
        if self.records.write(lambda connection: rebuilds.start(connection, command)):
            job = rebuilds.Job(self.records.database, command.id, command.check, utc_now, self.jobs.is_stopping)
            sources = [self.hears_auth, self.hears_renewal, self.hears_payment]
            self.jobs.run(lambda: rebuild.run(job, sources, time.sleep), "rebuild")
        return self._rebuild()

    @asked
    def cancel_rebuild(self, _command: commands.CancelRebuild) -> answers.Rebuild:
        self.caller.must_have(Role.ADMIN)
        self.records.write(rebuilds.cancel)
        return self._rebuild()

    @asked
    def get_rebuild(self, _question: questions.GetRebuild) -> answers.Rebuild:
        self.caller.must_have(Role.ADMIN)
        return self._rebuild()

    def _rebuild(self) -> answers.Rebuild:
        with self.records.read() as connection:
            return rebuilds.newest(connection, utc_now())

    def _must_see(self, connection: Connection, member: str) -> None:
        self.caller.may_see(member, views.province_of(connection, member))


def utc_now() -> datetime:
    return datetime.now(UTC)
