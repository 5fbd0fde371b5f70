"""The projections of auth: members and officers as the events of its own log leave them."""

from uuid import UUID

from sqlalchemy import Connection, delete

from services.auth.tables import MEMBERS, OFFICER_REQUESTS, OFFICERS
from shared.contract.auth import events
from shared.contract.envelope import Recorded
from shared.contract.values import Role
from shared.event_store import upsert


def project(connection: Connection, recorded: Recorded) -> None:
    """Apply an event of the service's own log, in its transaction."""
    match recorded.event:
        case events.MemberEnrolled() | events.MembershipChanged() as event:
            licence = event.licence
            row = {
                "province": event.province,
                "member_class": licence.member_class.value,
                "licence_fields": " ".join(licence.fields),
                "licence_expires_on": licence.expires_on,
                "paid_through": event.paid_through,
            }
            upsert.put(connection, MEMBERS, {"member": event.member}, row)
        case events.MemberRemoved() as event:
            connection.execute(delete(MEMBERS).where(MEMBERS.c.member == event.member))
        case events.OfficerAppointed() as event:
            save_officer(connection, event.officer, event.roles, event.provinces)
            delete_request(connection, event.request)
        case events.OfficerDismissed() as event:
            save_officer(connection, event.officer, (), ())
            delete_request(connection, event.request)
        case events.AppointmentRequested() | events.DismissalRequested() as event:
            upsert.put(connection, OFFICER_REQUESTS, {"request": event.request}, {"officer": event.officer})
        case events.OfficerRequestDeclined() as event:
            delete_request(connection, event.request)
        case _:
            pass


def delete_request(connection: Connection, request: UUID | None) -> None:
    connection.execute(delete(OFFICER_REQUESTS).where(OFFICER_REQUESTS.c.request == request))


def save_officer(connection: Connection, officer: str, roles: tuple[Role, ...], provinces: tuple[str, ...]) -> None:
    row = {"roles": " ".join(roles), "provinces": " ".join(provinces)}
    upsert.put(connection, OFFICERS, {"officer": officer}, row)
