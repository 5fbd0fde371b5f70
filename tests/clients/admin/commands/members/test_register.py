import json
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.contract import base
from shared.contract.auth import answers, commands, queries, search_answers, security_answers
from shared.contract.refusals import Reason, Refused
from tests.clients.admin.examples import CARD, MEMBER
from tests.clients.admin.fake_server import Tamdid, flat
from tests.support.workbooks import workbook

HEADER = "membership_no,national_code,first_name,last_name,province,member_class,licence_fields,licence_expires_on,paid_through"
REST = "isfahan,unlicensed,,,1404"


def all_new(command: commands.ImportMembers) -> answers.ImportReport:
    numbers = range(command.first_row, command.first_row + len(command.rows))
    return answers.ImportReport(rows=tuple(answers.RegisterRowResult(row=row, outcome="enrolled") for row in numbers))


def wrong_where(is_wrong: Callable[[dict[str, str]], bool]) -> Callable[[Any], answers.ImportReport]:
    def report(command: commands.ImportMembers) -> answers.ImportReport:
        wrong = {"outcome": "wrong", "errors": {"national_code": "national_code_wrong"}}
        rows = (
            answers.RegisterRowResult.model_validate(
                {"row": number, "outcome": "unchanged"} | (wrong if is_wrong(row) else {})
            )
            for number, row in enumerate(command.rows, start=command.first_row)
        )
        return answers.ImportReport(rows=tuple(rows))

    return report


@pytest.fixture
def register_file(tmp_path: Path) -> Callable[..., str]:
    def write(*lines: str, encoding: str = "utf-8", ends: str = "\n") -> str:
        path = tmp_path / "register.csv"
        path.write_bytes("".join(line + ends for line in lines).encode(encoding))
        return str(path)

    return write


def code_of(number: int) -> str:
    stem = f"127{number:06}"
    remainder = sum(int(digit) * (10 - place) for place, digit in enumerate(stem)) % 11
    return f"{stem}{remainder if remainder < 2 else 11 - remainder}"


def rows(count: int) -> list[str]:
    return [f"{number:07},{code_of(number)},زهرا,رضایی,{REST}" for number in range(1, count + 1)]


@pytest.fixture
def importer(maryam: Tamdid) -> Tamdid:
    maryam.server.replies["auth.import_members"] = all_new
    return maryam


def test_an_import_is_a_dry_run_by_default(importer: Tamdid, register_file: Callable[..., str]) -> None:
    result = importer("members", "import", register_file(HEADER, *rows(3)))
    assert result.exit_code == 0, result.output
    assert "3 of 3 rows: new: 3, changed: 0, unchanged: 0, wrong: 0" in result.stdout
    assert "Repeat with --apply." in result.stderr
    assert [command.dry_run for command in importer.server.sent(commands.ImportMembers)] == [True]


def test_an_import_goes_in_batches_that_count_on(importer: Tamdid, register_file: Callable[..., str]) -> None:
    document = importer.json("members", "import", register_file(HEADER, *rows(450)), "--apply")
    batches = importer.server.sent(commands.ImportMembers)
    assert [(command.first_row, len(command.rows), command.dry_run) for command in batches] == [
        (2, 200, False),
        (202, 200, False),
        (402, 50, False),
    ]
    assert len({command.id for command in batches}) == 3
    assert (document["rows"], document["done"], document["enrolled"], document["wrong_rows"]) == (450, 450, 450, 0)


def test_spreadsheets_byte_order_mark_semicolons_and_empty_cells_are_understood(
    importer: Tamdid, register_file: Callable[..., str]
) -> None:
    path = register_file(
        "فهرست اعضا;;", "شماره عضويت ;كد ملی;نام;نام خانوادگی;استان;پایه;رسته;اعتبار پروانه;پرداخت تا سال;یادداشت;;",
        "۰۱۲۳۴۵۶;«زهرا;رضایی»;;", ";;;", "0099001;;;", encoding="utf-8-sig", ends="\r\n",
    )  # fmt: skip
    assert importer("members", "import", path).exit_code == 0
    (command,) = importer.server.sent(commands.ImportMembers)
    assert [row["membership_no"] for row in command.rows] == ["۰۱۲۳۴۵۶", "0099001"]
    assert command.rows[0]["first_name"] == "رضایی»"
    assert set(command.rows[0]) == set(HEADER.split(","))
    assert command.first_row == 3


def test_a_quoted_cell_may_hold_a_comma_and_a_line(importer: Tamdid, register_file: Callable[..., str]) -> None:
    importer("members", "import", register_file(HEADER, f'0123456,,"a,\u2028b\nc",,{REST}'))
    (command,) = importer.server.sent(commands.ImportMembers)
    assert command.rows[0]["first_name"] == "a,\u2028b\nc"


def test_a_workbook_is_read_and_lost_zeros_are_left_to_the_national_codes_own_rule(
    importer: Tamdid, tmp_path: Path
) -> None:
    path = tmp_path / "register_file.xlsx"
    path.write_bytes(
        workbook(HEADER.split(","), ["0123456", 84575948, "زهرا", "رضایی", "isfahan", "intern", "", None, 1404])
    )
    importer("members", "import", str(path))
    (command,) = importer.server.sent(commands.ImportMembers)
    assert (command.rows[0]["national_code"], command.rows[0]["paid_through"]) == ("84575948", "1404")


def test_wrong_rows_are_listed_with_their_column_and_do_not_stop_the_others(
    importer: Tamdid, register_file: Callable[..., str]
) -> None:
    importer.server.replies["auth.import_members"] = wrong_where(lambda row: row["first_name"] == "؟")
    lines = rows(250)
    lines[9] = lines[9].replace("زهرا", "؟")
    lines[229] = lines[229].replace("زهرا", "؟")
    lines[4] += ",,one cell too many"
    result = importer("members", "import", register_file(HEADER, *lines), "--apply")
    assert result.exit_code == 1
    wrong = [line.split(maxsplit=2) for line in map(str.strip, result.stdout.splitlines()) if "national_code" in line]
    assert wrong == [
        ["11", "national_code", "The national code is wrong."],
        ["231", "national_code", "The national code is wrong."],
    ]
    assert "This row has more cells than the headings." in result.stdout
    assert "250 of 250 rows: new: 0, changed: 0, unchanged: 247, wrong: 3" in result.stdout


def test_a_member_who_stands_in_the_file_twice_is_taken_from_the_first_row(
    importer: Tamdid, register_file: Callable[..., str]
) -> None:
    document = importer.json(
        "members", "import", register_file(HEADER, *rows(300), "۰۰۰۰۰۰۷,,,", f"301,{code_of(7)},,"), exit_code=1
    )
    assert document["wrong"] == [
        {"row": 302, "column": "membership_no", "code": "member_twice"},
        {"row": 303, "column": "national_code", "code": "national_code_twice"},
    ]
    assert document["enrolled"] == 300


def test_wrong_rows_are_printed_in_persian_and_in_json(importer: Tamdid, register_file: Callable[..., str]) -> None:
    importer.server.replies["auth.import_members"] = wrong_where(lambda _: True)
    path = register_file(HEADER, *rows(1))
    assert "کد ملی درست نیست." in importer("--language", "fa", "members", "import", path).stdout
    document = importer.json("members", "import", path, exit_code=1)
    assert document["wrong"] == [{"row": 2, "column": "national_code", "code": "national_code_wrong"}]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", (1, "membership_no", "column_missing")),
        (f"\n{HEADER.replace('province', 'ostan')}\n".encode(), (2, "province", "column_missing")),
        (f"{HEADER},first_name\n".encode(), (1, "first_name", "column_twice")),
        (f"{HEADER}\nرضايي\n".encode("cp1256", "ignore"), (2, "", "encoding_unknown")),
        (f'{HEADER}\n1\n2,"open\n3'.encode(), (3, "", "quote_unclosed")),
        (bytes.fromhex("d0cf11e0a1b11ae1"), (0, "", "file_xls")),
    ],
)
def test_a_file_that_is_no_roll_is_refused_with_row_column_and_cause(
    importer: Tamdid, tmp_path: Path, content: bytes, fault: tuple[int, str, str]
) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(content)
    document = importer.json("members", "import", str(path), exit_code=1)
    assert dict(zip(("row", "column", "code"), fault, strict=True)) in document["faults"]
    assert importer.server.messages == []


def test_a_file_that_is_not_there_is_wrong_usage(importer: Tamdid, tmp_path: Path) -> None:
    result = importer("members", "import", str(tmp_path / "none.csv"))
    assert result.exit_code == 2
    assert "none.csv: No such file" in flat(result.stderr)


def test_ctrl_c_ends_an_import_between_two_batches_and_says_how_far_it_came(
    importer: Tamdid, register_file: Callable[..., str]
) -> None:
    def interrupted(command: commands.ImportMembers) -> answers.ImportReport:
        if command.first_row == 202:
            signal.raise_signal(signal.SIGINT)
        return all_new(command)

    importer.server.replies["auth.import_members"] = interrupted
    before = signal.getsignal(signal.SIGINT)
    result = importer("members", "import", register_file(HEADER, *rows(600)), "--apply")
    assert result.exit_code == 130
    assert "400 of 600 rows" in result.stdout
    assert "Stopped after 400 rows" in result.stderr
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_does_not_wait_for_the_batch(importer: Tamdid, register_file: Callable[..., str]) -> None:
    def interrupted_twice(command: commands.ImportMembers) -> answers.ImportReport:
        if command.first_row == 202:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
        return all_new(command)

    importer.server.replies["auth.import_members"] = interrupted_twice
    result = importer("members", "import", register_file(HEADER, *rows(600)), "--apply")
    assert result.exit_code == 130
    assert "200 of 600 rows" in result.stdout


def test_when_the_server_falls_silent_an_import_says_how_far_it_came(
    importer: Tamdid, register_file: Callable[..., str]
) -> None:
    def silent_later(command: commands.ImportMembers) -> answers.ImportReport:
        if command.first_row > 2:
            raise Refused(Reason.NO_ANSWER)
        return all_new(command)

    importer.server.replies["auth.import_members"] = silent_later
    result = importer("members", "import", register_file(HEADER, *rows(201)), "--apply")
    assert result.exit_code == 3
    assert "200 of 201 rows" in result.stdout
    assert "did not answer" in result.stderr


def test_who_may_not_import_is_refused_once(importer: Tamdid, register_file: Callable[..., str]) -> None:
    importer.server.replies["auth.import_members"] = Refused(Reason.NOT_ALLOWED)
    result = importer("members", "import", register_file(HEADER, *rows(450)))
    assert result.exit_code == 1
    assert "You may not do this." in result.stderr
    assert len(importer.server.sent(commands.ImportMembers)) == 1


def test_a_member_is_shown_by_a_number_in_any_digits(maryam: Tamdid) -> None:
    maryam.server.replies["auth.get_member"] = CARD
    result = maryam("members", "show", "۰۱۲-۳۴۵۶")
    for text in (MEMBER, "زهرا رضایی", "127*****87", "grade 2", "extraction", "1405/12/29", "1404"):
        assert text in result.stdout


def test_a_members_json_is_the_answer_itself(maryam: Tamdid) -> None:
    maryam.server.replies["auth.get_member"] = CARD
    assert answers.MemberCard.model_validate(maryam.json("members", "show", MEMBER)) == CARD


def test_a_code_for_the_first_sign_in_is_printed(maryam: Tamdid) -> None:
    until = datetime(2026, 12, 12, 9, tzinfo=UTC)
    maryam.server.replies["auth.issue_activation_code"] = security_answers.ActivationCode(
        code="k7qa-bbbb", expires_at=until
    )
    result = maryam("members", "activation-code", "۰۱۲۳۴۵۶")
    assert result.exit_code == 0, result.output
    assert f"{MEMBER}: the code for the first sign-in is k7qa-bbbb" in result.stdout
    assert [command.member for command in maryam.server.sent(commands.IssueActivationCode)] == [MEMBER]


def test_a_members_forgotten_password_is_taken_back(maryam: Tamdid) -> None:
    maryam.server.replies["auth.reset_member"] = base.Done(position=7)
    result = maryam("members", "reset", "۰۱۲۳۴۵۶")
    assert result.exit_code == 0, result.output
    assert f"{MEMBER}: the password is taken back" in result.stdout
    assert [command.member for command in maryam.server.sent(commands.ResetMember)] == [MEMBER]


def test_members_are_searched_in_each_province_that_the_officer_serves(maryam: Tamdid) -> None:
    one = search_answers.FoundMember(member=MEMBER, full_name="زهرا صفوی‌نیا")
    maryam.server.replies["auth.search_members"] = search_answers.FoundMembers(members=(one,), is_all=True)
    result = maryam("--language", "fa", "members", "search", "صفوي نيا")
    assert maryam.server.messages[-1] == queries.SearchMembers(province="isfahan", text="صفوي نيا")
    assert "زهرا صفوی‌نیا" in result.stdout
    assert "اصفهان" in result.stdout
    maryam.server.replies["auth.search_members"] = search_answers.FoundMembers(members=(one,), is_all=False)
    result = maryam("members", "search", "صفوی", "--limit", "۱", "--json")
    assert json.loads(result.stdout) == {
        "members": [{"member": MEMBER, "full_name": "زهرا صفوی‌نیا", "province": "isfahan"}],
        "is_all": False,
    }
