"""The capacity service: whom it hears, and what members and officers may ask of it."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from services.capacity import counting, policy, rebuild, views
from shared import persian
from shared.command_handler import Records
from shared.contract import answers, commands, questions
from shared.contract.passport import Passport
from shared.contract.values import Role
from shared.extensions import Caller, Follows, Lane, Store, asked

POLICIES = policy.published()
"""Loaded now, so that a wrong cell keeps the program from starting instead of the first question from being answered."""


class CapacityService(Follows):
    """Each member's capacity of a Jalali year, why it is so, and what a job would use."""

    name = "capacity"
    caller: Passport = Caller()
    records: Records = Store(None, views.TABLES)
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
    def rebuild_capacity(self, command: commands.RebuildCapacity) -> answers.RebuildReport:
        self.caller.must_have(Role.ADMIN)
        return rebuild.rebuild(self.records, command.check)

    def _must_see(self, connection: Connection, member: str) -> None:
        self.caller.may_see(member, views.province_of(connection, member))
