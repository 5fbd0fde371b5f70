"""A dry run of an import shows entries of before, and who has a national code: reads of those members, and of no others."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.auth.register import import_batch
from services.auth.service import AuthService
from shared.contract.base import Message
from shared.contract.operations import answers, queries
from shared.contract.passport import Passport
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from tests.services.auth.samples import ADMIN, OTHER, ROW, import_of

AUDITOR = ADMIN.model_copy(update={"subject": "bazres", "roles": frozenset({Role.AUDITOR})})


def call(service: AuthService, caller: Passport, message: Message[Any]) -> Any:
    service.caller = caller
    return message.answer().model_validate(getattr(service, message.method)(message.model_dump(mode="json")))


def test_a_dry_run_is_a_read_of_those_whose_entries_it_shows(records: Records) -> None:
    import_batch.import_members(records, import_of(ROW, OTHER), ADMIN)
    service = AuthService()
    service.records = records
    moved = ROW | {"last_name": "سنگ‌تراشان"}
    takes = ROW | {"membership_no": "999001", "national_code": OTHER["national_code"]}
    later = {"at": datetime.now(UTC), "deadline": datetime.now(UTC) + timedelta(hours=1)}
    call(service, ADMIN, import_of(moved, takes, dry_run=True, **later))
    found: answers.Reads = call(service, AUDITOR, queries.ListReads(officer="admin"))
    assert [(one.member, one.message) for one in found.reads] == [
        ("012345", "ImportMembers"),
        ("012346", "ImportMembers"),
    ]
    call(service, ADMIN, import_of(ROW, OTHER, dry_run=True, **later))
    assert call(service, AUDITOR, queries.ListReads(officer="admin")).total == 2
