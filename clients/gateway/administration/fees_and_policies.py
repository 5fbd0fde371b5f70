"""Fees and capacity policy of a year, read only: the figures with their source and digest, what an example would be charged, what amendments changed."""

from typing import NamedTuple

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared.contract.capacity import queries as capacity_queries
from shared.contract.capacity.answers import PolicyInUse
from shared.contract.payment import queries as payment_queries
from shared.contract.payment.answers import FeeEstimate
from shared.contract.refusals import Reason
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import MemberClass, Role, UnpaidYear
from shared.policies import capacity_policy, policy_files
from shared.policies.policy_files import PolicyError
from shared.text import persian

BLUEPRINT = flask.Blueprint("fees_and_policies", __name__)
EXAMPLE = MemberClass.GRADE_2
"""Of whom the example is, with the year before unpaid."""


class CheckedPolicy(NamedTuple):
    """The policy in use, with the comments at the head of its file as its source, and whether the text is the one that its version names."""

    policy: PolicyInUse
    source: tuple[str, ...]
    is_checked: bool


@BLUEPRINT.get("/desk/policies")
def page() -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER, Role.ADMIN)
    this_year = persian.jalali_year(web.rpc.now())
    year = min(max(web.url_arguments.year(this_year), this_year - 3), this_year + 1)
    policy = visitor.call_if_known(capacity_queries.GetPolicy(year=year), Reason.NO_POLICY)
    acts = visitor.call_if_known(renewal_queries.ListPolicyActs(year=year))
    changed = [*acts.requests, *acts.acts] if acts else []
    web.queries.load_officer_names(visitor, [name for one in changed for name in (one.by, one.granted_by)])
    return flask.render_template(
        "administration/fees_and_policies.html",
        tariff=visitor.call_if_known(payment_queries.GetTariff(year=year), Reason.NO_TARIFF),
        example=example(visitor, year),
        example_class=EXAMPLE.value,
        policy=checked(policy) if policy else None,
        acts=acts,
        year=year,
        this_year=this_year,
    )


def example(visitor: web.Visitor, year: int) -> FeeEstimate | None:
    """What a member would be charged who has not paid the year before."""
    query = payment_queries.EstimateFee(
        year=year,
        member_class=EXAMPLE,
        unpaid_years=(UnpaidYear(year=year - 1, member_class=EXAMPLE),),
        paid_through=year - 2,
    )
    return visitor.call_if_known(query, Reason.NO_TARIFF)


def checked(policy: PolicyInUse) -> CheckedPolicy:
    try:
        is_checked = capacity_policy.parse(policy.file, f"{policy.year}.toml").version == policy.version
    except PolicyError:
        is_checked = False
    return CheckedPolicy(policy, policy_files.head_comments(policy.file), is_checked)
