"""A page as a browser without scripts has it: its words, its links, and its forms with all that they would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

SILENT = {"script", "style", "title"}
WITHOUT_END = {"input", "img", "link", "meta", "br", "hr"}
NOT_TYPED = {"submit", "image", "reset", "button"}


@dataclass
class Control:
    """A field of a form: what it would send, and for a choice what it may."""

    name: str
    kind: str
    value: str = ""
    is_on: bool = True
    options: list[str] = field(default_factory=list)


@dataclass
class Button:
    """A button that sends a form."""

    text: str = ""
    name: str = ""
    value: str = ""
    action: str = ""


@dataclass
class Form:
    """A form with its controls in their order, and its buttons."""

    action: str = ""
    method: str = "get"
    controls: list[Control] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)


@dataclass
class Link:
    """A link by its text."""

    text: str
    href: str


@dataclass
class Page:
    """What is on a page, read from top to bottom."""

    title: str = ""
    heading: str = ""
    words: str = ""
    links: list[Link] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)


def read(html: str) -> Page:
    """The page that a browser would show."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    reader.page.words = tidy(" ".join(reader.words))
    return reader.page


def tidy(text: str) -> str:
    return " ".join(text.split())


class Reader(HTMLParser):
    """Collects a page while its HTML goes by."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.words: list[str] = []
        self.open: list[str] = []
        self.form: Form | None = None
        self.by_id: dict[str, Form] = {}
        self.choice: Control | None = None
        self.area: Control | None = None
        self.button: Button | None = None
        self.link: Link | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: text or "" for name, text in attrs}
        if tag not in WITHOUT_END:
            self.open.append(tag)
        match tag:
            case "form":
                self.form = self.by_id[said.get("id", "")] = Form(said.get("action", ""), said.get("method", "get"))
                self.page.forms.append(self.form)
            case "a" if "href" in said:
                self.link = Link("", said["href"])
                self.page.links.append(self.link)
            case "button" | "input" | "select" | "textarea":
                self.control(tag, said, self.by_id.get(said["form"]) if "form" in said else self.form)
            case "option" if self.choice is not None:
                self.option(self.choice, said)
            case _:
                pass

    def control(self, tag: str, said: dict[str, str], form: Form | None) -> None:
        """Add a control to its form; one without a name, or outside any form, sends nothing."""
        if form is None:
            return
        name, value = said.get("name", ""), said.get("value", "")
        if tag == "button":
            self.button = Button("", name, value, said.get("formaction", ""))
            form.buttons.append(self.button)
        elif name and tag == "select":
            self.choice = Control(name, tag)
            form.controls.append(self.choice)
        elif name and tag == "textarea":
            self.area = Control(name, tag)
            form.controls.append(self.area)
        elif name and (kind := said.get("type", "text")) not in NOT_TYPED:
            is_tick = kind in {"checkbox", "radio"}
            form.controls.append(Control(name, kind, value, is_on=not is_tick or "checked" in said))

    def option(self, choice: Control, said: dict[str, str]) -> None:
        value = said.get("value", "")
        if not choice.options or "selected" in said:
            choice.value = value
        choice.options.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]
        match tag:
            case "form":
                self.form = None
            case "select":
                self.choice = None
            case "textarea":
                self.area = None
            case "button":
                self.button = None
            case "a":
                self.link = None
            case _:
                pass

    def handle_data(self, data: str) -> None:
        if "title" in self.open:
            self.page.title = tidy(self.page.title + data)
        if self.area is not None:
            self.area.value += data
        if SILENT & set(self.open) or self.choice is not None:
            return
        self.words.append(data)
        if "h1" in self.open:
            self.page.heading = tidy(f"{self.page.heading} {data}")
        for named in (self.button, self.link):
            if named is not None:
                named.text = tidy(f"{named.text} {data}")
