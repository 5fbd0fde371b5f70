"""The page of fees and capacity policies: figures with their source and digest, an example, and what amendments changed; read only."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from shared.contract.capacity import queries as capacity_queries
from shared.contract.capacity.answers import PolicyInUse
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason
from shared.contract.renewal.answers import PolicyAct
from shared.policies import capacity_policy
from tests.clients.gateway import samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import ANSWERS, FakeServices

PAGE = f"/desk/policies?year={samples.YEAR}"
TEXT = Path("services/capacity/policies/1405.toml").read_text(encoding="utf-8")
VERSION = capacity_policy.parse(TEXT, "1405.toml").version
ACT = PolicyAct(
    year=1405,
    position=7,
    by="officer:maryam",
    at=samples.NOW,
    reason="خطای تایپی در جدول",
    version=VERSION,
    changes=("ceilings.grade_2.extraction: 72000 → 73000",),
    request=UUID(int=7),
)


@pytest.fixture
def policy(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> FakeServices:
    answered: dict[Any, Any] = ANSWERS
    found = PolicyInUse(year=1405, version=VERSION, file=TEXT)
    monkeypatch.setitem(answered, capacity_queries.GetPolicy, lambda _services, _query: found)
    services.tariff = services.tariff.model_copy(
        update={"version": "1405-0123456789ab", "source": ("Not official figures.",)}
    )
    return services


@pytest.mark.parametrize("session", ["manager-session", "admin-session"])
def test_figures_have_their_source_and_digest(signed_in: SignedIn, policy: FakeServices, session: str) -> None:
    page = signed_in(session).get(PAGE).text
    for text in ("1405-0123456789ab", "Not official figures.", VERSION, "docs/domain.md 2.4", "هر خانهٔ آن درست است"):
        assert text in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


def test_the_example_is_what_payment_would_charge(signed_in: SignedIn, policy: FakeServices) -> None:
    assert "گرفته می‌شود" in signed_in("admin-session").get(PAGE).text
    [query] = policy.sent(payment_queries.EstimateFee)
    assert (query.year, [one.year for one in query.unpaid_years], query.member) == (1405, [1404], None)


def test_a_text_that_is_not_the_one_of_its_version_is_named(
    signed_in: SignedIn, policy: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered: dict[Any, Any] = ANSWERS
    for text in (TEXT + "# one more line\n", "nothing = 1"):
        found = PolicyInUse(year=1405, version=VERSION, file=text)
        monkeypatch.setitem(answered, capacity_queries.GetPolicy, lambda _services, _query, found=found: found)
        assert "متن با شناسهٔ خود نمی‌خواند" in signed_in("admin-session").get(PAGE).text


def test_what_amendments_changed_is_shown_cell_by_cell(signed_in: SignedIn, policy: FakeServices) -> None:
    policy.acts = (ACT.model_copy(update={"granted_by": "officer:sara"}),)
    page = signed_in("admin-session").get(PAGE).text
    for text in ("برقرار", "مریم تهرانی", "سارا یزدی", "خطای تایپی در جدول", "72000 → 73000"):
        assert text in page


def test_what_does_not_answer_leaves_the_rest(signed_in: SignedIn, policy: FakeServices) -> None:
    policy.refuse(payment_queries.GetTariff, Reason.NO_ANSWER)
    policy.refuse(payment_queries.EstimateFee, Reason.NO_ANSWER)
    page = signed_in("admin-session").get(PAGE).text
    assert "حق عضویت این سال در دسترس نیست" in page
    assert VERSION in page


@pytest.mark.parametrize("session", ["member-session", "finance-session", "auditor-session"])
def test_others_do_not_have_the_page(signed_in: SignedIn, session: str) -> None:
    assert signed_in(session).get(PAGE).status_code == 403
