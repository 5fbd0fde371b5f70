"""Each table of each service is declared: with personal data and how it is treated, or without any."""

from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import uuid4

import pytest
from sqlalchemy import MetaData, Table, func, insert, select

from services.auth.personal_data import PERSONAL_DATA as AUTH
from services.auth.tables import CARD_VIEWS, IMPORT_CHANGES, IMPORT_REPORTS
from services.auth.tables import TABLES as AUTH_TABLES
from services.capacity.personal_data import PERSONAL_DATA as CAPACITY
from services.capacity.tables.state import TABLES as CAPACITY_TABLES
from services.notification.personal_data import PERSONAL_DATA as NOTIFICATION
from services.notification.tables import TABLES as NOTIFICATION_TABLES
from services.payment.personal_data import PERSONAL_DATA as PAYMENT
from services.payment.tables import TABLES as PAYMENT_TABLES
from services.renewal.personal_data import PERSONAL_DATA as RENEWAL
from services.renewal.tables import DRAFTS
from services.renewal.tables import TABLES as RENEWAL_TABLES
from shared import personal_data, recorded_reads, translations
from shared.contract.auth.commands import ErasureReason
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.personal_data import Declaration
from shared.services import WITH_MEMBERS

NOON = datetime(2026, 10, 7, 8, 30, tzinfo=UTC)
DECLARED = {
    "auth": (AUTH, AUTH_TABLES),
    "renewal": (RENEWAL, RENEWAL_TABLES),
    "payment": (PAYMENT, PAYMENT_TABLES),
    "capacity": (CAPACITY, CAPACITY_TABLES),
    "notification": (NOTIFICATION, NOTIFICATION_TABLES),
}
ALL_KINDS = [kind for declared, _ in DECLARED.values() for kind in declared.kinds]


def test_each_service_with_rows_about_members_declares_them() -> None:
    assert tuple(DECLARED) == WITH_MEMBERS


@pytest.mark.parametrize("service", DECLARED)
def test_every_table_is_declared_once(service: str) -> None:
    declared, tables = DECLARED[service]
    named = [kind.table.name for kind in declared.kinds] + [table.name for table in declared.without_members]
    assert sorted(named) == sorted(
        {name for kind in tables for name in kind.tables} - personal_data.TABLES.tables.keys()
    )


@pytest.mark.parametrize("service", DECLARED)
def test_a_table_that_names_members_is_not_declared_to_be_without_them(service: str) -> None:
    declared, _ = DECLARED[service]
    assert [table.name for table in declared.without_members if {"member", "account"} & set(table.c.keys())] == []


def test_every_kind_has_its_labels() -> None:
    for language in ("fa", "en"):
        labels = translations.group("personal_kind", language)
        assert {kind.name for kind in ALL_KINDS} <= labels.keys()
        assert {kind.kept for kind in ALL_KINDS} - {""} <= translations.group("kept_reason", language).keys()
        assert set(get_args(ErasureReason)) == translations.group("erasure_reason", language).keys()
        assert not labels.keys() & translations.group("command_line", language).keys(), "which would be shown instead"
    names = [kind.name for kind in ALL_KINDS if kind is not recorded_reads.KIND]
    assert len(set(names)) == len(names)


def test_the_days_of_the_retention_are_those_of_the_kinds_with_an_age() -> None:
    assert {kind.name for kind in ALL_KINDS if kind.age is not None} == personal_data.retention_days().keys()


ROWS: dict[str, tuple[Declaration, tuple[MetaData, ...], Table, dict[str, object]]] = {
    "drafts": (RENEWAL, RENEWAL_TABLES, DRAFTS, {"member": "012345", "year": 1404, "fields": "{}"}),
    "card_views": (AUTH, AUTH_TABLES, CARD_VIEWS, {"command": uuid4(), "member": "012345"}),
    "import_changes": (
        AUTH,
        AUTH_TABLES,
        IMPORT_CHANGES,
        {"import_id": uuid4(), "member": "012345", "version": 1, "after": "{}"},
    ),
    "reads": (
        CAPACITY,
        CAPACITY_TABLES,
        recorded_reads.READS,
        {"member": "012345", "officer": "modir", "message": "GetMember", "year": 0, "roles": "manager"},
    ),
    "import_reports": (AUTH, AUTH_TABLES, IMPORT_REPORTS, {"command": uuid4(), "report": "{}"}),
}
AGES = {kind.name: kind.age for kind in ALL_KINDS}


@pytest.mark.parametrize("kind", ROWS)
def test_rows_are_deleted_when_their_days_are_over(sqlite_url: str, kind: str) -> None:
    declared, tables, table, row = ROWS[kind]
    database = Database(sqlite_url)
    database.create_tables(*tables)
    records = Records(database, None)
    age = AGES[kind]
    assert age is not None
    records.write(lambda connection: connection.execute(insert(table).values({**row, age.name: NOON})).close())
    over = NOON + timedelta(days=personal_data.retention_days()[kind])
    for at, left in ((over - timedelta(seconds=1), 1), (over, 0)):
        personal_data.apply_retention(records, declared, at)
        with records.read() as connection:
            assert connection.execute(select(func.count()).select_from(table)).scalar() == left
    database.close()


def test_the_columns_that_no_export_shows_are_columns() -> None:
    assert [kind.name for kind in ALL_KINDS if not {*kind.hidden} <= {*kind.table.c.keys()}] == []


def test_every_exported_column_has_a_label() -> None:
    labels = translations.group("personal_column").keys()
    exported = {column for kind in ALL_KINDS if kind.of_member for column in {*kind.table.c.keys()} - {*kind.hidden}}
    assert exported - {"member", "account"} - labels == set()
