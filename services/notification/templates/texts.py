"""The texts of a kind of notice as a table of the file has them, with all that is refused of them."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from services.notification.templates import segments, tokens
from services.notification.templates.tokens import CODE, LINK, LONGEST, PERSONAL, PORTAL, TokenLimits, Tokens

SEGMENTS_MAX = 2
TEXT_LENGTH_MAX = 2000
SMS_TOKENS = frozenset({PORTAL, LINK})
PATH = re.compile(r"(/([a-z0-9.-]+|\{year\}))+|/")
"""The path of a page of the portal."""

Line = Annotated[str, Field(max_length=120, pattern=r"^[^\r\n]*$")]
Paragraphs = Annotated[str, Field(max_length=TEXT_LENGTH_MAX)]


class Context(NamedTuple):
    """What the texts of a kind are checked by."""

    kind: str
    tokens: Tokens
    portal_url: str
    limits: Mapping[str, TokenLimits]
    """By the name of each SMS provider that is to send them."""


class KindTexts(BaseModel):
    """A table of the file: the texts of one kind."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    link: str
    """The path of the page that the notice is about."""
    title: Annotated[Line, Field(min_length=1)]
    inbox: Paragraphs = ""
    sms: Paragraphs = ""
    """Without one the kind is not sent by SMS."""
    provider_template: Line = ""
    """The name of the approved template at the SMS provider, whose tokens are those of `sms` in their order."""
    subject: Line = ""
    email: Paragraphs = ""
    """Without one the kind is not sent by e-mail."""

    @field_validator("title", "inbox", "sms", "subject", "email")
    @classmethod
    def has_known_tokens(cls, text: str, info: ValidationInfo[Context]) -> str:
        """Only tokens of the kind, and where it is a text of its own all that the kind needs."""
        needed, others, private = info.context.tokens
        if info.field_name in ("inbox", "email"):
            needed |= private
        known = needed | others | (SMS_TOKENS if info.field_name == "sms" else private)
        for token in tokens.named(text):
            must_be_known(token, known)
        if re.search(r"[{}]", tokens.TOKEN.sub("", text)):
            raise wrong("a brace is there without its other half")
        missing = needed - set(tokens.named(text))
        if text and info.field_name in ("inbox", "sms", "email") and missing:
            raise wrong(f"lacks {braced(missing)}")
        return text

    @field_validator("sms")
    @classmethod
    def is_short(cls, text: str, info: ValidationInfo[Context]) -> str:
        """Two segments at most, with the longest values and this portal's address."""
        portal_url, longest = info.context.portal_url, longest_values(info)
        found = segments.count(tokens.fill(text, longest))
        if found > SEGMENTS_MAX:
            raise wrong(f"takes {found} segments with the longest values and {portal_url}, more than {SEGMENTS_MAX}")
        return text

    @field_validator("sms")
    @classmethod
    def fits_providers(cls, text: str, info: ValidationInfo[Context]) -> str:
        """Each provider takes its tokens, with the longest values."""
        values = {name: longest_values(info)[name] for name in tokens.named(text) if name != PORTAL}
        for provider, limits in info.context.limits.items():
            for problem in unfit(values, limits):
                raise wrong(f"{problem} {provider} takes")
        return text

    @field_validator("link")
    @classmethod
    def is_path(cls, link: str, info: ValidationInfo[Context]) -> str:
        known = info.context.tokens.needed | info.context.tokens.others
        if not PATH.fullmatch(link) or not set(tokens.named(link)) <= known:
            raise wrong("is no path of a page, such as /member or /member/pay/{year}")
        return link

    @model_validator(mode="after")
    def is_whole(self, info: ValidationInfo[Context]) -> Self:
        """What belongs together is there together, and every notice is in the inbox."""
        for one, other in (("sms", "provider_template"), ("email", "subject")):
            if bool(getattr(self, one)) != bool(getattr(self, other)):
                raise wrong(f"has only one of {one} and {other}")
        if not self.inbox and info.context.kind != CODE:
            raise wrong("has no text for the inbox")
        return self


class MailFrame(BaseModel):
    """The table `mail`: what every e-mail has around its text."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    open: Annotated[Line, Field(min_length=1)]
    """The words of the link to the page."""
    footer: Annotated[Line, Field(min_length=1)]
    unsubscribe: Annotated[Line, Field(min_length=1)]
    """The words of the link by which reminders are switched off; in their e-mails only."""
    unsubscribe_link: Annotated[str, Field(pattern="^(/[a-z0-9-]+)+$")]


def longest_values(info: ValidationInfo[Context]) -> dict[str, str]:
    """Of all tokens of an SMS, with this portal's address."""
    portal_url = info.context.portal_url
    return {**LONGEST, PORTAL: portal_url, LINK: f"{portal_url}{tokens.fill(info.data.get('link', ''), LONGEST)}"}


def unfit(values: Mapping[str, str], limits: TokenLimits) -> Iterator[str]:
    """What of a template's tokens is more than a provider takes."""
    if len(values) > limits.tokens_max:
        yield f"has {len(values)} tokens, more than the {limits.tokens_max} that"
    for name, value in values.items():
        if len(value) > limits.token_length_max:
            yield f"{{{name}}} may have {len(value)} characters, more than the {limits.token_length_max} that"
        if " " in value and not limits.tokens_may_have_blanks:
            yield f"{{{name}}} may have a blank, which no token has that"


def must_be_known(token: str, known: frozenset[str]) -> None:
    if token in PERSONAL:
        raise wrong(f"{{{token}}} would put personal data into a message")
    if token not in known:
        raise wrong(f"{{{token}}} is unknown here; known are {braced(known) or 'none'}")


def braced(names: frozenset[str] | set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))


def wrong(problem: str) -> PydanticCustomError:
    return PydanticCustomError("text_wrong", "{problem}", {"problem": problem})
