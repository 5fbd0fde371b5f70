"""The projections of auth: members and officers as the events of its own log leave them."""

from uuid import UUID

from sqlalchemy import Connection, delete, insert, update

from services.auth.tables import ERASURE_REQUESTS, MEMBERS, OFFICER_REQUESTS, OFFICERS
from shared.contract.auth import events
from shared.contract.envelope import Recorded
from shared.contract.values import Role
from shared.event_store.sql import upsert


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
        case events.ErasureRequested() | events.ErasureDeclined() | events.MemberErased() as event:
            project_erasure(connection, event)
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


def project_erasure(
    connection: Connection, event: events.ErasureRequested | events.ErasureDeclined | events.MemberErased
) -> None:
    """One request waits at a time; of a member who is erased the number stays."""
    connection.execute(delete(ERASURE_REQUESTS).where(ERASURE_REQUESTS.c.member == event.member))
    match event:
        case events.ErasureRequested():
            connection.execute(insert(ERASURE_REQUESTS).values(event.model_dump()))
        case events.MemberErased():
            of_member = update(MEMBERS).where(MEMBERS.c.member == event.member)
            connection.execute(of_member.values(erased_at=event.erased_at))
        case _:
            pass
