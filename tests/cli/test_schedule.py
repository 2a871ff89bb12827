"""Callbacks scheduled on the command line, over real HTTP against the real front door."""

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from callwright.cli.main import program
from callwright.scheduler.printing import print_moment
from callwright.scheduler.webhooks.values import TryResult
from tests.sim.office import Office, open_office
from tests.sim.written_events import write_events


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as opened:
        yield opened


def test_a_queue_from_its_making_to_a_task_that_is_given_up(office: Office) -> None:
    nothing = office.run("queues")
    assert (nothing.stdout, nothing.exit_code) == ("", 0), nothing.output
    assert "There is no queue yet" in nothing.stderr
    made = office.run("new", "reminders", "--limit", "4")
    assert made.stdout == "Queue 1, reminders, is made. It is off.\n", made.output
    assert office.run("on", "1").stdout == "Queue 1 is on.\n"
    assert office.run("queues").stdout == "        1  on      4  reminders\n"
    assert json.loads(office.run("off", "1", "--json").stdout)["status"] == "off"
    start = "start_time_utc=2030-03-02 07:00:00"
    more = ("--field", "variables.invoice=7781", "--field", "priority=-3")
    added = office.run(
        "add", "1", "205", "+37120000001", "--extension", "@205", "--field", start, *more
    )
    assert added.stdout == "Task 1, next try 2030-03-02 07:00:00 UTC.\n", added.output
    line = "        1  scheduled                2030-03-02 07:00:00  205 > +37120000001\n"
    assert office.run("tasks", "1").stdout == line
    (task,) = office.tasks()
    assert (task["variables"], task["priority"]) == ({"invoice": "7781"}, -3)
    later = ("--field", "start_time_utc=2031-03-02 07:00:00", "--field", "priority=")
    moved = office.run("change", "1", "1", *later)
    assert moved.stdout == "Task 1, next try 2031-03-02 07:00:00 UTC.\n", moved.output
    (task,) = office.tasks()
    assert (task["variables"], "priority" in task) == ({"invoice": "7781"}, False)
    nobody = office.run("change", "1", "9")
    assert (nobody.exit_code, "(status 404)" in nobody.stderr) == (1, True)
    assert office.run("tasks", "1", "--status", "finished").stderr == "There is no such task.\n"
    assert office.run("cancel", "1", "1").stdout == "Task 1 is removed.\n"
    again = office.run("cancel", "1", "1")
    assert again.exit_code == 1
    assert "(status 404)" in again.stderr


def test_a_refused_task_is_explained(office: Office) -> None:
    office.run("new", "q")
    refused = office.run("add", "1", "205", "206", "--extension", "9", "--field", "try_count=51")
    assert refused.exit_code == 1
    assert "tasks[0].try_count: '51': must be between 1 and 50" in refused.stderr
    assert "tasks[0].extension_id: '9'" in refused.stderr
    odd = office.run("add", "1", "205", "206", "--extension", "1", "--field", "tries=5")
    assert odd.exit_code == 2
    assert "--field tries=5: NAME=VALUE was expected" in odd.stderr


def test_who_asks_has_to_be_said_and_right(office: Office) -> None:
    unsaid = office.run("queues", CALLWRIGHT_CLIENT_ID="")
    assert unsaid.exit_code == 2
    assert "callwright client add-application" in unsaid.stderr
    wrong = office.run("queues", CALLWRIGHT_CLIENT_SECRET="guess")
    assert wrong.exit_code == 1
    assert "(status 401)" in wrong.stderr
    away = office.run("queues", CALLWRIGHT_SERVER="http://127.0.0.1:1")
    assert away.exit_code == 1
    assert "Is the server running there?" in away.stderr
    assert office.secret not in unsaid.output + wrong.output + away.output


PEOPLE = """\ufeffPhone;name;try_count;variables.invoice;Comment
+37120000001;Ann;3;7781;x
nobody;Bob;51;;
;;;;
+37120000003;Eve;;;"""
OPTIONS = ("--queue", "1", "--column", "b_number=Phone", "--set", "a_number=205")


def test_a_file_is_checked_then_imported_and_mended(office: Office) -> None:
    office.run("new", "q")
    people = office.file(PEOPLE)
    options = (*OPTIONS, "--set", "extension_id=@205")
    tried = office.run("import", people, *options, "--dry-run")
    assert tried.exit_code == 1
    assert tried.stdout == "2 would be added, 1 refused.\n", tried.output
    assert "row 3: b_number: 'nobody': 1 to 32 digits" in tried.stderr
    assert "; try_count: '51': must be between 1 and 50" in tried.stderr
    assert "Columns that mean nothing: Comment" in tried.stderr
    assert office.tasks() == []

    done = office.run("import", people, *options)
    assert (done.exit_code, done.stdout) == (1, "2 added, 1 refused.\n"), done.output
    assert [task["name"] for task in office.tasks()] == ["Ann", "Eve"]
    assert office.tasks()[0]["variables"] == {"invoice": "7781"}
    refused = Path(f"{people}.refused.csv")
    assert str(refused) in done.stderr
    (row,) = csv.DictReader(io.StringIO(refused.read_text(encoding="utf-8")))
    assert row["name"] == "Bob"
    assert row["refused_because"].startswith("b_number: 'nobody'")

    mended = refused.read_text(encoding="utf-8").replace("nobody,Bob,51", "1,Bob,5")
    again = office.run("import", office.file(mended, "mended.csv"), *options)
    assert (again.exit_code, again.stdout) == (0, "1 added, 0 refused.\n"), again.output
    assert "refused_because" not in again.stderr


def test_more_than_a_batch_is_imported(office: Office) -> None:
    office.run("new", "q")
    rows = "".join(f"205,{number},205,@205\n" for number in range(1, 1203))
    people = office.file("a_number,b_number,x,extension_id\n" + rows.replace(",700,", ",-,"))
    done = office.run("import", people, "--queue", "1")
    assert done.stdout == "1201 added, 1 refused.\n", done.output
    assert "row 701: b_number: '-'" in done.stderr
    assert len(office.tasks()) == 1201


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--column", "b_number=Fon"), "'Fon' is no column of the file; there are: Phone, name"),
        (("--column", "number=Phone"), "--column number=Phone: NAME=VALUE was expected"),
        (("--encoding", "utf-7000"), "unknown encoding: utf-7000"),
        (("--set", "extension_id=77"), "row 2: extension_id: '77': the client has no such"),
        (("--set", "variables=7"), "row 2: variables: '7': a JSON object was expected"),
    ],
)
def test_a_file_that_cannot_be_read_adds_nothing(
    office: Office, options: tuple[str, ...], said: str
) -> None:
    office.run("new", "q")
    told = office.run("import", office.file(PEOPLE), *OPTIONS, *options)
    assert told.exit_code != 0
    assert said in told.stderr
    assert office.tasks() == []


def test_what_is_exported_can_be_imported(office: Office) -> None:
    office.run("new", "q")
    fields = {
        "name": 'Ann, "the" boss',
        "start_time_utc": "2030-03-02 07:00:00",
        "deadline_utc": "2030-03-03 07:00:00",
        "timezone": "Europe/Riga",
        "call_from": "09:00:00",
        "call_to": "17:30:00",
        "retry_causes": "a_busy b_busy",
        "backoff": "1.5",
        "attempts_src_ani_numbers": "1 2",
        "variables": '{"invoice": "7;81"}',
        "callback_params": '{"extended_a_numbers": ["206"], "allow_public_transfer": false}',
    }
    given = [part for name, value in fields.items() for part in ("--field", f"{name}={value}")]
    added = office.run("add", "1", "205", "206", "--extension", "@205", *given)
    assert added.exit_code == 0, added.output
    out = str(office.folder / "out.csv")
    assert office.run("export", "1", "-o", out).stderr == "1 tasks\n"
    assert office.run("export", "1").stdout == Path(out).read_text(encoding="utf-8")
    back = office.run("import", out, "--queue", "1")
    assert back.stdout == "1 added, 0 refused.\n", back.output
    one, two = office.tasks()
    differing = {name for name in one if one[name] != two[name]}
    assert differing <= {"id", "create_date_utc"}
    assert one["retry_causes"] == ["a_busy", "b_busy"]


def test_events_that_nobody_took_are_listed_and_sent_again(office: Office) -> None:
    assert office.run("webhooks").stderr == "Every event was taken.\n"
    assert office.run("webhooks", "--given-up").stderr == "No event was given up.\n"
    office.run("new", "q")
    hooks = (
        "--field",
        "url_before=http://x.example/b?k=1",
        "--field",
        "url_after=http://x.example/a",
    )
    office.run("add", "1", "205", "206", "--extension", "@205", *hooks)
    before, after = asyncio.run(write_events(office.door, office.account_id, 1, 1))
    outbox, at = office.door.outbox, office.door.clock.unix_time()
    for event_id, brought in ((before, TryResult(500, "")), (after, TryResult(None, "too slow"))):
        asyncio.run(outbox.event_given_up(event_id, at=at, failure=brought))

    first, second = office.run("webhooks").stdout.splitlines()
    assert first.split() == [before, "given_up", "1", *str(print_moment(at)).split(), SHOWN, "500"]
    assert second.endswith("  http://x.example/a  too slow")
    sent = office.run("redeliver", before)
    assert sent.stdout == f"{before} is sent again to {SHOWN}.\n", sent.output
    assert office.run("redeliver", "--all").stdout == "1 events are sent again.\n"
    assert office.run("webhooks", "--given-up").stdout == ""
    waiting = [json.loads(line) for line in office.run("webhooks", "--json").stdout.splitlines()]
    assert [(one["event_id"], one["state"]) for one in waiting] == [
        (before, "waiting"),
        (after, "waiting"),
    ]
    gone = office.run("redeliver", "evt_9")
    assert (gone.exit_code, "(status 404)" in gone.stderr) == (1, True)
    for odd in ((), (before, "--all")):
        assert office.run("redeliver", *odd).exit_code == 2


SHOWN = "http://x.example/b?..."


def test_the_commands_are_explained() -> None:
    told = CliRunner().invoke(program, ["schedule", "--help"])
    for word in ("import", "--dry-run", "dedup_key", "add-application"):
        assert word in told.stdout


def test_rows_that_recur_are_foreseen_then_added(office: Office) -> None:
    office.run("new", "q")
    rows = office.file(
        "b_number,start_time_utc,timezone,recurrence,recurrence_except\n"
        '+37120000001,2030-10-25 06:00:00,Europe/Riga,"FREQ=DAILY;BYDAY=FR,SA,SU,MO",2030-10-26\n'
        "+37120000002,2030-10-25 06:00:00,,FREQ=SOMETIMES,\n"
        "+37120000003,,,,\n"
    )
    options = ("--queue", "1", "--set", "a_number=205", "--set", "extension_id=@205")
    checked = office.run("import", rows, *options, "--dry-run")
    # Nine o'clock in Riga, where the clock is put back on 27 October.
    starts = "2030-10-25 06:00:00, 2030-10-27 07:00:00, 2030-10-28 07:00:00 UTC"
    said = f"row 2: {starts}\n2 would be added, 1 refused.\n"
    assert checked.stdout == said, checked.output
    assert "row 3: recurrence: FREQ=SOMETIMES: one of" in checked.stderr
    assert office.tasks() == []
    office.run("import", rows, *options)
    task, _ = office.tasks()
    assert (task["recurrence_except"], task["occurrence"]) == (["2030-10-26"], 1)
    exported = office.folder / "out.csv"
    office.run("export", "1", "-o", str(exported))
    with exported.open(newline="") as lines:
        row = next(csv.DictReader(lines))
    assert (row["recurrence"], row["recurrence_except"], row["recurrence_id"]) == (
        "FREQ=DAILY;BYDAY=FR,SA,SU,MO",
        "2030-10-26",
        str(task["id"]),
    )
    assert office.run("import", str(exported), "--queue", "1").exit_code == 0
    assert len(office.tasks()) == 4


def test_all_queues_are_paused_and_go_on(office: Office) -> None:
    paused = office.run("pause", "--reason", "holidays")
    assert paused.stdout == "The client's queues: paused.\n", paused.output
    again = json.loads(office.run("pause", "--json").stdout)
    assert (again["status"], again["reason"], again["paused_by"]) == ("paused", "", "client")
    assert office.run("resume").stdout == "The client's queues: on.\n"
