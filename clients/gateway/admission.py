"""Admission of costly requests without a session: few of each kind at once, the others wait without work being done for them."""

from dataclasses import dataclass, field
from threading import BoundedSemaphore

import flask

from shared.contract.auth import commands, queries
from shared.contract.refusals import Reason, Refused

PHRASES_MAX = 2
"""Security phrases at once: auth draws or speaks one while the next is on its way, and more would hold up everybody's calls."""
SIGN_INS_MAX = 4
"""Sign-ins at once: two whose passwords are hashed, and two that come or go meanwhile. More only make each other and all pages slower."""
WAIT_SECONDS = 5
"""After this the browser is answered that there is no room."""


@dataclass(frozen=True)
class Room:
    """The requests of one kind: endpoints of pages, methods of the JSON API, and how many there may be at once."""

    endpoints: frozenset[str]
    methods: frozenset[str]
    most: int
    places: BoundedSemaphore = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", BoundedSemaphore(self.most))

    def is_for(self, request: flask.Request) -> bool:
        return request.endpoint in self.endpoints or (
            request.endpoint == "api.answer" and (request.view_args or {})["method"] in self.methods
        )


def attach(app: flask.Flask) -> None:
    """Let requests of these kinds in one after another."""
    rooms = (
        Room(
            frozenset({"sign_in.page", "sign_in.sound"}),
            frozenset({commands.NewCaptcha.method, queries.GetCaptchaSound.method}),
            PHRASES_MAX,
        ),
        Room(frozenset({"sign_in.submit"}), frozenset({commands.SignIn.method}), SIGN_INS_MAX),
    )

    def enter() -> None:
        for room in rooms:
            if room.is_for(flask.request):
                flask.request.get_data(parse_form_data=True)  # first: whoever sends it slowly must not hold a place
                if not room.places.acquire(timeout=WAIT_SECONDS):
                    raise Refused(Reason.NO_ANSWER)
                flask.g.room = room

    def leave(_error: BaseException | None) -> None:
        room: Room | None = flask.g.pop("room", None)
        if room is not None:
            room.places.release()

    app.before_request(enter)
    app.teardown_request(leave)
