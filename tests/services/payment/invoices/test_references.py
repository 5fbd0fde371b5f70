"""An invoice is found by the bank's reference of its payment, in any status and in its own province."""

from services.payment.invoices import queries
from shared.contract.payment.queries import ListPayments
from shared.event_store.command_handler import Records
from tests.services.payment import samples
from tests.services.payment.samples import MEMBER, PROVINCE, REFERENCE, record


def found(records: Records, reference: str, province: str = PROVINCE) -> list[str]:
    message = ListPayments.model_validate({"province": province, "status": "open", "reference": reference})
    with records.read() as connection:
        payments = queries.payments(connection, message)
    assert payments.total == len(payments.invoices)
    return [one.member for one in payments.invoices]


def test_an_invoice_is_found_by_the_reference_of_its_payment(records: Records) -> None:
    record(records, samples.issue(), samples.start())
    assert found(records, REFERENCE) == []
    record(records, samples.settle())
    assert found(records, REFERENCE) == [MEMBER]
    assert found(records, REFERENCE, "yazd") == found(records, f"{REFERENCE}1") == []
