"""The commands that speak to a server, over real HTTP against the real front door."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callwright.cli.main import program
from callwright.domain.causes import HUNG_UP_BY_THEM
from callwright.domain.clock import UnixTime
from callwright.domain.facts import CallAnswered, CallPlaced, InstanceStopped, StartRefused
from callwright.domain.ids import CallId, InstanceId
from callwright.domain.records import Adr, CallDirection, Cdr, InstanceRecord
from callwright.queue.ports import Claim, Intent
from tests.sim.front_door import CLOUD_ID, PASSWORD, FrontDoor
from tests.sim.served import Served, served

INSTANCE, CALL = InstanceId("049136ca36e44662.1"), CallId("049136ca36e44662.1.7")
AT = UnixTime(1366641192.0)


def run(server: Served, *arguments: str) -> Result:
    environment = {
        "CALLWRIGHT_SERVER": server.url,
        "CALLWRIGHT_CLOUD_ID": CLOUD_ID,
        "CALLWRIGHT_USERNAME": server.customer.account.username,
        "CALLWRIGHT_KEY": server.customer.key,
    }
    return CliRunner().invoke(program, arguments, env=environment)


async def claim(door: FrontDoor) -> Claim:
    [waiting] = await door.queue.waiting()
    [claimed] = await door.queue.claim(waiting.service_id, limit=1, at=AT)
    return claimed


async def answer(door: FrontDoor) -> None:
    """Place the call, let it be answered, and end it."""
    start = await claim(door)
    await door.queue.intend(Intent(start.ref, INSTANCE, CALL, AT))
    placed = CallPlaced(AT, CALL, "tel:443069990123", "443069999876@sip", "sim")
    door.facts.tell_of(start.account_id, start.ref, placed)
    door.facts.tell_of(start.account_id, start.ref, CallAnswered(AT, CALL))
    adr = Adr(INSTANCE, start.ref, "s", started_at=AT, stopped_at=UnixTime(AT + 2), exit_status=0)
    cdr = Cdr(
        CALL,
        "tel:443069990123",
        "443069999876@sip",
        CallDirection.OUT,
        "p",
        initiated_at=AT,
        connected_at=UnixTime(AT + 1),
        hung_up_at=UnixTime(AT + 2),
        joined=0.0,
        cause=HUNG_UP_BY_THEM,
    )
    record = InstanceRecord(adr, (cdr,))
    await door.queue.finish(start.ref, exit_status=0, record=record, at=AT)
    door.facts.tell_of(start.account_id, start.ref, InstanceStopped(AT, 0))


async def refuse(door: FrontDoor) -> None:
    """Refuse the call before it is placed."""
    start = await claim(door)
    await door.queue.refuse(start.ref, reason="Service does not exist", at=AT)
    door.facts.tell_of(start.account_id, start.ref, StartRefused(AT, "Service does not exist"))


def test_a_call_is_followed_from_its_start_to_its_records(tmp_path: Path) -> None:
    with served(tmp_path, on_wake=answer) as server:
        result = run(server, "call", "start", "s", "443069990123", "--from", "443069999876")

    assert result.exit_code == 0, result.output
    kinds = [line[14:30].strip() for line in result.output.splitlines()[:4]]
    assert kinds == ["queued", "call placed", "answered", "instance stopped"]
    assert f"Application instance {INSTANCE}" in result.output
    assert "ended        2013-04-22_14:33:14, NORMAL(200)" in result.output


def test_programs_get_one_object_a_line(tmp_path: Path) -> None:
    with served(tmp_path, on_wake=answer) as server:
        result = run(server, "call", "start", "s", "sip:bob@acompany.com", "--json")

    events = [json.loads(line) for line in result.output.splitlines()]
    assert [event["event"] for event in events][-2:] == ["instance_stopped", "records"]
    assert events[-1]["cdrs"][CALL]["hangup_cause"] == "NORMAL(200)"


def test_a_call_that_could_not_run_is_a_failure(tmp_path: Path) -> None:
    with served(tmp_path, on_wake=refuse) as server:
        result = run(server, "call", "start", "s", "sip:bob@acompany.com")

    assert result.exit_code == 1
    assert "could not run    Service does not exist" in result.output
    assert "couldnotrun Service does not exist" in result.stderr


async def stop(door: FrontDoor) -> None:
    """End all live streams, as a server does that is asked to stop."""
    door.doors.live.close()


def test_a_server_that_stops_meanwhile_is_no_end_of_the_call(
    tmp_path: Path,
) -> None:
    with served(tmp_path, on_wake=stop) as server:
        result = run(server, "call", "start", "s", "sip:bob@acompany.com")

    assert result.exit_code == 1
    assert "the call is queued" in result.stderr
    assert "callwright call status" in result.stderr


def test_a_call_that_is_not_followed_is_asked_about_and_cancelled(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        started = run(server, "call", "start", "s", "sip:b@a", "--no-follow", "--json")
        ref = json.loads(started.output)["service_ref"]
        queued = run(server, "call", "status", ref, "nobody's")
        cancelled = run(server, "call", "cancel", ref, "--json")
        status = run(server, "call", "status", ref, "--json")

    assert queued.output.splitlines() == [f"{ref}  queued", "nobody's  unknown"]
    assert json.loads(cancelled.output) == {ref: "success"}
    assert json.loads(status.output)[ref]["status"] == "cancelled"


def test_records_are_asked_for_by_instance(tmp_path: Path) -> None:
    with served(tmp_path, on_wake=answer) as server:
        run(server, "call", "start", "s", "sip:bob@acompany.com")
        record = run(server, "call", "record", INSTANCE, "--json")
        unknown = run(server, "call", "record", "unknown")

    assert json.loads(record.output)["adr"]["application_instance_id"] == INSTANCE
    assert unknown.exit_code == 1
    assert unknown.stderr == "Error: The application instance does not exist (status 404)\n"


@pytest.mark.parametrize(
    ("to", "text"), [("12345", "'12345' is not a telephone number"), ("443069990123", "from is")]
)
def test_what_the_server_refuses_is_told_in_its_words(tmp_path: Path, to: str, text: str) -> None:
    with served(tmp_path) as server:
        result = run(server, "call", "start", "s", to)

    assert result.exit_code == 1
    assert text in result.stderr


def test_a_service_is_written_and_shown(tmp_path: Path) -> None:
    file = tmp_path / "service.json"
    file.write_text('{"description": "from a file", "service_password": "old"}')
    with served(tmp_path / "data") as server:
        written = run(
            server,
            *("service", "write", "reminder", "--first-page", "http://127.0.0.1:9000/first"),
            *("--final-page", "http://127.0.0.1:9000/final", "--password", PASSWORD),
            *("--file", str(file)),
        )
        shown = run(server, "service", "show", "reminder")
        unknown = run(server, "service", "show", "nobody's")

    configuration = json.loads(shown.stdout)
    assert json.loads(written.stdout) == configuration
    assert written.stderr == "reminder was created.\n"
    assert (configuration["description"], configuration["application_type"]) == (
        "from a file",
        "REST",
    )
    assert configuration["service_password"] == PASSWORD
    assert configuration["rest"]["final_page"]["address"] == "http://127.0.0.1:9000/final"
    assert "The service name does not exist" in unknown.stderr


def test_a_service_gets_a_password_when_none_is_given(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        written = run(server, "service", "write", "r", "--first-page", "http://127.0.0.1:9000/")

    assert len(json.loads(written.stdout)["service_password"]) == 16


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("service", "write", "s"), "--first-page URL"),
        (("service", "write", "s", "--file", "no-such-file"), "does not exist"),
        (("service", "write", "s", "--first-page", "x"), "is too short"),
    ],
)
def test_wrong_services_are_refused_with_advice(
    tmp_path: Path, arguments: tuple[str, ...], text: str
) -> None:
    with served(tmp_path) as server:
        result = run(server, *arguments)

    assert result.exit_code != 0
    assert text in result.stderr


@pytest.mark.parametrize("missing", ["CALLWRIGHT_USERNAME", "CALLWRIGHT_KEY"])
def test_who_does_not_say_who_he_is_is_told_how(missing: str) -> None:
    environment = {"CALLWRIGHT_USERNAME": "a@b.c", "CALLWRIGHT_KEY": "key"} | {missing: ""}

    result = CliRunner().invoke(program, ["call", "status", "1"], env=environment)

    assert result.exit_code == 2
    assert missing in result.stderr
    assert "callwright account create" in result.stderr


def test_a_server_that_is_not_there_is_named() -> None:
    credentials = ("--username", "a@b.c", "--key", "key")
    result = CliRunner().invoke(
        program, ["call", "status", "1", "--server", "http://127.0.0.1:1", *credentials]
    )

    assert result.exit_code == 1
    assert "http://127.0.0.1:1" in result.stderr
    assert "callwright serve" in result.stderr
