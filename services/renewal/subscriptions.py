"""The subscription to auth's events: members with province and licence, and the history of their register entries."""

from sqlalchemy import Connection, delete

from services.renewal.renewals import drafts
from services.renewal.tables import MEMBERS, REGISTER_HISTORY
from shared.contract.auth import events
from shared.contract.envelope import Recorded
from shared.event_store import upsert


def on_auth_event(connection: Connection, recorded: Recorded) -> None:
    """Project an event of auth, in the checkpoint's transaction."""
    match recorded.event:
        case events.MemberEnrolled() | events.MembershipChanged() as event:
            member = {"province": event.province, "licence": event.licence.model_dump_json()}
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
            drafts.discard_of_removed(connection, event.member)
        case _:
            pass
