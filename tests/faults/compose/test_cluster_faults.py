"""Which faults a cluster is given, and when: `make faults ON=cluster` injects them."""

import random

from deploy.containers import secrets
from tests.faults.compose import faults
from tests.faults.faults import Fault, shuffled


def nothing(_cluster: object, _rng: random.Random) -> str:
    return ""


A, ALSO_A, B = Fault("one", nothing, "a"), Fault("other", nothing, "a"), Fault("another", nothing, "b")


def test_a_part_that_is_not_whole_is_not_hit_again() -> None:
    whole = {"b"}
    draw = shuffled(random.Random(1), (A, ALSO_A, B), whole.__contains__)  # noqa: S311 - no secret
    assert (draw(), draw()) == (B, None)
    whole.add("a")
    assert {draw(), draw()} == {A, ALSO_A}


def test_each_kind_comes_once_a_round() -> None:
    draw = shuffled(random.Random(1), faults.FAULTS)  # noqa: S311 - no secret
    for _ in range(2):
        assert {draw() for _ in faults.FAULTS} == set(faults.FAULTS)


def test_a_copy_of_each_program_is_killed() -> None:
    names = {one.name for one in faults.FAULTS}
    assert {f"a copy of {program} is killed" for program in secrets.PROGRAMS} <= names
