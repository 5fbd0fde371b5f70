"""Attacks on sign-in, each of which worked once: all are held off by a running instance."""

from collections.abc import Callable, Iterator

import pytest

from tests.attack import sign_in
from tests.attack.load import Row
from tests.demo.users import Person
from tests.support.servers import instance


@pytest.fixture(scope="module")
def portal_and_members() -> Iterator[tuple[str, Iterator[Person]]]:
    with instance.standalone(**sign_in.SETTINGS) as running:
        yield running.portal, iter(sign_in.newcomers(running))


@pytest.mark.slow
@pytest.mark.parametrize("attack", sign_in.ATTACKS, ids=lambda attack: attack.__name__)
def test_is_held_off(portal_and_members: tuple[str, Iterator[Person]], attack: Callable[[str, Person], Row]) -> None:
    portal, members = portal_and_members
    row = attack(portal, next(members))
    assert row.held, row.seen
