"""Sample program accounts, as the auth service answers about them."""

from datetime import timedelta
from uuid import UUID

from shared.contract.auth import program_answers
from tests.clients.gateway import samples

SECRET, TO_TAKE, WAITING = (UUID(int=number << 96) for number in (0x7F2A9A52, 0x5F1F7F2C, 0x0B6C3A52))
NAME = "desk-helper"
USE = program_answers.ProgramSecretUse(
    request=SECRET, issued_to="officer:maryam", issued_at=samples.NOW - timedelta(days=3), used_at=samples.NOW
)
ACCOUNT = program_answers.ProgramAccount(
    program=NAME, scopes=("desk:approve", "desk:read"), provinces=("isfahan",), secrets=(USE,), to_take=(TO_TAKE,)
)
REQUEST = program_answers.ProgramRequest(
    request=WAITING,
    program="hesabdari",
    scopes=("capacity:read",),
    provinces=("isfahan",),
    requested_by="officer:maryam",
    requested_at=samples.NOW,
    granters=("admin",),
)
ACCOUNTS = program_answers.ProgramAccounts(accounts=(ACCOUNT,), requests=(REQUEST,))
