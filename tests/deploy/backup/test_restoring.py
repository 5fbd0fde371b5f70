"""A restore verifies first, moves aside what was there, and gives back an instance that its programs can start on."""

import errno
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Select, insert, select

from deploy import databases, instance_lock
from deploy.backup import auth_rows, making, restoring, verification
from deploy.backup.epochs import begin_epochs
from deploy.backup.errors import BackupError
from deploy.backup.restoring import Restored
from services.auth.tables import MEMBERS, PERSONS, SESSIONS
from shared.contract.auth.events import MemberErased
from shared.event_store.log import EVENTS
from shared.keys import Keys
from shared.services import SOURCES
from shared.settings import Settings
from tests.deploy.backup import sample_instance
from tests.deploy.backup.sample_instance import AUTH, MEMBER, OTHER, RENEWAL, head
from tests.support import later_version, sample_log
from tests.support.later_version import RenewalReopened

KEY = bytes(range(32))
STREAM = f"renewal/{MEMBER}/1405"


def ignore(**_numbers: float) -> None:
    """Of a progress bar that nobody sees."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An instance with five events, of which there is a backup."""
    return sample_instance.make(tmp_path / "var")


@pytest.fixture
def file(settings: Settings, tmp_path: Path) -> Path:
    making.make(settings, tmp_path / "backup", KEY, ignore)
    return tmp_path / "backup"


@pytest.fixture
def plain(settings: Settings, tmp_path: Path) -> Path:
    making.make(settings, tmp_path / "plain", None, ignore)
    return tmp_path / "plain"


def restore(file: Path, folder: Path, *, key: bytes | None = KEY, replace: bool = False) -> Restored:
    return restoring.restore(file, key, folder, folder / "keys", replace=replace, update_bar=ignore)


def contents(folder: Path) -> dict[str, bytes]:
    """What an instance owns in a folder."""
    files = (file for path in restoring.owned(folder) for file in (path, *path.rglob("*")) if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def dump(path: Path) -> bytes:
    """All that is in a database but its log's epochs; its file also counts its changes."""
    of_epochs = ('INTO "log_head"', 'INTO "former_epochs"')
    with closing(sqlite3.connect(path)) as database:
        lines = [line for line in database.iterdump() if not any(table in line for table in of_epochs)]
    return "\n".join(lines).encode()


def epochs(folder: Path) -> dict[str, tuple[str, int]]:
    """The epoch of each log in a folder, and the position after which it began."""
    found = {}
    for name in SOURCES:
        with closing(sqlite3.connect(folder / f"{name}.db")) as database:
            found[name] = database.execute("SELECT epoch, epoch_began_at FROM log_head").fetchone()
    return found


def test_an_encrypted_backup_gives_back_the_whole_folder(settings: Settings, file: Path, tmp_path: Path) -> None:
    restored = restore(file, tmp_path / "new")
    new, original = contents(tmp_path / "new"), contents(settings.var)
    for name in [name for name in original if name.endswith(".db")]:
        new[name], original[name] = dump(tmp_path / "new" / name), dump(settings.var / name)
    assert new == original
    assert (restored.aside, restored.new_keys, restored.erased) == (None, False, None)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new", *(tmp_path / "new").rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_each_restored_log_begins_a_new_epoch(settings: Settings, file: Path, tmp_path: Path) -> None:
    restore(file, tmp_path / "new")
    before, after = epochs(settings.var), epochs(tmp_path / "new")
    assert len({epoch for epoch, _ in (*before.values(), *after.values())}) == 2 * len(before)
    assert after["renewal"][1] == head(settings.var / "renewal.db")


@pytest.mark.parametrize("release", ["0.1.0", "0.2.0"])
def test_an_instance_of_an_earlier_version_is_backed_up_and_restored_as_one_of_this_version(
    tmp_path: Path, release: str
) -> None:
    """It is backed up just before its upgrade, and may be restored after that; a program or a log that came later begins empty."""
    settings = sample_instance.of_release(tmp_path / "old", release)
    making.make(settings, tmp_path / "backup", KEY, ignore)
    restored = restore(tmp_path / "backup", tmp_path / "new")
    heads = {name: head for name, (_, head) in epochs(tmp_path / "new").items()}
    began_later = {"capacity": 0, "notification": 0}
    assert {**began_later, **restored.manifest.heads} == heads
    assert not began_later.keys() & restored.manifest.heads.keys()
    found = databases.check(list(databases.STORES), Settings(var=tmp_path / "new"))
    assert [one.state.pending for one in found] == [()] * len(databases.STORES)


def test_a_database_that_was_lost_is_no_program_that_came_later(settings: Settings, tmp_path: Path) -> None:
    (settings.var / "notification.db").unlink()
    with pytest.raises(BackupError, match="backup_no_instance"):
        making.make(settings, tmp_path / "backup", KEY, ignore)


def test_databases_of_a_later_version_are_refused_by_name(settings: Settings, tmp_path: Path) -> None:
    sample_instance.execute(settings.var / "bank.db", "UPDATE alembic_version SET version_num = '0009_from_0008'")
    making.make(settings, tmp_path / "backup", KEY, ignore)
    before = contents(settings.var)
    with pytest.raises(BackupError) as refused:
        restore(tmp_path / "backup", settings.var, replace=True)
    assert refused.value.code == "restore_of_other_version"
    assert "is at revision 0009_from_0008" in str(refused.value.values["error"])
    assert contents(settings.var) == before


def test_a_restored_log_of_version_0_1_0_gets_its_epoch_by_the_upgrade(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "renewal.db")) as database:
        database.execute("CREATE TABLE log_head (id INTEGER PRIMARY KEY, position BIGINT NOT NULL)")
    begin_epochs(tmp_path)
    with closing(sqlite3.connect(tmp_path / "renewal.db")) as database:
        assert [column[1] for column in database.execute("PRAGMA table_info(log_head)")] == ["id", "position"]


def test_a_restored_instance_can_be_backed_up(file: Path, tmp_path: Path) -> None:
    restore(file, tmp_path / "new")
    manifest, _ = making.make(Settings(var=tmp_path / "new"), tmp_path / "again", KEY, ignore)
    assert manifest.heads["renewal"] == 5


def test_an_instance_that_is_there_is_not_touched(settings: Settings, file: Path) -> None:
    before = contents(settings.var)
    with pytest.raises(BackupError, match="restore_over_instance"):
        restore(file, settings.var)
    assert contents(settings.var) == before


def test_what_was_there_is_moved_aside(settings: Settings, file: Path) -> None:
    sample_instance.append(settings, RENEWAL, STREAM, [sample_log.fact(MEMBER)])
    (settings.var / "compose").mkdir()
    before = contents(settings.var)
    restored = restore(file, settings.var, replace=True)
    assert restored.aside
    assert contents(restored.aside) == before
    assert stat.S_IMODE(restored.aside.stat().st_mode) == 0o700
    assert head(settings.var / "renewal.db") == 5
    assert (settings.var / "compose").is_dir(), "what is no part of the instance stays"
    assert not (settings.var / instance_lock.UNFINISHED).exists()


def test_a_running_instance_is_not_touched(settings: Settings, file: Path) -> None:
    before = contents(settings.var)
    with instance_lock.locked(settings.var), pytest.raises(BackupError, match="restore_while_running"):
        restore(file, settings.var, replace=True)
    assert contents(settings.var) == before


def broken(file: Path, settings: Settings) -> Iterator[Path]:
    """Backups that don't verify: cut off, altered, of an instance with a hole."""
    stored = file.read_bytes()
    for name, content in {"cut": stored[:-1], "altered": stored[:9000] + b"\0\1\2\3" + stored[9004:]}.items():
        file.with_name(name).write_bytes(content)
        yield file.with_name(name)


def test_a_backup_that_does_not_verify_changes_nothing(settings: Settings, file: Path) -> None:
    before = sorted(settings.var.rglob("*"))
    for other in broken(file, settings):
        with pytest.raises(BackupError, match="backup_damaged"):
            restore(other, settings.var, replace=True)
    with pytest.raises(BackupError, match="backup_other_key"):
        restore(file, settings.var, key=bytes(32), replace=True)
    assert sorted(path for path in settings.var.rglob("*") if path.name != instance_lock.LOCK) == before


def test_a_backup_with_a_hole_is_not_restored(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove = ("DROP TRIGGER facts_stay_DELETE", "DELETE FROM events WHERE position = 3")
    sample_instance.execute(settings.var / "renewal.db", *remove)
    with monkeypatch.context() as unverified:
        unverified.setattr(verification, "verify", lambda *_: verification.Report((), ()))
        making.make(settings, tmp_path / "backup", KEY, ignore)
    with pytest.raises(BackupError, match="backup_not_verified"):
        restore(tmp_path / "backup", tmp_path / "new")
    assert contents(tmp_path / "new") == {}


def test_a_restore_that_was_broken_off_is_run_again(
    settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power is cut when what was there is aside, before the first file takes its place."""
    moves, former = 0, len(list(restoring.owned(settings.var)))
    rename = Path.rename

    def cut_power(path: Path, target: Path) -> Path:
        nonlocal moves
        moves += 1
        if moves == former + 1:
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as cut:
        cut.setattr(Path, "rename", cut_power)
        with pytest.raises(KeyboardInterrupt):
            restore(file, settings.var, replace=True)
    with pytest.raises(instance_lock.RestoreUnfinished):
        instance_lock.acquire_to_run(settings, alone=False)
    restored = restore(file, settings.var, replace=True)
    assert head(settings.var / "renewal.db") == restored.manifest.heads["renewal"] == 5
    assert not (settings.var / instance_lock.UNFINISHED).exists()


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (making, "extract_and_verify"),
        (databases, "migrate"),
        (auth_rows, "record_erasures_again"),
        (auth_rows, "end_sessions"),
    ],
    ids=lambda step: str(step).rpartition(".")[2],
)
def test_ctrl_c_before_it_replaces_leaves_everything_as_it_was(
    module: ModuleType, step: str, settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true, before = getattr(module, step), contents(settings.var)

    def press(*arguments: Any, **options: Any) -> None:
        true(*arguments, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, step, press)
    with pytest.raises(KeyboardInterrupt):
        restore(file, settings.var, replace=True)
    assert contents(settings.var) == before
    assert {path.name for path in settings.var.iterdir()} - set(before) == {"keys", instance_lock.LOCK}


def test_a_restore_that_fails_while_it_replaces_says_so(
    settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as where `keys` is a mount of its own."""
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name == "keys":
            raise OSError(errno.EBUSY, "Device or resource busy")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(BackupError, match="restore_broken_off"):
        restore(file, settings.var, replace=True)
    with pytest.raises(instance_lock.RestoreUnfinished):
        instance_lock.acquire_to_run(settings, alone=False)


# ---------------------------------------------------------------- keys


def test_a_plain_backup_leaves_the_keys_that_are_there(settings: Settings, plain: Path) -> None:
    before = contents(settings.var)
    restored = restore(plain, settings.var, key=None, replace=True)
    assert not restored.new_keys
    after = contents(settings.var)
    assert {name: after[name] for name in after if not name.endswith(".db")} == {
        name: before[name] for name in before if not name.endswith(".db")
    }


def test_a_plain_backup_elsewhere_comes_with_new_keys_and_the_old_seals_hold(
    settings: Settings, plain: Path, tmp_path: Path
) -> None:
    restored = restore(plain, tmp_path / "new", key=None)
    assert restored.new_keys
    own, before = Keys("renewal", tmp_path / "new" / "keys"), Keys("renewal", settings.keys_folder)
    assert own.is_signed_by("renewal", b"text", before.sign(b"text"))
    assert own.is_signed_by("renewal", b"text", own.sign(b"text"))
    assert not before.is_signed_by("renewal", b"text", own.sign(b"text"))
    making.make(Settings(var=tmp_path / "new"), tmp_path / "again", KEY, ignore)


def test_keys_of_another_instance_are_not_taken_for_those_of_the_backup(
    settings: Settings, plain: Path, tmp_path: Path
) -> None:
    other = sample_instance.make(tmp_path / "other")
    restored = restore(plain, other.var, key=None, replace=True)
    assert restored.new_keys
    assert restored.aside
    assert (restored.aside / "keys" / "auth.pem").exists()
    assert Keys("admin", other.keys_folder).is_signed_by(
        "auth", b"text", Keys("auth", settings.keys_folder).sign(b"text")
    )


# ---------------------------------------------------------------- erasures since the backup


def enrol(settings: Settings, member: str) -> None:
    """The rows of a member, as an import leaves them."""
    database = sample_instance.open_database(settings, "auth")
    row = {"member": member, "province": "isfahan", "member_class": "grade_1", "licence_fields": ""}
    person = {"account": f"member:{member}", "first_name": "مریم", "last_name": "تهرانی"}
    database.write(lambda connection: connection.execute(insert(MEMBERS).values(row)))
    database.write(lambda connection: connection.execute(insert(PERSONS).values(person)))
    database.close()


def erase(settings: Settings, member: str) -> None:
    sample_instance.append(settings, AUTH, f"member/{member}", [sample_instance.erasure(member)])


def persons(settings: Settings) -> set[str]:
    """The accounts of which there is a name."""
    return {str(account) for account in rows(settings, select(PERSONS.c.account))}


def erased(settings: Settings) -> list[str]:
    """The streams of the log that end in an erasure."""
    query = select(EVENTS.c.stream).where(EVENTS.c.type == MemberErased.__name__).order_by(EVENTS.c.position)
    return [str(stream) for stream in rows(settings, query)]


def rows(settings: Settings, query: Select[Any]) -> list[str]:
    database = sample_instance.open_database(settings, "auth")
    try:
        with database.read() as connection:
            return [text for (text,) in connection.execute(query)]
    finally:
        database.close()


@pytest.fixture
def register(settings: Settings, tmp_path: Path) -> Path:
    """A backup of the instance with two members."""
    for member in (MEMBER, OTHER):
        enrol(settings, member)
    making.make(settings, tmp_path / "register", KEY, ignore)
    return tmp_path / "register"


def test_who_was_erased_since_is_erased_again(settings: Settings, register: Path) -> None:
    erase(settings, MEMBER)
    restored = restore(register, settings.var, replace=True)
    assert restored.erased == [MEMBER]
    assert persons(settings) == {f"member:{OTHER}"}
    assert erased(settings) == [f"member/{MEMBER}"]
    assert rows(settings, select(MEMBERS.c.member).where(MEMBERS.c.erased_at.is_not(None))) == [MEMBER]


@pytest.mark.parametrize("moves_made", range(3, 20, 2))
def test_who_was_erased_since_is_erased_again_after_a_restore_that_was_broken_off(
    moves_made: int, settings: Settings, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log of auth that knows it is then in one of two places."""
    erase(settings, MEMBER)
    rename, moves = Path.rename, iter(range(moves_made))

    def cut_power(path: Path, target: Path) -> Path:
        if next(moves, None) is None:
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as cut, suppress(KeyboardInterrupt):
        cut.setattr(Path, "rename", cut_power)
        restore(register, settings.var, replace=True)
    (aside,) = settings.var.glob(f"{restoring.ASIDE}-*")
    aside.rename(aside.with_name(f"{restoring.ASIDE}-20260401T000000Z"))  # it takes longer than the rest of a second
    assert restore(register, settings.var, replace=True).erased == [MEMBER]
    assert persons(settings) == {f"member:{OTHER}"}
    assert erased(settings) == [f"member/{MEMBER}"]


def test_an_erasure_is_recorded_beside_what_only_a_later_version_knows(settings: Settings, tmp_path: Path) -> None:
    enrol(settings, MEMBER)
    sample_instance.append(settings, AUTH, f"member/{MEMBER}", [RenewalReopened(member=MEMBER)])
    making.make(settings, tmp_path / "backup", KEY, ignore)
    with later_version.running():  # which appends where the earlier one is refused
        erase(settings, MEMBER)
    assert restore(tmp_path / "backup", settings.var, replace=True).erased == [MEMBER]
    assert persons(settings) == set()


def test_who_was_erased_before_is_not_erased_twice(settings: Settings, tmp_path: Path) -> None:
    enrol(settings, OTHER)
    erase(settings, MEMBER)
    making.make(settings, tmp_path / "backup", KEY, ignore)
    erase(settings, OTHER)
    assert restore(tmp_path / "backup", settings.var, replace=True).erased == [OTHER]
    assert erased(settings) == [f"member/{MEMBER}", f"member/{OTHER}"]


def test_an_erasure_of_somebody_whom_the_backup_does_not_know_stays_recorded(settings: Settings, file: Path) -> None:
    erase(settings, OTHER)
    assert restore(file, settings.var, replace=True).erased == [OTHER]
    assert erased(settings) == [f"member/{OTHER}"]


def test_nobody_is_erased_for_an_erasure_of_another_instance(
    settings: Settings, register: Path, tmp_path: Path
) -> None:
    other = sample_instance.make(tmp_path / "other")
    sample_instance.append(settings, AUTH, f"member/{OTHER}", [sample_instance.erasure(OTHER)])
    making.make(settings, tmp_path / "backup", KEY, ignore)
    erase(other, OTHER)
    erase(other, MEMBER)
    assert restore(tmp_path / "backup", other.var, replace=True).erased is None
    assert persons(other) == {f"member:{MEMBER}", f"member:{OTHER}"}


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 1000])
def test_erasures_that_cant_be_read_are_unknown(damage: bytes, settings: Settings, register: Path) -> None:
    erase(settings, MEMBER)
    (settings.var / "auth.db").write_bytes(damage)
    assert restore(register, settings.var, replace=True).erased is None
    assert persons(settings) == {f"member:{MEMBER}", f"member:{OTHER}"}


def test_no_session_outlives_a_restore(settings: Settings, tmp_path: Path) -> None:
    """One that was ended since the backup must not open again."""
    database = sample_instance.open_database(settings, "auth")
    at = sample_instance.AT
    session = {
        "token_hash": "x",
        "account": "officer:admin",
        "opened_at": at,
        "used_at": at,
        "device": "",
        "is_pending": False,
    }
    database.write(lambda connection: connection.execute(insert(SESSIONS).values(session)))
    database.close()
    making.make(settings, tmp_path / "backup", KEY, ignore)
    restore(tmp_path / "backup", settings.var, replace=True)
    assert rows(settings, select(SESSIONS)) == []
