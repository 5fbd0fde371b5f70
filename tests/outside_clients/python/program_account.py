"""A program account by OAuth clients of two hands: each gets an access token by its secret, and one approves a renewal by it."""

import json
import os
import time
from uuid import uuid4

from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from oauthlib.oauth2 import BackendApplicationClient
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

PORTAL, NAME, SECRET, MEMBER = (os.environ[name] for name in ("PORTAL", "NAME", "SECRET", "MEMBER"))
YEAR = int(os.environ["YEAR"])
TOKEN = f"{PORTAL}/api/oauth/token"
PATIENCE_SECONDS, PAUSE_SECONDS = 40, 0.2
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # the private instance has no TLS


def call(session, operation, **fields):
    answer = session.post(
        f"{PORTAL}/api/{operation}", json=fields, headers={"Idempotency-Key": str(uuid4())}, timeout=20
    )
    assert answer.status_code == 200, f"{operation}: {answer.status_code} {json.dumps(answer.json())}"
    return answer.json()


oauthlib = OAuth2Session(client=BackendApplicationClient(client_id=NAME, scope=["desk:read"]))
read = oauthlib.fetch_token(TOKEN, auth=HTTPBasicAuth(NAME, SECRET))
assert read["scope"] == ["desk:read"], read["scope"]
until = time.monotonic() + PATIENCE_SECONDS
while MEMBER not in [one["member"] for one in call(oauthlib, "renewal/list_desk", province="isfahan")["renewals"]]:
    assert time.monotonic() < until, "not on the desk"
    time.sleep(PAUSE_SECONDS)
about = {"member": MEMBER, "year": YEAR, "declaration_version": 1}
refused = oauthlib.post(f"{PORTAL}/api/renewal/approve_renewal", json=about, timeout=20)
assert refused.status_code == 403, refused.status_code

authlib = AuthlibSession(NAME, SECRET, token_endpoint_auth_method="client_secret_post")
authlib.fetch_token(TOKEN, grant_type="client_credentials")
call(authlib, "renewal/approve_renewal", **about)
print("tokens by Basic header and by form; the desk read, an approval refused without its scope, an approval")
