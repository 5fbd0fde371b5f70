"""Each notice is sent once although the process is killed at any step, providers fail and the database is restored."""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import connect
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, insert, select

from clients.phone.messages import SEGMENT_RIALS
from deploy.demonstration.phone_templates import name_at
from services.notification import templates
from services.notification.notices.kinds import RULES
from services.notification.tables import CONTACTS, NOTICES
from shared.contract import cloud_events
from shared.contract.notification.values import NoticeKind
from shared.event_store.database import Database
from shared.event_store.epoch import begin_epoch
from shared.settings import Settings
from shared.subscriptions import parking
from shared.text import persian
from tests.season.program import SOURCES
from tests.services.notification import samples as s
from tests.services.notification.conftest import create_tables
from tests.services.notification.followed_sources import of_member
from tests.support import phone as phones

STORY = (s.ENROLLED, s.REQUESTED, s.SUBMITTED, s.ISSUED, s.SETTLED, s.CONFIRMED)
FAULTS = ("answer_lost", "down", "error_answer", "never_delivered", "no_credit")
MEMBERS, TURNS, KILLS = 8, 60, 10


class Season:
    """The driver: the sources, the clock, the faults and the process."""

    def __init__(self, folder: Path, phone: phones.Phone) -> None:
        self.folder, self.phone, self.random = folder, phone, random.Random(1406)  # noqa: S311 - a seed, not a secret
        self.url = f"sqlite:///{folder}/season.db"
        self.at, self.kills = s.AT, 0
        database = Database(self.url)
        create_tables(database)
        database.create_tables(parking.TABLES)
        database.write(self.prove)
        database.close()
        for source in (*SOURCES, "journal"):
            (folder / source).touch()
        self.counts = Counter[str]()
        self.start()

    @staticmethod
    def prove(connection: Connection) -> None:
        for number in range(MEMBERS):
            for way, value in (("sms", f"0913000000{number}"), ("email", f"m{number}@example.ir")):
                row = {"person": f"member:{number:07}", "way": way, "member": f"{number:07}", "value": value}
                connection.execute(insert(CONTACTS).values(**row, address=uuid4(), proved_at=s.AT))

    def start(self) -> None:
        command = (sys.executable, "-W", "ignore", "-m", "tests.season.program")
        arguments = (str(self.folder), self.url, self.phone.url, str(self.phone.smtp_port))
        self.process = subprocess.Popen(
            [*command, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.communicate()
        assert self.process.returncode == 0

    def record(self, member: int, number: int) -> None:
        (fact,) = of_member((STORY[number],), f"{member:07}")
        self.counts[fact.source] += 1
        line = cloud_events.to_json(s.recorded(fact, self.counts[fact.source], self.at))
        with (self.folder / fact.source).open("a") as log:
            log.write(line + "\n")

    def turn(self, kill: int = 0) -> dict[str, Any]:
        """One turn of the process; after a kill the turn comes again, without one."""
        self.phone.clock.now = self.at
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"at": self.at.isoformat(), "kill": kill}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        if "killed" in answer:
            self.kills += 1
            self.at += timedelta(minutes=3)
            return self.turn()
        return answer

    def back_up(self) -> None:
        self.copy("season", "backup")

    def restore(self) -> None:
        """An earlier copy of the database takes its place, with a new epoch."""
        self.end()
        self.copy("backup", "season")
        database = Database(self.url)
        database.write(begin_epoch)
        database.close()
        self.start()

    def copy(self, this: str, to: str) -> None:
        with closing(connect(self.folder / f"{this}.db")) as file, closing(connect(self.folder / f"{to}.db")) as copy:
            file.backup(copy)

    def handed(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in (self.folder / "journal").read_text().splitlines()]

    def notices(self) -> dict[UUID, Any]:
        database = Database(self.url)
        with database.read() as connection:
            found = {row.notice: row for row in connection.execute(select(NOTICES))}
        database.close()
        return found


@pytest.fixture
def season(tmp_path: Path) -> Iterator[Season]:
    settings = Settings()
    texts = templates.load(settings.templates_folder, settings.portal_url)
    with phones.running(tmp_path) as phone:
        for one in (*texts.kinds.values(), *texts.without_until.values()):
            for provider in SEGMENT_RIALS if one.sms else ():
                text = one.sms.replace("{portal}", settings.portal_url)
                phone.register(provider, name_at(settings, provider, one.provider_template), text)
        yield Season(tmp_path, phone)


def test_each_notice_is_sent_once(season: Season) -> None:
    to_record = [(member, number) for number in range(len(STORY)) for member in range(MEMBERS)]
    for turn in range(TURNS):
        for member, number in to_record[:1]:
            season.record(member, number)
        to_record = to_record[1:]
        if turn % 6 == 0:
            provider, fault = season.random.choice([*SEGMENT_RIALS]), season.random.choice(FAULTS)
            season.phone.switch(provider, fault, season.random.randint(1, 4))
        season.turn(season.random.randint(1, 25) if turn % (TURNS // KILLS) == 1 else 0)
        season.at += timedelta(minutes=7)
        if turn == TURNS // 3:
            season.back_up()
        if turn == TURNS // 2:
            season.restore()
    for _ in range(40):
        season.turn()
        season.at += timedelta(hours=1)
    season.end()
    assert season.kills > 0
    check(season)


def check(season: Season) -> None:
    """Each fact is one notice, handed to each provider once at most, in no quiet hours, or passed."""
    notices, handed = season.notices(), season.handed()
    by_way = Counter((one["notice"], "@" in one["address"], one["provider"]) for one in handed)
    assert not [one for one, count in by_way.items() if count > 1], "handed twice to the same provider"
    assert len(notices) == MEMBERS * 4
    assert {one["notice"] for one in handed} <= {str(notice) for notice in notices}, "handed without a row"
    kinds = {str(notice): NoticeKind(row.kind) for notice, row in notices.items()}
    for one in handed:
        hour = datetime.fromisoformat(one["at"]).astimezone(persian.TEHRAN).hour
        assert 8 <= hour < 21 or RULES[kinds[one["notice"]]].is_urgent, one
    for notice, row in notices.items():
        assert row.passed or any(one["notice"] == str(notice) for one in handed), row
