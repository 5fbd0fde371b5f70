from shared.contract.operations import answers
from shared.services import WITH_MEMBERS
from tests.clients.admin.fake_server import NOW, Tamdid


def test_what_each_service_deletes_is_shown_with_its_days(maryam: Tamdid) -> None:
    drafts = answers.RetainedKind(kind="drafts", days=90, last_at=NOW, deleted=3, deleted_ever=1200)
    nothing = answers.Retention(kinds=())
    maryam.server.replies = {f"{one}.get_retention": nothing for one in WITH_MEMBERS}
    maryam.server.replies["renewal.get_retention"] = answers.Retention(kinds=(drafts,))
    result = maryam("retention")
    assert result.exit_code == 0
    (row,) = [line for line in result.stdout.splitlines() if "renewal" in line]
    assert row.split() == ["renewal", "drafts", "of", "declarations", "90", "1405/07/15", "14:30", "3", "1,200"]
