"""The subscription to auth's events: members, the history of their register entries, and who has set up which officer."""

from sqlalchemy import Connection, delete

from services.renewal.declarations import drafts
from services.renewal.personal_data import PERSONAL_DATA
from services.renewal.tables import MEMBERS, OFFICERS, REGISTER_HISTORY, SET_UPS
from shared import personal_data
from shared.contract.auth import events
from shared.contract.envelope import Recorded
from shared.contract.values import Role
from shared.event_store.sql import upsert


def on_auth_event(connection: Connection, recorded: Recorded) -> None:
    """React to an event of auth and project it, in the checkpoint's transaction; in this order, for an erasure counts what goes."""
    react_to_auth(connection, recorded)
    project_auth(connection, recorded)


def react_to_auth(connection: Connection, recorded: Recorded) -> None:
    """Delete what a member has written who is removed or erased."""
    match recorded.event:
        case events.MemberRemoved() as event:
            drafts.discard_of_removed(connection, event.member)
        case events.MemberErased() as event:
            personal_data.erase(connection, PERSONAL_DATA, event.member, event.erased_at)
        case _:
            pass


def project_auth(connection: Connection, recorded: Recorded) -> None:
    """Write what an event of auth means for the rows: a pure function of its log."""
    match recorded.event:
        case events.MemberEnrolled() | events.MembershipChanged() as event:
            member = {
                "province": event.province,
                "licence": event.licence.model_dump_json(),
                "paid_through": event.paid_through,
            }
            upsert.put(connection, MEMBERS, {"member": event.member}, member)
            entry = {
                "member_class": event.licence.member_class.value,
                "paid_through": event.paid_through,
                "changed_at": event.enrolled_at if isinstance(event, events.MemberEnrolled) else event.changed_at,
            }
            upsert.put(connection, REGISTER_HISTORY, {"member": event.member, "position": recorded.position}, entry)
        case events.MemberRemoved() as event:
            for table in (MEMBERS, REGISTER_HISTORY):
                connection.execute(delete(table).where(table.c.member == event.member))
        case events.MemberErased() as event:
            connection.execute(delete(MEMBERS).where(MEMBERS.c.member == event.member))
        case events.OfficerAppointed() as event:  # recorded also where only the password is reset
            officer = f"officer:{event.officer}"
            provinces = event.provinces if Role.MANAGER in event.roles else ()
            row = {"is_admin": Role.ADMIN in event.roles, "manages": f" {' '.join(provinces)} "}
            upsert.put(connection, OFFICERS, {"officer": officer}, row)
            set_up = {"at": event.appointed_at, "is_alone": not event.granted_by}
            upsert.put(connection, SET_UPS, {"officer": officer, "by": event.appointed_by}, set_up)
        case events.OfficerDismissed() as event:
            row = {"is_admin": False, "manages": ""}
            upsert.put(connection, OFFICERS, {"officer": f"officer:{event.officer}"}, row)
        case _:
            pass
