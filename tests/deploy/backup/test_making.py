"""A backup holds one moment of all databases, keeps secrets only where it is encrypted, and is there only when it is verified."""

import fcntl
import resource
import shutil
import sqlite3
import stat
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from clients.admin.commands.operations.log_verification import Problem
from deploy import instance_lock
from deploy.backup import archive, making, snapshots, verification
from deploy.backup.archive import Manifest
from deploy.backup.errors import BackupError
from deploy.containers import secrets
from shared.settings import Settings
from tests.deploy.backup import sample_instance
from tests.deploy.backup.sample_instance import AUTH, MEMBER, RENEWAL
from tests.support import sample_log
from tests.support.later_version import RenewalReopened

KEY = bytes(range(32))
STREAM = f"renewal/{MEMBER}/1405"


def ignore(**_numbers: float) -> None:
    """Of a progress bar that nobody sees."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return sample_instance.make(tmp_path / "var")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup"


def manifest_of(file: Path, key: bytes | None) -> Manifest:
    with archive.opened(file, key) as (manifest, _):
        return manifest


def test_an_encrypted_backup_holds_all_that_an_instance_has(settings: Settings, file: Path) -> None:
    manifest, report = making.make(settings, file, KEY, ignore)
    names = {path.relative_to(settings.var).as_posix() for path in settings.var.rglob("*") if path.is_file()}
    assert {one.name for one in manifest.files} == names
    assert manifest.has_secrets
    assert manifest.heads == {"auth": 0, "renewal": 5, "payment": 0, "capacity": 0, "notification": 0, "bank": 0}
    assert manifest == manifest_of(file, KEY)
    assert [(log.service, log.events, log.unsealed) for log in report.logs if log.events] == [("renewal", 5, 0)]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_plain_backup_holds_no_private_key_and_no_secret(settings: Settings, file: Path) -> None:
    manifest, _ = making.make(settings, file, None, ignore)
    databases = {f"{program}.db" for program in snapshots.programs()}
    assert {one.name for one in manifest.files} == databases | {f"keys/{name}.pub" for name in secrets.KEY_HOLDERS}
    assert not manifest.has_secrets
    stored = file.read_bytes()
    for secret in (*sample_instance.SECRETS.values(), "PRIVATE KEY"):
        assert secret.encode() not in stored
    with tarfile.open(file) as opened:
        assert "auth.db" in opened.getnames()


def test_nothing_else_is_left_behind(settings: Settings, file: Path) -> None:
    before = sorted(settings.var.rglob("*"))
    making.make(settings, file, KEY, ignore)
    making.check(settings, file, KEY, ignore)
    assert sorted(settings.var.rglob("*")) == before
    assert sorted(file.parent.iterdir()) == [file, settings.var]


def test_what_was_not_sealed_yet_is_in_it(settings: Settings, file: Path) -> None:
    sample_instance.append(settings, RENEWAL, STREAM, [sample_log.fact(MEMBER)], sealed=False)
    manifest, report = making.make(settings, file, KEY, ignore)
    assert manifest.heads["renewal"] == 6
    assert [(log.events, log.unsealed) for log in report.logs if log.service == "renewal"] == [(6, 1)]


def test_a_backup_is_not_written_over_another(settings: Settings, file: Path) -> None:
    file.write_bytes(b"of last week")
    with pytest.raises(BackupError, match="backup_exists"):
        making.make(settings, file, KEY, ignore)
    assert file.read_bytes() == b"of last week"


def test_what_only_a_later_version_knows_is_backed_up_by_an_earlier_one(settings: Settings, file: Path) -> None:
    """Whoever goes back to the version before goes on making backups, and restores them."""
    stream = "renewal/3412009/1405"
    sample_instance.append(settings, RENEWAL, stream, [RenewalReopened(member="3412009")])
    manifest, report = making.make(settings, file, KEY, ignore)
    assert (manifest.heads["renewal"], report.problems) == (6, ())


def test_a_folder_that_is_half_restored_is_not_backed_up(settings: Settings, file: Path) -> None:
    (settings.var / instance_lock.UNFINISHED).touch()
    with pytest.raises(BackupError, match="backup_of_half_restored"):
        making.make(settings, file, KEY, ignore)
    assert not file.exists()


def test_the_programs_keep_room_on_their_disk(settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup that filled it would stop the instance that it was to protect."""
    making.make(settings, file, KEY, ignore)
    size = sum((settings.var / f"{program}.db").stat().st_size for program in snapshots.programs())
    for free, makes in ((2 * size + making.SPARE_BYTES, True), (2 * size + making.SPARE_BYTES - 1, False)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: SimpleNamespace(free=free))
        with nullcontext() if makes else pytest.raises(BackupError, match="backup_no_room"):
            making.make(settings, file.with_name(f"{makes}"), KEY, ignore)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=making.SPARE_BYTES))
    with pytest.raises(BackupError, match="backup_no_room"):
        making.check(settings, file, KEY, ignore)


def test_one_at_a_time(settings: Settings, file: Path) -> None:
    with making.scratch(settings.var), pytest.raises(BackupError, match="backup_busy"):
        making.make(settings, file, KEY, ignore)
    making.make(settings, file, KEY, ignore)


@pytest.mark.parametrize("begins_again", [False, True])
def test_a_run_that_ends_between_two_steps_of_another_leaves_it_no_folder_of_a_third(
    begins_again: bool, settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock

    def lock_too_late(number: int, how: int) -> None:
        (settings.var / making.SCRATCH).rmdir()
        if begins_again:
            (settings.var / making.SCRATCH).mkdir()
        lock(number, how)

    with monkeypatch.context() as late:
        late.setattr(fcntl, "flock", lock_too_late)
        with pytest.raises(BackupError, match="backup_busy"):
            making.make(settings, file, KEY, ignore)
    making.make(settings, file, KEY, ignore)


def test_copies_of_a_run_that_was_killed_are_deleted(settings: Settings, file: Path) -> None:
    killed = settings.var / making.SCRATCH
    (killed / "keys").mkdir(parents=True)
    for name in ("auth.db", "keys/auth.pem"):
        (killed / name).write_bytes(b"of a killed run")
    making.make(settings, file, KEY, ignore)
    assert not killed.exists()


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """As on a full disk, a write beyond fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("limit", [40_000, 200_000], ids=["while it copies", "while it packs"])
def test_a_full_disk_leaves_nothing(limit: int, settings: Settings, file: Path) -> None:
    """No database of the sample is larger than the second limit, and all of them together are."""
    sizes = [(settings.var / f"{program}.db").stat().st_size for program in snapshots.programs()]
    before = sorted(settings.var.rglob("*"))
    failure = OSError if limit > max(sizes) else sqlite3.Error
    assert sum(sizes) > limit
    with no_file_larger_than(limit), pytest.raises(failure):
        making.make(settings, file, KEY, ignore)
    assert sorted(settings.var.rglob("*")) == before
    assert list(file.parent.iterdir()) == [settings.var]


def test_ctrl_c_at_any_step_leaves_nothing(settings: Settings, file: Path) -> None:
    before = sorted(settings.var.rglob("*"))
    steps = 0

    def count(**_numbers: float) -> None:
        nonlocal steps
        steps += 1

    making.make(settings, file.with_name("whole"), KEY, count)
    file.with_name("whole").unlink()
    assert steps > 20
    for step in range(1, steps + 1, 7):
        left = step

        def press(**_numbers: float) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            making.make(settings, file, KEY, press)
        assert sorted(settings.var.rglob("*")) == before
        assert list(file.parent.iterdir()) == [settings.var]


# ---------------------------------------------------------------- what verification finds


def problems(settings: Settings, file: Path) -> set[tuple[str, int, str]]:
    """The problems for which a backup is not written."""
    with pytest.raises(BackupError, match="backup_not_verified") as refused:
        making.make(settings, file, KEY, ignore)
    assert not file.exists()
    found = cast("tuple[Problem, ...]", refused.value.values["problems"])
    return {(one.service, one.position, one.code) for one in found}


def test_a_hole_is_found(settings: Settings, file: Path) -> None:
    remove = ("DROP TRIGGER facts_stay_DELETE", "DELETE FROM events WHERE position = 3")
    sample_instance.execute(settings.var / "renewal.db", *remove)
    assert ("renewal", 4, "hole") in problems(settings, file)


def test_an_altered_event_is_found_by_its_seal(settings: Settings, file: Path) -> None:
    alter = "UPDATE events SET data = replace(data, '3412001', '3412009') WHERE position = 2"
    sample_instance.execute(settings.var / "renewal.db", "DROP TRIGGER facts_stay_UPDATE", alter)
    assert ("renewal", 5, "seal") in problems(settings, file)


def test_a_log_that_was_cut_off_is_found(settings: Settings, file: Path) -> None:
    cut = (
        "DROP TRIGGER facts_stay_DELETE",
        "DELETE FROM events WHERE position > 3",
        "UPDATE log_head SET position = 3",
    )
    sample_instance.execute(settings.var / "renewal.db", *cut)
    found = problems(settings, file)
    assert ("renewal", 5, "seal") in found
    assert ("payment", 5, "checkpoint_of_another_log") in found


def test_a_log_that_was_cut_off_at_the_end_of_a_page_is_found(
    settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "PAGE_EVENTS", 5)
    sample_instance.append(settings, RENEWAL, STREAM, [sample_log.fact(MEMBER)])
    cut = (
        "DROP TRIGGER facts_stay_DELETE",
        "DELETE FROM events WHERE position = 6",
        "UPDATE log_head SET position = 5",
    )
    sample_instance.execute(settings.var / "renewal.db", *cut)
    assert problems(settings, file) == {("renewal", 6, "seal")}


def test_a_counter_beyond_the_last_event_is_found(settings: Settings, file: Path) -> None:
    sample_instance.execute(settings.var / "renewal.db", "UPDATE log_head SET position = 7")
    assert problems(settings, file) == {("renewal", 7, "hole")}


def test_a_log_of_another_length_than_the_manifest_names_is_found(settings: Settings, file: Path) -> None:
    manifest, _ = making.make(settings, file, KEY, ignore)
    other = manifest.model_copy(update={"heads": manifest.heads | {"renewal": 6}})
    found = verification.verify(settings.var, other).problems
    assert [(one.service, one.code, one.detail) for one in found] == [("renewal", "hole", "the manifest names 6")]


def test_a_follower_of_another_log_is_found(settings: Settings, file: Path) -> None:
    sample_instance.move_checkpoint(settings, "payment", 5, "1" * 64)
    assert problems(settings, file) == {("payment", 5, "checkpoint_of_another_log")}


def test_a_follower_between_two_seals_is_no_problem(settings: Settings, file: Path) -> None:
    chain = ""
    database = sample_instance.open_database(settings, "renewal")
    with database.read() as connection:
        chain = verification.chain_at(connection, "renewal", 3) or ""
    database.close()
    sample_instance.move_checkpoint(settings, "payment", 3, chain)
    making.make(settings, file, KEY, ignore)


def test_a_damaged_database_is_found(settings: Settings, file: Path) -> None:
    path = settings.var / "payment.db"
    with path.open("r+b") as database:
        database.seek(4096 * 3)
        database.write(b"\xa5" * 4096)
    assert {(service, code) for service, _, code in problems(settings, file)} == {("payment", "damaged_database")}


def test_a_log_of_many_pages_is_verified_whole(settings: Settings, file: Path) -> None:
    for _ in range(4):
        sample_instance.append(settings, RENEWAL, STREAM, [sample_log.fact(MEMBER, n) for n in range(330)])
    sample_instance.append(settings, AUTH, f"member/{MEMBER}", [sample_instance.erasure(MEMBER)])
    _, report = making.make(settings, file, KEY, ignore)
    assert {log.service: log.events for log in report.logs} == {
        "auth": 1,
        "renewal": 1325,
        "payment": 0,
        "capacity": 0,
        "notification": 0,
        "bank": 0,
    }
