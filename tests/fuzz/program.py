"""A program account that takes part in the fuzz: made by two admins, with access tokens from `/api/oauth/token`."""

import httpx

from shared.contract.auth import program_commands as commands
from shared.policies.scopes import SCOPES
from tests.support.system import ANSWER_SECONDS, Cluster, fresh

NAME = "fuzz-program"


def secret_of_new_account(cluster: Cluster, provinces: tuple[str, ...]) -> str:
    """The secret of an account with all scopes."""
    request = commands.RequestProgramAccount(**fresh(), program=NAME, scopes=tuple(SCOPES), provinces=provinces)
    cluster.second_admin.call(request)
    cluster.admin.call(commands.GrantProgramAccount(**fresh(), program=NAME, request=request.id))
    taken = cluster.second_admin.call(commands.TakeProgramSecret(**fresh(), program=NAME, request=request.id))
    return taken.secret


def access_token(portal: str, secret: str) -> str:
    """A new access token with all scopes of the account."""
    fields = {"grant_type": "client_credentials", "client_id": NAME, "client_secret": secret}
    with httpx.Client(trust_env=False, timeout=ANSWER_SECONDS) as client:
        found = client.post(f"{portal}/api/oauth/token", data=fields).raise_for_status()
    return str(found.json()["access_token"])
