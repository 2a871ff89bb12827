"""Events of extensions from the registration to a real web server, on the carrier in a box."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

import pytest

from tests.sim.callbacks import CallbackClient
from tests.sim.installation import Installation
from tests.sim.page_server import Answer, Asked, PageServer

pytestmark = pytest.mark.journey

TYPES: Final = ("dial-in", "dial-out", "answer", "hangup", "voicemail")
HANGS_UP, BUSY, REJECTS = "443069990101", "443069990186", "443069990103"
HUMAN, NO_ANSWER = "443069990102", "443069990180"


@dataclass(frozen=True, slots=True)
class Office:
    """Three extensions of one client, each with a path of its own that is told of everything."""

    client: CallbackClient
    extensions: dict[str, int]
    pages: PageServer
    queue_id: int

    def call(self, of: str, numbers: tuple[str, str], **fields: object) -> tuple[int, list[Asked]]:
        """Have a callback made; return its task's id and what was told until it was finished."""
        before = len(self.pages.asked)
        a_number, b_number = numbers
        task = {"a_number": a_number, "b_number": b_number, "extension_id": self.extensions[of]}
        urls = {"url_after": self.pages.url("/after")}
        done = self.pages.paths().count("/after") + 1
        [task_id] = self.client.add(self.queue_id, task | urls | fields)
        self.pages.wait_for("/after", times=done)
        return task_id, self.pages.asked[before:]

    def calls_told(self, came: list[Asked], hangups: int) -> list[dict[str, str]]:
        """Return the forms that came, as soon as all calls have their hang-up."""
        seen = len(self.pages.asked) - len(came)

        def ends() -> int:
            return sum(form_of(one).get("EventType") == "hangup" for one in self.pages.asked[seen:])

        self.pages.wait_until(lambda: ends() >= hangups)
        return [form_of(one) for one in self.pages.asked[seen:] if one.path != "/after"]


def form_of(asked: Asked) -> dict[str, str]:
    """Read a form, wherever it was; with the extension that was told, and how."""
    if asked.path == "/after":
        return {}
    form = dict(asked.query) if asked.method == "GET" else dict(parse_qsl(asked.body.decode()))
    return {"to": asked.path.strip("/"), "by": asked.method, **form}


def line_of(form: dict[str, str]) -> str:
    names = ("to", "by", "EventType", "CallFlow", "CalledNumber", "CallStatus")
    return " ".join(form[name] for name in names)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with PageServer() as pages, Installation(tmp_path_factory.mktemp("office") / "data") as cloud:
        account = cloud.create_account("bob@example.com")
        cloud.command("caller-id", "add", "bob@example.com", "441908273801")
        client = CallbackClient(account)
        pages.page("/after", Answer())
        extensions = {}
        for number, user in (("200", "hello"), ("201", "human"), ("202", "noanswer")):
            extensions[number] = client.extension(
                f"Ext {number}", number, f"sip:{user}@example.com"
            )
            pages.page(f"/{number}", Answer())
            for event in TYPES:
                client.register_event(
                    extensions[number],
                    url=pages.url(f"/{number}"),
                    event_type=event,
                    method="GET" if number == "202" else "POST",
                )
        yield Office(client, extensions, pages, client.queue(concurrent_task_limit=1))


def test_several_a_numbers_ring_and_everybody_is_told_of_his_calls(office: Office) -> None:
    task_id, came = office.call(
        "200", ("202", HANGS_UP), callback_params={"extended_a_numbers": ["201"]}
    )
    forms = office.calls_told(came, 5)
    assert sorted(map(line_of, forms[:4])) == [
        "200 POST dial-out out 201 CALLING",
        "200 POST dial-out out 202 CALLING",
        "201 POST dial-in in 201 CALLING",
        "202 GET dial-in in 202 CALLING",
    ]
    assert [line_of(form) for form in forms[4:11]] == [
        "200 POST answer out 201 ANSWER",
        "201 POST answer in 201 ANSWER",
        "200 POST hangup out 202 CANCEL",
        "202 GET hangup in 202 CANCEL",
        f"200 POST dial-out out {HANGS_UP} CALLING",
        f"200 POST answer out {HANGS_UP} ANSWER",
        f"200 POST hangup out {HANGS_UP} ANSWER",
    ]
    assert [line_of(form) for form in forms[11:]] == [
        "200 POST hangup out 201 ANSWER",
        "201 POST hangup in 201 ANSWER",
    ]
    call_uuid = office.client.task(office.queue_id, task_id)["cdr"]
    assert {form["CallID"] for form in forms} == {call_uuid}
    assert {form["CallBackID"] for form in forms} == {str(task_id)}
    assert {form["CallerIDNum"] for form in forms} == {"441908273801"}
    assert {form["CallerIDName"] for form in forms} == {"Ext 200"}
    parts = {(form["CalledNumber"], form["SubCallID"]) for form in forms}
    assert len(parts) == 3
    assert {form["CallerExtension"].partition("@")[0] for form in forms} == {"0001*200"}
    called = {
        (form["CalledNumber"], form.get("CalledExtension", "").partition("@")[0]) for form in forms
    }
    assert called == {("201", "0001*201"), ("202", "0001*202"), (HANGS_UP, "")}
    remote = {form.get("RemoteNumber") for form in forms if form["CallFlow"] == "in"}
    assert remote == {HANGS_UP}
    ends = {
        (form["CalledNumber"], form["Bridged"], form["Duration"] in {"0", "1", "2", "3"})
        for form in forms
        if form["EventType"] == "hangup"
    }
    assert ends == {("201", "yes", True), ("202", "no", True), (HANGS_UP, "yes", True)}


@pytest.mark.parametrize(("number", "status"), [(BUSY, "BUSY"), (REJECTS, "BUSY")])
def test_an_extension_that_calls_itself_first_is_told_of_b_alone(
    office: Office, number: str, status: str
) -> None:
    _, came = office.call("200", ("200", number))
    forms = office.calls_told(came, 1)
    assert [line_of(form) for form in forms] == [
        f"200 POST dial-out out {number} CALLING",
        f"200 POST hangup out {number} {status}",
    ]
    assert "CallBackID" not in forms[0]
    assert (forms[1]["Bridged"], forms[1]["Duration"]) == ("no", "0")


def test_a_call_between_extensions_goes_out_for_one_and_comes_in_for_the_other(
    office: Office,
) -> None:
    task_id, came = office.call(
        "200", ("200", "201"), callback_params={"call_duration": 1}, record=True
    )
    forms = office.calls_told(came, 2)
    assert [line_of(form) for form in forms] == [
        "200 POST dial-out out 201 CALLING",
        "201 POST dial-in in 201 CALLING",
        "200 POST answer out 201 ANSWER",
        "201 POST answer in 201 ANSWER",
        "200 POST hangup out 201 ANSWER",
        "201 POST hangup in 201 ANSWER",
    ]
    assert {form.get("RemoteNumber") for form in forms} == {None}
    assert {form["Bridged"] for form in forms[4:]} == {"yes"}
    call = office.client.task(office.queue_id, task_id)["cdr"]
    (part,) = office.client.request("GET", f"/call_history/{call}").json["cdr"]
    assert {form["RecID"] for form in forms[4:]} == {part["record_uuid"]}


def test_a_call_that_died_with_its_server_has_its_hangup(tmp_path: Path) -> None:
    with PageServer() as pages:
        cloud = Installation(tmp_path / "data")
        cloud.start()
        account = cloud.create_account("bob@example.com")
        client = CallbackClient(account)
        desk = client.extension("Desk", "200", "sip:hello@example.com")
        for event in TYPES:
            path = f"/{event}"
            pages.page(path, Answer())
            client.register_event(desk, url=pages.url(path), event_type=event, method="POST")
        talks = {"a_number": "200", "b_number": HUMAN, "extension_id": desk}
        rings = talks | {"b_number": NO_ANSWER}
        client.add(client.queue(concurrent_task_limit=2), talks, rings)
        pages.wait_for("/dial-out", times=2)
        pages.wait_for("/answer")
        cloud.kill()
        assert "/hangup" not in pages.paths()
        cloud.start()
        pages.wait_for("/hangup", times=2)
        assert cloud.stop() == 0
    told = [dict(parse_qsl(one.body.decode())) for one in pages.asked]
    ends = {
        form["CalledNumber"]: (form["CallStatus"], "Duration" in form)
        for form in told
        if form["EventType"] == "hangup"
    }
    assert ends == {HUMAN: ("ANSWER", False), NO_ANSWER: ("CONGESTION", False)}
    parts = [
        (form["SubCallID"], form["EventType"]) for form in told if form["EventType"] != "answer"
    ]
    assert len(set(parts)) == len({part for part, _ in parts}) * 2, "each dial has its hangup"
