from datetime import date

from shared.contract.renewal import mine_answers, queries
from tests.clients.admin.examples import MEMBER, OTHER
from tests.clients.admin.fake_server import NOW, Tamdid

CLAIM = mine_answers.MineClaim(
    member=OTHER, year=1405, province="yazd", status="approved",
    starts_on=date(2026, 9, 23), ends_on=date(2027, 3, 20), claimed_at=NOW,
)  # fmt: skip
MINE = mine_answers.ContestedMine(
    cadastre_code="K-1288", claims=(CLAIM, CLAIM.model_copy(update={"member": MEMBER, "province": "isfahan"}))
)


def test_contested_mines_are_listed_the_first_claim_first(maryam: Tamdid) -> None:
    maryam.server.replies = {"renewal.list_contested_mines": mine_answers.ContestedMines(mines=(MINE,), total=1)}
    result = maryam("desk", "mines")
    assert result.exit_code == 0, result.output
    first, second = [line.split() for line in result.stdout.splitlines() if "K-1288" in line]
    assert first[:4] == ["K-1288", OTHER, "yazd", "approved"]
    assert second[:3] == ["K-1288", MEMBER, "isfahan"]
    assert "1405/07/01" in first
    assert "1 mines" in result.stderr
    (query,) = maryam.server.sent(queries.ListContestedMines)
    assert (query.province, query.year) == ("isfahan", 1405)
    assert maryam.json("desk", "mines")["total"] == 1
