"""The token endpoint of the OpenAPI document: how a program account gets an access token (OAuth 2.0 client credentials)."""

from clients.gateway.api import access_tokens, problems
from deploy.reference import openapi_problems
from deploy.reference.asyncapi_parts import Json
from shared.policies.scopes import ABOUT

PATH = "/api/oauth/token"
SCHEME: Json = {
    "type": "oauth2",
    "description": "The access token of a program account, for ten minutes.",
    "flows": {"clientCredentials": {"tokenUrl": PATH, "scopes": dict(ABOUT)}},
}
TEXT: Json = {"type": "string"}
TOKEN: Json = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in", "scope"],
    "properties": {
        "access_token": TEXT,
        "token_type": {"const": "Bearer"},
        "expires_in": {"type": "integer", "minimum": 1, "description": "Seconds."},
        "scope": {**TEXT, "description": "The scopes of the token, with blanks between them."},
    },
}
ERROR: Json = {
    "type": "object",
    "required": ["error", "error_description"],
    "properties": {"error": {**TEXT, "enum": list(access_tokens.CODES)}, "error_description": TEXT},
}
ERRORS = {
    400: "`invalid_request`, `unsupported_grant_type` or `invalid_scope`.",
    401: "`invalid_client`: the account is not known, or the secret is wrong.",
    413: "`invalid_request`: the body is too large.",
    429: "`temporarily_unavailable`: too many wrong secrets; `Retry-After` says how long.",
    500: "`server_error`: a fault of ours.",
    503: "`temporarily_unavailable`.",
}
CHALLENGE: Json = {"description": access_tokens.CHALLENGE, "required": True, "schema": TEXT}
HEADERS = {**openapi_problems.HEADERS, 401: {"WWW-Authenticate": CHALLENGE}}


def operation() -> Json:
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"const": access_tokens.CLIENT_CREDENTIALS},
            "scope": {**TEXT, "description": "Scopes with blanks between them; without any, all of the account."},
            "client_id": {**TEXT, "description": "The account's name, where it does not come in a Basic header."},
            "client_secret": {**TEXT, "format": "password"},
        },
    }
    return {
        "operationId": "oauth_token",
        "summary": "An access token for a program account.",
        "description": "OAuth 2.0 client credentials (RFC 6749, 4.4): the account's name and secret in a Basic header, or in the form.",
        "security": [],
        "requestBody": {"required": True, "content": {access_tokens.FORM: {"schema": form}}},
        "responses": {
            "200": response("A token.", TOKEN),
            **{str(status): response(about, ERROR, HEADERS.get(status)) for status, about in ERRORS.items()},
        },
    }


def response(about: str, schema: Json, headers: Json | None = None) -> Json:
    correlation = {"$ref": f"#/components/headers/{problems.CORRELATION}"}
    return {
        "description": about,
        "headers": {problems.CORRELATION: correlation, **(headers or {})},
        "content": {problems.JSON: {"schema": schema}},
    }
