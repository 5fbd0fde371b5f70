"""Registers the SMS texts of this version with the phone's providers, as an operator has them approved by the real ones."""

from sqlalchemy import Connection

from clients.phone import approved_templates, tables
from clients.phone.messages import SEGMENT_RIALS
from services.notification import templates
from services.notification.providers.template_numbers import NUMBERED, number_of
from shared.settings import Settings


def name_at(settings: Settings, provider: str, name: str) -> str:
    """What a provider calls a template: its name, or a number."""
    return str(number_of(settings, provider)(name)) if provider in NUMBERED else name


def register(settings: Settings) -> None:
    """Let every provider of the phone know every template by its name or number; the portal's address is part of the approved text."""
    texts = templates.load(settings.templates_folder, settings.portal_url)
    approved = {
        one.provider_template: one.sms.replace("{portal}", settings.portal_url)
        for one in (*texts.kinds.values(), *texts.lacking.values())
        if one.sms
    }

    def write(connection: Connection) -> None:
        for provider in SEGMENT_RIALS:
            for name, text in approved.items():
                approved_templates.register(connection, provider, name_at(settings, provider, name), text)

    records = tables.open_records(settings)
    records.write(write)
    records.database.close()
