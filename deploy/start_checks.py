"""What keeps programs from starting, each as a message that says how to mend it: settings that contradict each other, ports that are taken."""

from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import eventlet

from deploy import trace_export
from shared.policies import capacity_policy
from shared.policies.policy_files import PolicyError
from shared.settings import Settings

if TYPE_CHECKING:
    from services.notification.templates import Texts


def problems(programs: Sequence[str], settings: Settings) -> list[str]:
    """Everything that is wrong with the settings, or else with the ports; nothing where the programs may start."""
    wrong = [
        *development_on_the_internet(settings),
        *phone_in_production(programs, settings),
        *proxy_unknown(programs, settings),
        *webhook_secrets_weak(programs, settings),
        *policies_wrong(programs, settings),
        *providers_wrong(programs, settings),
        *templates_wrong(programs, settings),
        *trace_export.problems(settings),
    ]
    return wrong or list(ports_taken(programs, settings))


def development_on_the_internet(settings: Settings) -> Iterator[str]:
    """In development anybody may pretend to have paid, and a program that reads the page solves the security phrase."""
    if not settings.development:
        return
    for name, url in public_addresses(settings).items():
        if is_https(url) and not is_this_machine(url):
            yield f"TAMDID_DEVELOPMENT is true and {name} is {url}: development is never for the public. Set it to false."


def phone_in_production(programs: Sequence[str], settings: Settings) -> Iterator[str]:
    """The phone shows everybody's messages to everybody."""
    if "phone" in programs and not settings.development:
        yield "The phone shows all messages to everybody, so it runs where TAMDID_DEVELOPMENT is true only."


def proxy_unknown(programs: Sequence[str], settings: Settings) -> Iterator[str]:
    """Pages are served as plain HTTP: an https address means a proxy, behind which all strangers would count as one."""
    if "gateway" in programs and is_https(settings.portal_url) and settings.trusted_proxies == 0:
        yield (
            f"TAMDID_PUBLIC_URL is {settings.portal_url}, so a proxy is in front of the pages; TAMDID_TRUSTED_PROXIES is 0,"
            " so every visitor would have the proxy's address. Set it to the number of proxies."
        )


def webhook_secrets_weak(programs: Sequence[str], settings: Settings) -> Iterator[str]:
    """Named by their order, because a message must not show a secret."""
    if "bank" in programs:
        from clients.bank.notices import signatures  # noqa: PLC0415 - here and below: a program loads its own checks alone

        for number, secret in enumerate(settings.webhook_secrets, start=1):
            if problem := signatures.problem_of(secret):
                yield f"TAMDID_WEBHOOK_SECRETS: secret {number} {problem}."


def policies_wrong(programs: Sequence[str], settings: Settings) -> Iterator[str]:
    """What is wrong with the capacity policies, a line for each cell."""
    if {"capacity", "renewal"} & set(programs):
        try:
            capacity_policy.read_folder(settings.policies_folder)
        except PolicyError as error:
            yield f"The capacity policies in {settings.policies_folder} can't be used:\n{error}"


def templates_wrong(programs: Sequence[str], settings: Settings) -> Iterator[str]:
    """What is wrong with the texts of messages, by file and line; a program that runs already keeps the texts that it has."""
    if {"notification", "phone"} & set(programs):
        from services.notification import templates  # noqa: PLC0415
        from services.notification.providers import registry  # noqa: PLC0415

        try:
            texts = templates.load(settings.templates_folder, settings.portal_url, registry.capabilities(settings))
        except PolicyError as error:
            yield f"The texts of messages in {settings.templates_folder} can't be used:\n{error}"
        else:
            yield from numbers_missing(texts, settings)


def numbers_missing(texts: "Texts", settings: Settings) -> Iterator[str]:
    """Templates without their number at a provider that knows them by number."""
    from services.notification.providers.template_numbers import FILE, NUMBERED, number_of  # noqa: PLC0415

    kinds = (*texts.kinds.values(), *texts.lacking.values())
    names = sorted({kind.provider_template for kind in kinds if kind.sms})
    for provider in settings.sms_order:
        if provider in NUMBERED:
            try:
                number = number_of(settings, provider)
            except ValueError:
                return  # the providers' own check names the file
            if missing := [name for name in names if number(name) is None]:
                yield f"{settings.templates_folder / FILE}: [{provider}] lacks the number of {', '.join(missing)}."


def providers_wrong(programs: Sequence[str], settings: Settings) -> Iterator[str]:
    """An SMS provider without its key, or a mail server that can't be used."""
    if "notification" in programs:
        from services.notification.providers import registry  # noqa: PLC0415

        try:
            registry.providers(settings)
        except ValueError as error:
            yield f"{error}."


def ports_taken(programs: Sequence[str], settings: Settings) -> Iterator[str]:
    """Which ports others listen on already, and how to choose another."""
    for setting in ("bank_port", "gateway_port", "phone_port", "phone_smtp_port"):
        if setting.partition("_")[0] in programs:
            port = getattr(settings, setting)
            try:
                eventlet.listen((settings.host, port), reuse_port=False).close()
            except OSError as error:
                yield f"Port {port} of {settings.host}: {error.strerror}. TAMDID_{setting.upper()} chooses another."


def public_addresses(settings: Settings) -> dict[str, str]:
    """The addresses that browsers see, by their settings."""
    return {"TAMDID_PUBLIC_URL": settings.portal_url, "TAMDID_BANK_PUBLIC_URL": settings.bank_portal_url}


def is_https(url: str) -> bool:
    return urlsplit(url).scheme == "https"


def is_this_machine(url: str) -> bool:
    """Whether only programs of the same machine reach an address: a loopback, by number or by name."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
