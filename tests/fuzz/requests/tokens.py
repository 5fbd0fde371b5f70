"""Requests to the token endpoint: forms with every grant, name, secret and scope, whose credentials are in the form, a Basic header or both."""

from hypothesis import strategies as st

from tests.fuzz.requests import texts
from tests.fuzz.requests.case import CALLERS, Case
from tests.fuzz.requests.endpoints import RequestsByEndpoint, disturbed, whom
from tests.fuzz.requests.schemas import mostly

TARGET = "/api/oauth/token"
NAMES = mostly(
    "{{program}}", rarely=st.one_of(st.sampled_from(["{{latin}}", "{{persian}}", "gateway", ""]), texts.texts)
)
SECRETS = mostly("{{secret}}", rarely=st.one_of(st.sampled_from(["{{latin}}", "{{long:300}}", ""]), texts.texts))
SCOPES = st.sampled_from(
    ["desk:read", "desk:read desk:approve", "desk:read desk:read", "{{latin}}", "desk:*", " ", "\x00", "a " * 50]
)
FIELDS = {
    "grant_type": mostly(
        "client_credentials", rarely=st.sampled_from(["password", "authorization_code", "{{persian}}", ""])
    ),
    "client_id": NAMES,
    "client_secret": SECRETS,
    "scope": SCOPES,
    "{{latin}}": texts.texts,
}
BASICS = st.sampled_from(
    [
        *["Basic {{basic}}"] * 6,
        *(f"Basic {{{{basic:{which}}}}}" for which in ("wrong", "unknown", "persian", "bytes", "no colon", "empty")),
        "basic {{basic}}",
        "Basic {{latin}}",
        "Bearer {{secret}}",
        "Basic",
    ]
)


@st.composite
def token_cases(draw: st.DrawFn, role: str) -> Case:
    by_header = draw(st.booleans())
    names = ["grant_type", *([] if by_header else ["client_id", "client_secret"])]
    names += draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=2))
    content = [[name, draw(FIELDS[name])] for name in names]
    headers = (("Authorization", draw(BASICS)),) if by_header else ()
    kind = draw(st.sampled_from(("form",) * 12 + ("multipart", "json")))
    return Case(f"POST {TARGET}", draw(whom(role)), "POST", TARGET, headers=headers, kind=kind, content=content)


def requests_by_endpoint() -> RequestsByEndpoint:
    """By everybody, also with a session or an access token, which count for nothing there."""
    return {(f"POST {TARGET}", role): disturbed(token_cases(role)) for role in CALLERS}
