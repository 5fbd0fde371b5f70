"""Which addresses nothing is sent to, however a URL or a name server writes them."""

import pytest

from services.notification.webhooks.address_guard import AddressRefused, must_be_outside, resolve, url_problem
from tests.services.notification.webhooks.receiving import loopback

INSIDE = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.7", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254", "172.16.0.1"),  # noqa: S104 - none is bound
    *("192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "203.0.113.5", "224.0.0.1", "239.1.2.3", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "::7f00:1", "::ffff:10.0.0.7", "::ffff:127.0.0.1", "::ffff:93.184.215.14"),
    *("64:ff9b::7f00:1", "64:ff9b::a00:7", "100::1", "2001:0:4136::1", "2001:db8::1", "2002:7f00:1::1"),
    *("fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1"),
]
OUTSIDE = ["2606:4700::1111", "8.8.8.8", "93.184.215.14"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_the_network_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        must_be_outside(address, is_development=False)


@pytest.mark.parametrize("address", OUTSIDE)
def test_one_of_the_internet_is_not(address: str) -> None:
    must_be_outside(address, is_development=False)


@pytest.mark.parametrize("address", ["10.0.0.7", "169.254.169.254", "::ffff:127.0.0.1"])
def test_development_opens_the_loopback_and_nothing_else(address: str) -> None:
    must_be_outside("127.0.0.1", is_development=True)
    with pytest.raises(AddressRefused):
        must_be_outside(address, is_development=True)


@pytest.mark.parametrize("address", [*INSIDE, "fe80::1%eth0"])
def test_a_name_with_one_such_address_among_others_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        resolve(loopback("93.184.215.14", address), "rebinder.example", 443, is_development=False)


def test_a_name_is_resolved_once() -> None:
    lookup = loopback("93.184.215.14")
    assert resolve(lookup, "receiver.example", 443, is_development=False) == "93.184.215.14"
    assert lookup.names == ["receiver.example"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://receiver.example/", "webhook_not_https"),
        ("http://127.0.0.1:8080/hook", "webhook_not_https"),
        ("http://receiver.example/", "webhook_not_https"),
        ("https:///hook-of-nobody", "webhook_url"),
        ("https://10.0.0.7/hook", "webhook_inside"),
        ("https://[::1]/hook", "webhook_inside"),
        ("https://[::ffff:10.0.0.7]/hook", "webhook_inside"),
        ("https://[not-an-address]/", "webhook_url"),
        ("https://127.1/hook", "webhook_inside"),
        ("https://0x7f.1/hook", "webhook_inside"),
        ("https://0177.0.0.1/hook", "webhook_inside"),
        ("https://2130706433/hook", "webhook_inside"),
        ("https://10.7/hook", "webhook_inside"),
        ("https://127.0.0.1./hook", "webhook_inside"),
        ("https://0x08080808/hook", ""),
        ("https://receiver.example/ hook", "webhook_url"),
        ("https://receiver.example/#hook", "webhook_url"),
        ("https://receiver.example/گیرنده", "webhook_url"),
        ("https://receiver.example/hook", ""),
        ("https://receiver.example:8443/hook?of=tamdid", ""),
        ("https://receiver.example:99999/", "webhook_url"),
        ("https://receiver.example\\@10.0.0.7/", "webhook_url"),
        ("https://user:word@receiver.example/", "webhook_url"),
    ],
)
def test_a_url_is_https_and_names_a_host_outside(url: str, problem: str) -> None:
    assert url_problem(url, is_development=False) == problem


def test_in_development_the_loopback_needs_no_tls() -> None:
    assert url_problem("http://127.0.0.1:8080/hook", is_development=True) == ""
    assert url_problem("http://receiver.example/", is_development=True) == "webhook_not_https"
