"""Requests to the bank program: the receiver of notices, signed or not, and every endpoint of the sandbox bank."""

from flask import Flask
from hypothesis import strategies as st

from tests.fuzz.requests import schemas, texts
from tests.fuzz.requests.case import Case
from tests.fuzz.requests.endpoints import RequestsByEndpoint, changed, disturbed, pages
from tests.fuzz.requests.routes import segment
from tests.support.member import MERCHANT

NOBODY = "nobody"
AUTHORITIES = st.one_of(schemas.keys("authority"), st.just("A" + "0" * 35))
AMOUNTS = st.sampled_from([9_000_000, 10_000, 9_999, 0, -1, 2**31, 2**63, 2**70, 1.5, "9000000", None])
CALLS = st.fixed_dictionaries(
    {
        "merchant_id": st.sampled_from([MERCHANT, MERCHANT, MERCHANT, "{{latin}}"]),
        "amount": AMOUNTS,
        "authority": AUTHORITIES,
        "description": texts.plain,
        "callback_url": st.sampled_from(["http://127.0.0.1:9/payment/return", "{{latin}}", "http://[", ""]),
        "currency": st.sampled_from(["IRR", "IRT", "{{latin}}"]),
    }
)
NOTICES = st.fixed_dictionaries(
    {"type": st.just("payment.changed"), "authority": AUTHORITIES},
    optional={"note": texts.values, "{{latin}}": texts.values},
)
FAULTS = ("down", "verify_502", "clock_ahead", "callback_twice", "notice_twice", "{{latin}}")
DEEDS = st.fixed_dictionaries(
    {"do": st.sampled_from(["age", "take_back", "{{latin}}"])},
    optional={"minutes": st.sampled_from([0, 31, -31, 10**6, 10**7, 2**63, 2**70, 1.5, "31", None, True])},
)
METHODS_OF_THE_SECOND = (
    "bpPayRequest",
    "bpInquiryRequest",
    "bpVerifyRequest",
    "bpSettleRequest",
    "bpReversalRequest",
    "bpFoo",
)
FIELDS_OF_THE_SECOND = (
    *("terminalId", "userName", "userPassword", "orderId", "amount", "callBackUrl", "saleOrderId", "saleReferenceId"),
    *("localDate", "localTime", "payerId"),
)
WORDS_OF_THE_SECOND = st.one_of(
    texts.texts, st.sampled_from(["1", "9000000", "http://127.0.0.1:9/x", "2147483648", str(2**63), str(2**70), "-1"])
)


def requests_by_endpoint(app: Flask) -> RequestsByEndpoint:
    """All of them; whoever asks has no session there."""
    calls = {f"/pg/v4/payment/{name}.json": CALLS for name in ("request", "verify", "inquiry", "unVerified", "reverse")}
    forged = (("webhook-id", "{{persian}}"), ("webhook-signature", "v1,{{latin}}"))
    found = {
        **{f"POST {target}": json("POST", st.just(target), content) for target, content in calls.items()},
        "POST /webhooks/bank": json("POST", st.just("/webhooks/bank"), NOTICES),
        "POST /webhooks/bank forged": json("POST", st.just("/webhooks/bank"), NOTICES, forged),
        "PUT /sandbox/faults": json("PUT", st.sampled_from(FAULTS).map("/sandbox/faults/{}".format), switches()),
        "POST /sandbox/sessions": json("POST", AUTHORITIES.map("/sandbox/sessions/{}".format), DEEDS),
        "POST /pg/StartPay": buttons(),
        "POST /pgwchannel/services/pgw": second(),
    }
    named = {
        (f"bank {endpoint}", NOBODY): renamed(f"bank {endpoint}", disturbed(cases)) for endpoint, cases in found.items()
    }
    return named | dict(pages(app, "bank", (NOBODY,)))


def renamed(endpoint: str, cases: st.SearchStrategy[Case]) -> st.SearchStrategy[Case]:
    return cases.map(lambda case: changed(case, endpoint=endpoint))


def json(
    method: str,
    targets: st.SearchStrategy[str],
    content: st.SearchStrategy[object],
    headers: tuple[tuple[str, str], ...] = (),
) -> st.SearchStrategy[Case]:
    fixed = (st.just(method), targets, st.just("bank"), st.just(""), st.just(headers), st.just("json"))
    return st.builds(Case, st.just(""), st.just(NOBODY), *fixed, schemas.spoilt(content))


def switches() -> st.SearchStrategy[object]:
    values = st.sampled_from([0, 1, -1, 1000, 1001, 2**70, 1.5, "1", None, True])
    return st.fixed_dictionaries({"value": values, "authority": st.one_of(AUTHORITIES, texts.values)})


@st.composite
def buttons(draw: st.DrawFn) -> Case:
    """The buttons of the payment page."""
    choices = st.sampled_from(["pay", "cancel", "wrong", "close", "lose", "late", ""])
    do = draw(st.one_of(choices, texts.texts))
    target = draw(st.one_of(AUTHORITIES, texts.texts).map(segment).map("/pg/StartPay/{}".format))
    if draw(st.integers(0, 3)) == 0:
        target = f"/pgwchannel/startpay?RefId={draw(texts.texts.map(segment))}"
    return Case("", NOBODY, "POST", target, "bank", kind="form", content=[["do", do]])


@st.composite
def second(draw: st.DrawFn) -> Case:
    """The second bank's SOAP."""
    method = draw(st.sampled_from(METHODS_OF_THE_SECOND))
    fields = "".join(f"<{name}>{draw(WORDS_OF_THE_SECOND)}</{name}>" for name in FIELDS_OF_THE_SECOND)
    body = f"<Envelope><Body><int:{method}>{fields}</int:{method}></Body></Envelope>"
    return Case("", NOBODY, "POST", "/pgwchannel/services/pgw", "bank", kind="text", content=body)
