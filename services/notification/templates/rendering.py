"""Renders a notice: its texts filled with its values, for the inbox, the SMS and the e-mail."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.notification.templates import mail, segments, tokens
from services.notification.templates.texts import KindTexts, MailFrame
from services.notification.templates.tokens import CODE, LACKING, LINK, PORTAL, REMINDERS
from shared.contract.notification.values import NoticeKind, NoticeValues, Way
from shared.text import persian


@dataclass(frozen=True)
class Rendered:
    """What is sent and shown of a notice; a way that the kind has no text for is empty."""

    title: str
    inbox: str
    link: str
    """The path of the page that it is about."""
    sms: str = ""
    provider_template: str = ""
    tokens: Mapping[str, str] = field(default_factory=dict)
    """Of the provider's template, in the order of the text; the portal's address is part of the template."""
    subject: str = ""
    email_text: str = ""
    email_html: str = ""
    unsubscribe_url: str = ""
    """Where reminders are switched off; of them alone."""

    @property
    def segments(self) -> int:
        """Of the SMS."""
        return segments.count(self.sms)


@dataclass(frozen=True)
class Texts:
    """The texts of every kind, as they were loaded."""

    portal_url: str
    frame: MailFrame
    kinds: Mapping[str, KindTexts]
    lacking: Mapping[str, KindTexts]
    """Of the kinds that may come without a value, such as a deadline."""

    def render(self, kind: NoticeKind, values: NoticeValues) -> Rendered:
        """A notice as it is shown and sent."""
        long, short = tokens.values_of(values, short=False), tokens.values_of(values, short=True)
        return self.filled(self.texts_of(kind, long), long, short, is_reminder=kind in REMINDERS)

    def ways(self, kind: NoticeKind, values: NoticeValues) -> frozenset[Way]:
        """The ways that a notice has a text for."""
        texts = self.texts_of(kind, tokens.values_of(values, short=False))
        return frozenset(way for way, text in ((Way.SMS, texts.sms), (Way.EMAIL, texts.email)) if text)

    def texts_of(self, kind: NoticeKind, values: Mapping[str, str]) -> KindTexts:
        is_lacking = kind in LACKING and LACKING[kind][0] not in values
        return (self.lacking if is_lacking else self.kinds)[kind]

    def render_code(self, code: str, minutes: int) -> Rendered:
        """The message that proves an address; telephones offer a code of ASCII digits to be filled in."""
        held = {"minutes": persian.digits_to_persian(minutes)}
        return self.filled(
            self.kinds[CODE], {**held, "code": persian.shown_code(code)}, {**held, "code": code}, is_reminder=False
        )

    def filled(
        self, texts: KindTexts, long: Mapping[str, str], short: Mapping[str, str], *, is_reminder: bool
    ) -> Rendered:
        link = tokens.fill(texts.link, {**long, "year": persian.digits_to_ascii(long.get("year", ""))})
        url = f"{self.portal_url}{link}"
        in_sms = {**short, LINK: url, PORTAL: self.portal_url}
        text = tokens.fill(texts.email, long)
        unsubscribe = f"{self.portal_url}{self.frame.unsubscribe_link}" if is_reminder else ""
        letter = mail.Letter(tokens.fill(texts.subject, long), text, url, unsubscribe)
        return Rendered(
            title=tokens.fill(texts.title, long),
            inbox=tokens.fill(texts.inbox, long),
            link=link,
            sms=tokens.fill(texts.sms, in_sms),
            provider_template=texts.provider_template,
            tokens={name: in_sms.get(name, tokens.NO_VALUE) for name in tokens.named(texts.sms) if name != PORTAL},
            subject=letter.subject,
            email_text=mail.as_text(letter, self.frame) if text else "",
            email_html=mail.as_html(letter, self.frame) if text else "",
            unsubscribe_url=unsubscribe,
        )
