"""What the sources tell of a member, as tests write it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from services.capacity.ledger.domain import Fact, SourceEvent, year_and_instant
from services.capacity.ledger.lines import Origin
from shared.contract import base
from shared.contract.auth import events as auth_events
from shared.contract.envelope import Metadata, Recorded
from shared.contract.payment import events as payment_events
from shared.contract.renewal import events as renewal_events
from shared.contract.values import Employment, EmploymentStatus, Job, JobKind, Licence, LicenceField, MemberClass
from shared.policies import capacity_policy, policy_files
from shared.settings import Settings
from shared.text import persian

MEMBER = "0123456"
PROVINCE = "isfahan"
UNEMPLOYED = Employment(status=EmploymentStatus.UNEMPLOYED)


def on(day: str, at: str = "10:00") -> datetime:
    """An instant by Tehran's Jalali day and clock: `on("1405/07/15", "23:59")`."""
    return datetime.combine(persian.parse_date(day), time.fromisoformat(at), persian.TEHRAN).astimezone(UTC)


def day(text: str) -> date:
    return persian.parse_date(text)


def licence(
    member_class: MemberClass = MemberClass.GRADE_2,
    *fields: LicenceField,
    expires: str | None = "1407/06/01",
) -> Licence:
    """A licence for extraction, where nothing else is said."""
    return Licence(
        member_class=member_class,
        fields=fields or (LicenceField.EXTRACTION,),
        expires_on=persian.parse_date(expires) if expires else None,
    )


def job(  # noqa: PLR0913 - what a job says
    kind: JobKind = JobKind.MINE_TECHNICAL_MANAGER,
    degree: int = 4,
    starts: str = "1405/01/01",
    ends: str = "1405/12/29",
    quantity: str = "1",
    field: LicenceField = LicenceField.EXTRACTION,
) -> Job:
    return Job(
        kind=kind, degree=degree, field=field, quantity=Decimal(quantity), starts_on=day(starts), ends_on=day(ends)
    )


def employed(
    status: EmploymentStatus = EmploymentStatus.PRIVATE_FULL_TIME, starts: str = "1405/01/01", ends: str | None = None
) -> Employment:
    return Employment(status=status, province=PROVINCE, from_on=day(starts), to_on=day(ends) if ends else None)


def enrolled(
    at: datetime, as_licence: Licence | None = None, member: str = MEMBER, province: str = PROVINCE
) -> SourceEvent:
    return auth_events.MemberEnrolled(
        member=member, province=province, licence=as_licence or licence(), enrolled_by="program:admin", enrolled_at=at
    )


def changed(at: datetime, as_licence: Licence, member: str = MEMBER, province: str = PROVINCE) -> SourceEvent:
    return auth_events.MembershipChanged(
        member=member, province=province, licence=as_licence, changed_by="officer:maryam", changed_at=at
    )


def approved(
    at: datetime,
    *jobs: Job,
    as_licence: Licence | None = None,
    employment: Employment = UNEMPLOYED,
    year: int = 1405,
    member: str = MEMBER,
) -> SourceEvent:
    return renewal_events.RenewalApproved(
        member=member,
        year=year,
        province=PROVINCE,
        licence=as_licence or licence(),
        employment=employment,
        jobs=jobs,
        approved_by="officer:maryam",
        approved_at=at,
    )


def confirmed(at: datetime, year: int = 1405, member: str = MEMBER) -> SourceEvent:
    return payment_events.PaymentConfirmed(
        member=member,
        year=year,
        province=PROVINCE,
        amount_rials=9_000_000,
        confirmed_by="officer:maryam",
        confirmed_at=at,
    )


def withdrawn(at: datetime, year: int = 1405, member: str = MEMBER) -> SourceEvent:
    return payment_events.ConfirmationWithdrawn(
        member=member, year=year, province=PROVINCE, cause="reversed", withdrawn_at=at
    )


def amended(at: datetime, before: str, after: str, year: int = 1405) -> SourceEvent:
    return renewal_events.PolicyAmended(
        year=year,
        before=before,
        after=after,
        digest=policy_files.digest(after),
        note=UUID(int=7),
        amended_by="officer:admin",
        amended_at=at,
    )


POLICIES = capacity_policy.read_folder(Settings().policies_folder)
"""Those that the program comes with, by year."""
TEXT = POLICIES[1405].text
HIGHER = TEXT.replace("{ extraction = 720", "{ extraction = 760")
"""Grade 2 may use 40 P more in extraction."""
HEAVIER = HIGHER.replace(
    "p = [960, 720, 480, 300] }\nexploration_technical", "p = [960, 720, 480, 360] }\nexploration_technical"
)
"""And a mine of degree 4 uses 360 P a year instead of 300."""
assert len({TEXT, HIGHER, HEAVIER}) == 3


class Logs:
    """The sources' logs, each counting its own positions."""

    def __init__(self) -> None:
        self.heads: dict[str, int] = {}

    def record(self, event: base.Event, at: datetime | None = None) -> Recorded:
        """The event at the next position of its source."""
        position = self.heads[event.source] = self.heads.get(event.source, 0) + 1
        number = UUID(int=position)
        return Recorded(
            source=event.source,
            position=position,
            stream="member/1",
            version=position,
            event_id=number,
            type=type(event).__name__,
            data=event.model_dump_json(),
            metadata=Metadata(correlation_id=number, causation_id=number),
            recorded_at=at or on("1405/01/01"),
        )

    def record_all(self, *history: base.Event) -> list[Recorded]:
        return [self.record(event) for event in history]


def facts(*history: SourceEvent) -> list[Fact]:
    """The events as facts, each at the next position of its source."""
    return list(facts_of(history))


def facts_of(history: tuple[SourceEvent, ...]) -> Iterator[Fact]:
    logs = Logs()
    for event in history:
        recorded = logs.record(event)
        yield Fact(Origin(recorded.source, recorded.position), year_and_instant(event)[1], event)
