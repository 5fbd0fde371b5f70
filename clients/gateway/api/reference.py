"""Pages of the JSON API made of its OpenAPI description: what there is, each operation with its fields and an example, and each refusal."""

import json
import shlex
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.api import problems, schema_fields
from clients.gateway.api.description import FILE
from shared import translations

EXCHANGE = "curl --user NAME --data grant_type=client_credentials {}/api/oauth/token"  # asks for the secret
BLUEPRINT = flask.Blueprint("api_reference", __name__, url_prefix=problems.REFERENCE)


@BLUEPRINT.get("")
def index() -> ResponseReturnValue:
    web.session.visitor_if_any()
    document = described()
    operations: dict[str, list[dict[str, Any]]] = {}
    for item in document["paths"].values():
        for operation in item.values():
            for service in operation.get("tags", ()):
                operations.setdefault(service, []).append(operation)
    sentences = {language: translations.group("refusal", language) for language in ("fa", "en")}
    return flask.render_template(
        "api/reference.html",
        operations=operations,
        statuses=web.error_pages.BY_STATUS,
        sentences=sentences,
        token_command=EXCHANGE.format(portal()),
        webhook_example=shown(
            next(iter(document["webhooks"].values()))["post"]["requestBody"]["content"][problems.JSON]
        ),
    )


@BLUEPRINT.get("/<service>/<method>")
def operation(service: str, method: str) -> ResponseReturnValue:
    web.session.visitor_if_any()
    document = described()
    path = f"/api/{service}/{method}"
    found = document["paths"].get(path, {}).get("post", {})
    if "x-kind" not in found:
        flask.abort(404)
    parts = document["components"]["schemas"]
    request = found["requestBody"]["content"][problems.JSON]
    answer = found["responses"]["200"]["content"][problems.JSON]
    return flask.render_template(
        "api/operation.html",
        path=path,
        operation=found,
        scopes=[scope for way in found.get("security", ()) for scope in way.get("program", ())],
        curl=curl(path, found, request),
        request_fields=schema_fields.listed(request["schema"], parts),
        answer_fields=schema_fields.listed(answer["schema"], parts),
        request_example=shown(request),
        answer_example=shown(answer),
    )


def curl(path: str, operation: dict[str, Any], request: dict[str, Any]) -> str:
    """The operation as a command of a shell, with the example as its body and `$TOKEN` for who calls."""
    caller = [] if operation.get("security") == [] else ['--header "Authorization: Bearer $TOKEN"']
    body = shlex.quote(json.dumps(request.get("example", {}), ensure_ascii=False))
    parts = [f"curl {portal()}{path}", *caller, f"--header 'Content-Type: {problems.JSON}'", f"--data {body}"]
    return " \\\n  ".join(parts)


def portal() -> str:
    return web.rpc.program().settings.portal_url


def described() -> dict[str, Any]:
    """The description, read for each page: few ask for one, and it is large."""
    document: dict[str, Any] = json.loads(FILE.read_bytes())
    return document


def shown(content: dict[str, Any]) -> str:
    """The example of a body as JSON for people; nothing where there is none."""
    return json.dumps(content["example"], ensure_ascii=False, indent=2) if "example" in content else ""
