"""pytest-alembic's tests of each program's revisions: one head, all of them run, nothing is left to generate, and down and up again."""

from collections.abc import Iterator

import pytest
from pytest_alembic import Config
from pytest_alembic.runner import MigrationContext, runner
from pytest_alembic.tests import (  # noqa: F401 - collected here
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import Engine

from deploy.databases import STORES, folder_of
from shared.event_store.migrations.runner import FIRST, config_for, engine_for


@pytest.fixture(params=sorted(STORES))
def program(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def alembic_engine(database_url: str) -> Iterator[Engine]:
    engine = engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def alembic_runner(program: str, alembic_engine: Engine) -> Iterator[MigrationContext]:
    config = Config(
        alembic_config=config_for(folder_of(program), metadata=list(STORES[program].migrated)),
        minimum_downgrade_revision=FIRST,
    )
    with runner(config=config, engine=alembic_engine) as context:
        yield context
