"""A member's own data («داده‌های من»): what is held, how long, how to have it erased; all of it as a JSON and as a PDF file."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import pdf_files, web
from clients.gateway.member import personal_data_pdf
from shared import personal_data
from shared.contract.operations.queries import GetPersonalData
from shared.contract.refusals import Reason, Refused
from shared.services import WITH_MEMBERS

BLUEPRINT = flask.Blueprint("personal_data", __name__)
"""Auth first: it says whether the session may have this at all."""


@BLUEPRINT.get("/member/data")
def page() -> ResponseReturnValue:
    visitor, counted = web.session.member(), Counter[str]()
    try:
        for kind in (kind for service in WITH_MEMBERS for kind in kinds_of(visitor, service)):
            counted[kind["kind"]] += kind["total"]
    except Refused as refused:
        if refused.reason is not Reason.PASSWORD_NEEDED:
            raise
    return flask.render_template("member/personal_data.html", counted=counted, days=personal_data.retention_days())


@BLUEPRINT.get("/member/data.json")
def as_json() -> ResponseReturnValue:
    visitor = web.session.member()
    held = {service: kinds_of(visitor, service) for service in WITH_MEMBERS}
    content = {"member": visitor.name, "at": datetime.now(UTC).isoformat(), "held": held}
    web.session.never_cache()
    text = flask.json.dumps(content, ensure_ascii=False, indent=2)
    return pdf_files.attachment(text.encode(), "application/json", "tamdid-my-data.json")


@BLUEPRINT.get("/member/data.pdf")
def as_pdf() -> ResponseReturnValue:
    visitor = web.session.member()
    kinds = [kind for service in WITH_MEMBERS for kind in kinds_of(visitor, service)]
    web.session.never_cache()
    return pdf_files.download("tamdid-my-data", personal_data_pdf.render, visitor.name, datetime.now(UTC), kinds)


def kinds_of(visitor: web.Visitor, service: str) -> list[dict[str, Any]]:
    """What a service holds of the visitor; refused where it does not answer, for a part would look like all."""
    answer = visitor.call(GetPersonalData(member=visitor.name), service=service)
    return [kind.model_dump() for kind in answer.kinds]
