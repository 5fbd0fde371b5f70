"""Registers the SMS texts of this version with the phone's providers, as an operator has them approved by the real ones."""

from sqlalchemy import Connection

from clients.phone import approved_templates, tables
from clients.phone.messages import SEGMENT_RIALS
from services.notification import templates
from shared.settings import Settings


def register(settings: Settings) -> None:
    """Let every provider of the phone know every template by its name; the portal's address is part of the approved text."""
    texts = templates.load(settings.templates_folder, settings.portal_url)
    approved = {
        one.provider_template: one.sms.replace("{portal}", settings.portal_url)
        for one in (*texts.kinds.values(), *texts.without_until.values())
        if one.sms
    }

    def write(connection: Connection) -> None:
        for provider in SEGMENT_RIALS:
            for name, text in approved.items():
                approved_templates.register(connection, provider, name, text)

    records = tables.open_records(settings)
    records.write(write)
    records.database.close()
