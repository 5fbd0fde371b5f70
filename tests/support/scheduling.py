"""Distribution of the tests over the processes of pytest-xdist: tests that share an instance run in one process."""

import re

import pytest
from xdist.scheduler import LoadScopeScheduling

ON_ITS_OWN = re.compile(r"\[(standalone|distributed)-")
"""Tests of one file that run on an instance for each of these."""
ON_ONE_INSTANCE = re.compile(r"tests/journeys/test_(?!power_cuts|the_demo)")
"""Files whose tests share an instance, and a payment that is found after a minute of theirs."""


class BySharedInstance(LoadScopeScheduling):
    """A file's tests run in one process, one after another; some files are grouped, and some are split in two."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def group(nodeid: str) -> str:
    file, _, _ = nodeid.partition("::")
    if ON_ONE_INSTANCE.match(file):
        return ON_ONE_INSTANCE.pattern
    part = ON_ITS_OWN.search(nodeid)
    return file + part[0] if part else file


def put_slow_groups_first(items: list[pytest.Item]) -> None:
    """Start the slow groups first, so that none runs alone at the end."""
    slow = {group(item.nodeid) for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: group(item.nodeid) not in slow)
