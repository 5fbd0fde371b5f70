"""The RPC method about the fees of a year; for anyone."""

from services.payment.fees import tariffs
from shared.contract.payment import answers, queries
from shared.contract.refusals import Reason, Refused
from shared.nameko_extensions import rpc


class TariffRpc:
    """The RPC method of the payment service about fees that anyone may know."""

    @rpc
    def get_tariff(self, query: queries.GetTariff) -> answers.Tariff:
        """For anyone: a tariff is public."""
        try:
            found = tariffs.load().of_year(query.year)
        except tariffs.NoTariff:
            raise Refused(Reason.NO_TARIFF, {"year": str(query.year)}) from None
        entrance = found.entrance.amount if found.entrance else 0
        return answers.Tariff(
            year=query.year,
            fees=found.membership,
            entrance_rials=entrance,
            version=f"{found.year}-{found.digest}",
            source=found.source,
        )
