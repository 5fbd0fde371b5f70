"""`tamdid log verify`: check the event logs of the services for holes and invalid events."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from clients.admin import exit_codes
from clients.admin.commands.operations.events import Services
from clients.admin.commands.operations.log_verification import Ids, Verification
from clients.admin.context import ProgressBar, RunContext, command, progress_bar
from clients.admin.transport.client import InternalError
from shared.contract.operations import queries
from shared.contract.operations.answers import RecordedEvents
from shared.contract.refusals import Reason, Refused
from shared.contract.seal import SealEvidence
from shared.keys import Keys
from shared.services import SOURCES
from shared.text import cleaning

KeysFolder = Annotated[
    Path,
    typer.Option("--keys", envvar="TAMDID_KEYS", help="The folder with the services' public keys, to check the seals."),
]
EvidenceFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--evidence",
        help="A file of seals that was kept elsewhere (TAMDID_EVIDENCE), to find a log that was cut off; repeatable.",
        exists=True, dir_okay=False,
    ),
]  # fmt: skip
DEFAULT_KEYS = Path("var/keys")
SEAL_TRIES = 5
SEAL_PAUSE_SECONDS = 0.5
# a callback makes it a group, though it has one command
app = typer.Typer(help="The services' logs.", no_args_is_help=True, callback=lambda: None)


@command(app, "verify")
def verify(
    run: RunContext, service: Services = None, keys: KeysFolder = DEFAULT_KEYS, evidence: EvidenceFiles = None
) -> None:
    """Read whole logs: no position missing, versions in a row, each event of its class, each id once, sealed by its service; else exit code 1."""
    seals = [seal for file in evidence or () for seal in read_evidence(file)]  # first: the logs only grow
    chosen = tuple(dict.fromkeys(service or SOURCES))
    heads = {name: head for name in chosen if (head := head_of(run, name)) is not None}
    with closing(Ids()) as ids, progress_bar(run, total=sum(heads.values())) as update_bar:
        verifications = [
            verify_log(run, Verification(name, ids, keys_of(run, keys, name), seals), head, update_bar)
            for name, head in heads.items()
        ]
    printer = run.printer
    problems = [problem for verification in verifications for problem in verification.problems]
    logs = {
        each.service: {"events": each.events, "head": each.position, "problems": each.counts} for each in verifications
    }
    printer.document({"logs": logs, "problems": [problem._asdict() for problem in problems]})
    printer.table(problems, "service", "position", ("problem", "code"), "detail")
    for each in verifications:
        printer.line(
            printer.text("log_verified", service=each.service, events=each.events, problems=each.counts.total())
        )
    if any(verification.counts for verification in verifications):
        raise typer.Exit(exit_codes.REFUSED)
    if len(heads) < len(chosen):
        raise typer.Exit(exit_codes.NO_ANSWER)


def head_of(run: RunContext, service: str) -> int | None:
    """The position up to which a log is verified; None where the service does not answer."""
    try:
        return run.call(queries.ReadEvents(after=0, limit=1), service=service).head
    except Refused as refusal:
        if refusal.reason is not Reason.NO_ANSWER:
            raise
        run.printer.warn(f"{service}: {run.sentence(refusal)}")
        return None


def keys_of(run: RunContext, folder: Path, service: str) -> Keys | None:
    """The public keys, where there is one of the service."""
    if not (folder / f"{service}.pub").exists():
        run.printer.warn(run.printer.text("seals_not_checked", service=service, folder=folder))
        return None
    return Keys("admin", folder)


def read_evidence(file: Path) -> list[SealEvidence]:
    """The seals of a file, a line each."""
    lines = file.read_bytes().splitlines()
    try:
        return [SealEvidence.model_validate_json(line) for line in lines]
    except ValidationError as error:
        raise typer.BadParameter(f"{cleaning.printable(file.name)}: no seals", param_hint="--evidence") from error


def read_page(run: RunContext, service: str, after: int, tries: int = SEAL_TRIES) -> RecordedEvents:
    """The next events; where there are none, again for as long as the service may take to seal its newest ones."""
    query = queries.ReadEvents(after=after, verifying=True)
    page = run.call(query, service=service)
    for _ in range(1, tries):
        if page.events or page.seal:
            break
        run.environment.sleep(SEAL_PAUSE_SECONDS)
        page = run.call(query, service=service)
    return page


def verify_log(run: RunContext, verification: Verification, head: int, update_bar: ProgressBar) -> Verification:
    """Read a log up to its head, whatever is wrong in it."""
    while (after := verification.position) < head:
        try:
            page = read_page(run, verification.service, after)
        except InternalError:
            verification.add_problem(after + 1, "unreadable")
            break
        verification.add_page(page)
        update_bar(advance=len(page.events))
        if verification.position == after:
            break  # nothing came, or nothing that goes on from here
    else:
        verification.check_nothing_follows(read_page(run, verification.service, verification.position, tries=1))
    verification.end(head)
    return verification
