"""What all pages of the gateway use: RPC, session, forms, URL arguments, labels and filters; pages import this folder as one."""

from clients.gateway.web import (
    error_pages,
    filters,
    forms,
    labels,
    lists,
    many,
    queries,
    rpc,
    sentences,
    session,
    url_arguments,
)
from clients.gateway.web.forms import Form
from clients.gateway.web.session import Visitor

__all__ = [
    "Form",
    "Visitor",
    "error_pages",
    "filters",
    "forms",
    "labels",
    "lists",
    "many",
    "queries",
    "rpc",
    "sentences",
    "session",
    "url_arguments",
]
