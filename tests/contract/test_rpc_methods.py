"""Every command and query has an RPC method that answers it as the contract says, and no program has a method besides."""

from typing import Any

import pytest

from clients.gateway.api import catalogue
from deploy.containers import secrets
from deploy.programs import PROGRAMS
from deploy.reference import programs
from deploy.reference.programs import (
    OF_ANY_FOLLOWER,
    OF_ANY_LOG,
    OF_ANY_PROGRAM,
    OF_ANY_WITH_MEMBERS,
    OF_ANY_WITH_PROJECTIONS,
)
from shared.contract.base import Answer, Command, Message, Query
from shared.contract.catalogue import ANSWERS, COMMANDS
from shared.messaging.topology import CALLERS_FOR_PERSONS
from shared.nameko_extensions import PersonalDataRpc, ProjectionsRpc
from shared.services import FOLLOWERS, SERVICES, SOURCES, WITH_MEMBERS

ALL = programs.all_messages()
LOGS = [program for program in PROGRAMS if programs.has_log(program)]


def test_these_are_all_programs() -> None:
    assert {*SERVICES, *CALLERS_FOR_PERSONS} == {*PROGRAMS, secrets.COMMAND_LINE}
    assert list(SOURCES) == LOGS
    assert list(FOLLOWERS) == [program for program in PROGRAMS if programs.subscriptions(program)]
    assert list(WITH_MEMBERS) == [program for program in PROGRAMS if issubclass(PROGRAMS[program], PersonalDataRpc)]
    assert list(WITH_MEMBERS) == [program for program in PROGRAMS if issubclass(PROGRAMS[program], ProjectionsRpc)]


OF_SEVERAL = OF_ANY_LOG | OF_ANY_FOLLOWER | OF_ANY_PROGRAM | OF_ANY_WITH_MEMBERS | OF_ANY_WITH_PROJECTIONS


@pytest.mark.parametrize("message", ALL, ids=lambda message: message.__name__)
def test_a_message_names_who_answers_it_and_with_what(message: type[Message[Any]]) -> None:
    is_of_several = message in OF_SEVERAL
    assert is_of_several != (getattr(message, "service", "") in PROGRAMS)
    assert issubclass(message.answer(), Answer)
    assert ANSWERS[message.answer().__name__] is message.answer()
    assert issubclass(message, Command if message.__name__ in COMMANDS else Query)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_answers_all_that_it_is_to_be_asked_and_nothing_else(program: str) -> None:
    assert set(programs.methods_of(program)) == set(programs.messages_of(program))


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_method_takes_the_ask_of_its_name_and_answers_as_the_ask_says(program: str) -> None:
    signatures = {name: programs.signature(method) for name, method in programs.methods_of(program).items()}
    assert signatures == {name: (message, message.answer()) for name, message in programs.messages_of(program).items()}


def test_an_answer_is_the_answer_to_something_or_a_part_of_one() -> None:
    answered = {message.answer() for message in ALL}
    signatures = set(ANSWERS.values())
    parts = {name for kind in answered for name in kind.model_json_schema().get("$defs", {})}
    assert {kind.__name__ for kind in signatures - answered} <= parts


def test_the_api_offers_only_what_somebody_answers() -> None:
    wrong = {
        place
        for place, message in catalogue.OFFERED.items()
        if programs.messages_of(place[0]).get(place[1]) is not message
    }
    assert wrong == set()
