"""Every program by its name, as its nameko service class."""

from typing import Any

from clients.bank.service import Bank
from clients.gateway.service import Gateway
from services.auth.service import AuthService
from services.capacity.service import CapacityService
from services.payment.service import PaymentService
from services.renewal.service import RenewalService

PROGRAMS: dict[str, Any] = {
    "auth": AuthService,
    "renewal": RenewalService,
    "payment": PaymentService,
    "capacity": CapacityService,
    "gateway": Gateway,
    "bank": Bank,
}
