"""Devices that signed in before, by the clock that is passed in."""

from services.auth.sign_in import known_devices
from services.auth.sign_in.known_devices import DEVICES_MAX, LIFE
from services.auth.tables import KNOWN_DEVICES
from shared.event_store.command_handler import Records
from tests.services.auth.samples import NOON

MEMBER, OTHER = "member:012345", "member:012346"


def remember(records: Records, token: str, new: str, account: str = MEMBER, day: float = 0) -> str:
    at = NOON + LIFE / 180 * day
    return records.write(lambda connection: known_devices.remember(connection, account, token, new, at))


def is_known(records: Records, token: str, account: str = MEMBER, day: float = 0) -> bool:
    with records.read() as connection:
        return bool(known_devices.recognize(connection, account, token, NOON + LIFE / 180 * day))


def test_a_device_is_known_to_the_accounts_that_it_signed_in_to(records: Records) -> None:
    assert remember(records, "", "cookie") == "cookie"
    assert is_known(records, "cookie")
    assert not is_known(records, "cookie", OTHER)
    assert remember(records, "cookie", "not used", OTHER) == "cookie"
    assert is_known(records, "cookie", OTHER)
    assert is_known(records, "cookie")


def test_a_token_that_we_did_not_give_out_is_not_taken_over(records: Records) -> None:
    """Somebody may have planted it in the browser, and know it."""
    assert remember(records, "planted", "cookie") == "cookie"
    assert not is_known(records, "planted")
    assert not is_known(records, "")


def test_the_token_itself_is_nowhere(records: Records) -> None:
    remember(records, "", "cookie of the browser")
    with records.read() as connection:
        [row] = connection.execute(KNOWN_DEVICES.select()).all()
        key = known_devices.recognize(connection, MEMBER, "cookie of the browser", NOON)
    assert "cookie of the browser" not in str(row)
    assert key
    assert row.token_hash.startswith(key)


def test_a_device_is_forgotten_in_time_with_a_new_password_and_when_there_are_too_many(records: Records) -> None:
    remember(records, "", "cookie")
    assert is_known(records, "cookie", day=179)
    assert not is_known(records, "cookie", day=180)
    for number in range(DEVICES_MAX):
        remember(records, "", f"later {number}", day=number + 1)
    assert not is_known(records, "cookie", day=11)
    assert is_known(records, "later 0", day=11)
    records.write(lambda connection: known_devices.delete_expired(connection, NOON + LIFE + LIFE / 180))
    assert not is_known(records, "later 0")
    assert is_known(records, "later 1", day=11)
    records.write(lambda connection: known_devices.forget_all(connection, MEMBER))
    assert not is_known(records, "later 9", day=11)
