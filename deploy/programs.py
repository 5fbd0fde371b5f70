"""Every program by its name, as its nameko service class; loaded when it is looked up, for a process needs only the code that it runs."""

import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Generic, TypeVar

T = TypeVar("T")

PLACES = {
    "auth": "services.auth.service:AuthService",
    "renewal": "services.renewal.service:RenewalService",
    "payment": "services.payment.service:PaymentService",
    "capacity": "services.capacity.service:CapacityService",
    "notification": "services.notification.service:NotificationService",
    "gateway": "clients.gateway.service:Gateway",
    "bank": "clients.bank.service:Bank",
}
PLACES_IN_DEVELOPMENT = {"phone": "clients.phone.service:Phone"}


class OnDemand(Mapping[str, T], Generic[T]):
    """Values by name, each made when it is first looked up."""

    def __init__(self, names: Iterable[str], make: Callable[[str], T]) -> None:
        self._names = tuple(names)
        self._make = cache(make)

    def __getitem__(self, name: str) -> T:
        if name not in self._names:
            raise KeyError(name)
        return self._make(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


PROGRAMS: OnDemand[Any] = OnDemand(PLACES, lambda name: pkgutil.resolve_name(PLACES[name]))
IN_DEVELOPMENT: OnDemand[Any] = OnDemand(
    PLACES_IN_DEVELOPMENT, lambda name: pkgutil.resolve_name(PLACES_IN_DEVELOPMENT[name])
)
"""Programs that run in development only: they have no log, no keys and no user on the broker."""
