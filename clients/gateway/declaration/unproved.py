"""The declared mobile number and e-mail address that the member has not proved: nothing is sent to them before."""

from collections.abc import Mapping

from clients.gateway import web
from shared.contract.notification.queries import GetContacts
from shared.contract.notification.values import Way
from shared.contract.renewal.declaration import Declaration


def of_declaration(visitor: web.Visitor, declared: Declaration) -> Mapping[Way, str]:
    """Declared addresses that messages do not go to, by way; none while notification does not answer."""
    found = visitor.call_if_known(GetContacts())
    if found is None:
        return {}
    usable = {one.address for one in found.addresses if one.is_proved and not one.is_stopped}
    addresses = {Way.SMS: declared.mobile, Way.EMAIL: declared.email}
    return {way: address for way, address in addresses.items() if address and address not in usable}
