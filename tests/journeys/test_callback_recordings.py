"""Callbacks that are recorded: who said what is in the file, and the history outlives its task."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.sim.baresip import Baresip
from tests.sim.callbacks import CallbackClient
from tests.sim.installation import Installation
from tests.sim.page_server import Answer, PageServer
from tests.sim.site import Site, open_site
from tests.sim.sound import samples_of, seconds_of

pytestmark = pytest.mark.journey

ANN_HZ, BEN_HZ = 700, 1100
ENDS_WITHIN: Final = 60.0
"""Seconds; a bound, never waited out."""
LOOK_INTERVAL: Final = 0.1
SOME_SOUND: Final = 4000
"""Bytes: a header, and more than two tenths of a second of both sides."""
PERIOD = {"start_datetime": "2000-01-01 00:00:00", "end_datetime": "2100-01-01 00:00:00"}


@dataclass(frozen=True, slots=True)
class Office:
    """Ann, whose callbacks are recorded, and Ben, whose are not, with their phones."""

    site: Site
    client: CallbackClient
    ann: int
    ben: int
    phones: tuple[Baresip, Baresip]

    def called_back(self, name: str, extension: int, **fields: object) -> dict[str, Any]:
        """Have Ann and Ben talk until Ben hangs up; returns the task."""
        self.site.pages.page(f"/{name}/success", Answer())
        self.site.pages.page(f"/{name}/after", Answer())
        queue_id = self.client.queue(name=name)
        urls = {
            "url_success": self.site.pages.url(f"/{name}/success"),
            "url_after": self.site.pages.url(f"/{name}/after"),
        }
        wish = {"a_number": "200", "b_number": "201", "extension_id": extension} | urls | fields
        of_ann, of_ben = self.phones
        self.client.add(queue_id, wish)
        self.site.pages.wait_for(f"/{name}/success")
        for key in "42":
            of_ann.press(key)
            assert of_ben.wait_for("CALL_DTMF_START")["param"] == key
        of_ben.hang_up()
        of_ann.wait_for("CALL_CLOSED")
        task: dict[str, Any] = self.site.pages.wait_for(f"/{name}/after").info["task"]
        assert task["finish_result"] == "success"
        return task

    def call(self, task: dict[str, Any]) -> dict[str, Any]:
        """Return the call of a task."""
        reply = self.client.request("GET", f"/call_history/{task['cdr']}")
        assert reply.status == 200, reply.body
        call: dict[str, Any] = reply.json
        return call

    def part_to_ben(self, task: dict[str, Any]) -> dict[str, Any]:
        """Return the part of a task's call that called Ben."""
        [part] = [one for one in self.call(task)["cdr"] if one["dest_number"] == "201"]
        found: dict[str, Any] = part
        return found


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_site(tmp_path_factory.mktemp("office")) as site:
        client = CallbackClient(site.account)
        ann = client.make(
            "/extension/", name="200", destination="sip:ann@example.com", record_calls=True
        )
        ben = client.extension("Ben", "201", "sip:ben@example.com")
        with site.phone("ann", hertz=ANN_HZ) as of_ann, site.phone("ben", hertz=BEN_HZ) as of_ben:
            yield Office(site, client, ann["id"], ben, (of_ann, of_ben))


def test_both_sides_are_in_the_recording_of_a_callback(office: Office) -> None:
    task = office.called_back("recorded", office.ann)
    part = office.part_to_ben(task)
    record = f"/record/{part['record_uuid']}"
    known = office.client.request("GET", record).json
    assert (known["call_uuid"], known["extension_id"]) == (task["cdr"], office.ann)
    sound = office.client.request("GET", f"{record}/file")
    assert (sound.status, len(sound.body)) == (200, known["size"])
    assert part["record_file_size"] == known["size"]
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        path = Path(file.name)
        path.write_bytes(sound.body)
        said, heard = (samples_of(path, channel=channel) for channel in (1, 2))
    assert len(said) == len(heard) == pytest.approx(known["duration"] * 8000, abs=80)
    assert seconds_of(said, BEN_HZ) >= 0.3
    assert seconds_of(heard, ANN_HZ) >= 0.3
    assert seconds_of(said, ANN_HZ) == seconds_of(heard, BEN_HZ) == 0
    listed = office.client.request("GET", "/record/", None, **PERIOD).json
    assert [one["record_uuid"] for one in listed] == [part["record_uuid"]]
    assert office.client.request("DELETE", record).status == 204
    assert office.part_to_ben(task)["record_uuid"] is None
    assert not office.site.media(known["filename"]).exists()


@pytest.mark.parametrize(
    ("name", "of_ann", "fields", "is_recorded"),
    [
        ("wished", False, {"record": True}, True),
        ("not-wished", True, {"record": False}, False),
        ("plain", False, {}, False),
    ],
)
def test_the_task_has_the_say(
    office: Office,
    name: str,
    of_ann: bool,  # noqa: FBT001 - columns of the table
    fields: dict[str, object],
    is_recorded: bool,  # noqa: FBT001
) -> None:
    task = office.called_back(name, office.ann if of_ann else office.ben, **fields)
    assert task.get("record") == fields.get("record")
    assert (office.part_to_ben(task)["record_uuid"] is not None) is is_recorded


def test_the_history_of_a_call_outlives_task_queue_and_extension(office: Office) -> None:
    extension = office.client.extension("Cid", "202")
    task = office.called_back("outlived", extension)
    before = office.call(task)
    assert (before["result"], before["hangup_disposition"]) == ("bridged", "callee_bye")
    assert [one["dest_number"] for one in before["cdr"]] == ["200", "201"]
    queue = f"/task_scheduler/{task['scheduler_id']}"
    for path in (f"{queue}/task/{task['id']}", queue, f"/extension/{extension}"):
        assert office.client.request("DELETE", path).status == 204
        assert office.call(task) == before
    listed = office.client.request("GET", "/call_history/", None, **PERIOD).json["call_history"]
    assert before in listed


def test_a_recording_that_a_crash_cut_is_kept_as_far_as_it_went(tmp_path: Path) -> None:
    with PageServer() as pages:
        pages.page("/success", Answer())
        pages.page("/after", Answer())
        cloud = Installation(tmp_path / "data")
        client = begun_before_the_crash(cloud, pages)
        recordings = cloud.data / "media"
        give_up_at = time.monotonic() + ENDS_WITHIN
        while not any(one.stat().st_size > SOME_SOUND for one in recordings.rglob("*.wav")):
            assert time.monotonic() < give_up_at, "nothing was recorded"
            time.sleep(LOOK_INTERVAL)
        cloud.kill()
        cloud.start()
        task = pages.wait_for("/after").info["task"]
        assert task["finish_result"] == "success"
        call = client.request("GET", f"/call_history/{task['cdr']}").json
        [part] = [one for one in call["cdr"] if one["record_uuid"] is not None]
        record = f"/record/{part['record_uuid']}"
        known = client.request("GET", record).json
        sound = client.request("GET", f"{record}/file").body
        assert cloud.stop() == 0
    cut = tmp_path / "cut.wav"
    cut.write_bytes(sound)
    assert len(sound) == known["size"] == part["record_file_size"] > SOME_SOUND
    for channel in (1, 2):
        assert len(samples_of(cut, channel=channel)) == round(known["duration"] * 8000)


def begun_before_the_crash(cloud: Installation, pages: PageServer) -> CallbackClient:
    """Have a recorded callback begin whose parties talk by now."""
    cloud.start()
    client = CallbackClient(cloud.create_account("bob@example.com"))
    extension = client.extension("Desk", "200", "sip:hello@example.com")
    wish = {
        "a_number": "200",
        "b_number": "443069990102",
        "extension_id": extension,
        "record": True,
        "url_success": pages.url("/success"),
        "url_after": pages.url("/after"),
    }
    client.add(client.queue(), wish)
    pages.wait_for("/success")
    return client
