"""Histories of a member that could have been told, for properties that hold of all of them."""

from datetime import UTC

from hypothesis import strategies as st

from shared.contract.values import JobKind, LicenceField, MemberClass
from tests.services.capacity.sample_events import (
    HEAVIER,
    HIGHER,
    TEXT,
    UNEMPLOYED,
    amended,
    approved,
    changed,
    confirmed,
    employed,
    job,
    licence,
    on,
    withdrawn,
)

INSTANTS = st.one_of(
    st.sampled_from(
        [
            on("1404/12/29", "23:59"),
            on("1405/01/01", "00:00"),
            on("1405/02/01"),
            on("1405/06/01", "23:59"),
            on("1405/06/02", "00:00"),
            on("1405/12/29", "23:59"),
            on("1406/01/01", "00:00"),
            on("1406/02/01"),
        ]
    ),
    st.datetimes(on("1404/11/01").replace(tzinfo=None), on("1406/03/01").replace(tzinfo=None)).map(
        lambda at: at.replace(tzinfo=UTC)
    ),
)
FIELDS = [(LicenceField.EXTRACTION,), (LicenceField.SURVEYING,), (LicenceField.SURVEYING, LicenceField.EXTRACTION)]
LICENCES = st.builds(
    lambda grade, fields, expires: licence(grade, *fields, expires=expires),
    st.sampled_from(MemberClass),
    st.sampled_from(FIELDS),
    st.sampled_from([None, "1404/06/01", "1405/06/01", "1405/09/30", "1405/12/29", "1407/01/01"]),
)
JOBS = st.sampled_from(
    [
        job(),
        job(starts="1405/07/01"),
        job(JobKind.MINE_AS_IS_MAP, 3, quantity="2.25", field=LicenceField.SURVEYING),
        job(JobKind.PERSON_HOUR, 2, quantity="10.5"),
        job(starts="1404/01/01", ends="1404/05/01"),
    ]
)
EMPLOYMENTS = st.sampled_from([UNEMPLOYED, employed(), employed(starts="1405/03/15", ends="1405/09/01")])
HISTORIES = st.tuples(
    st.lists(st.builds(changed, INSTANTS, LICENCES), max_size=4),
    st.lists(
        st.builds(
            lambda at, jobs, held, employment: approved(at, *jobs, as_licence=held, employment=employment),
            INSTANTS, st.lists(JOBS, max_size=3), LICENCES, EMPLOYMENTS,
        ),
        max_size=3,
    ),
    st.lists(st.one_of(st.builds(confirmed, INSTANTS), st.builds(withdrawn, INSTANTS)), max_size=3),
).map(lambda parts: (*parts[0], *parts[1], *parts[2]))  # fmt: skip
"""What each source tells, in its own order."""
AMENDED_HISTORIES = st.tuples(
    HISTORIES,
    st.lists(INSTANTS, max_size=2).map(
        lambda instants: [
            amended(at, *texts) for at, texts in zip(instants, [(TEXT, HIGHER), (HIGHER, HEAVIER)], strict=False)
        ]
    ),
).map(lambda parts: (*parts[0], *parts[1]))
"""The same, with up to two corrections of the year's policy."""
