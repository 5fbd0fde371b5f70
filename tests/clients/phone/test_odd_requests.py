"""What the fakes answer to requests that no client of sound mind sends: a refusal of theirs, and never an error of the program."""

import pytest

from tests.support.phone import Phone

SENDS = {
    "ghasedak": "/ghasedak/rest/api/v1/WebService/SendOtpSMS",
    "melipayamak": "/melipayamak/api/send/shared/k",
    "smsir": "/smsir/v1/send/verify",
}
BODIES = (
    "",
    "[" * 20_000,
    '{"a":' * 12_000,
    '{"mobile": "\\ud800"}',
    "[]",
    '{"to": {}, "args": [[]], "mobile": 1e308}',
)
NUMBERS = ("", "x", "-1", "9" * 40, "\x00", "۱", "1e5")


@pytest.mark.parametrize("provider", sorted(SENDS))
@pytest.mark.parametrize("body", sorted(BODIES))
def test_a_body_that_cannot_be_read_sends_nothing(phone: Phone, provider: str, body: str) -> None:
    headers = {"X-API-KEY": "k", "ApiKey": "k", "Content-Type": "application/json"}
    assert phone.http.post(SENDS[provider], content=body, headers=headers).status_code < 500
    assert phone.messages() == []


@pytest.mark.parametrize("number", sorted(NUMBERS))
def test_a_number_that_is_none_is_found_nowhere(phone: Phone, number: str) -> None:
    headers = {"X-API-KEY": "k", "ApiKey": "k"}
    for path, names in (
        ("/kavenegar/v1/k/sms/status.json", ("messageid",)),
        ("/kavenegar/v1/k/sms/selectoutbox.json", ("startdate", "enddate")),
        ("/smsir/v1/send/live", ("pageSize", "pageNumber")),
        ("/ghasedak/rest/api/v1/WebService/CheckSmsStatus", ("Ids", "Type")),
        ("/messages", ("to",)),
        ("/", ("to",)),
    ):
        answer = phone.http.get(path, params=dict.fromkeys(names, number), headers=headers)
        assert answer.status_code < 500, path
