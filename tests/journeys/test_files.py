"""Files of a real server: uploaded, played, replaced while they are heard, and very large ones."""

import hashlib
import http.client
import json
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sim.installation import Reply
from tests.sim.multipart import FORM, Part, form_of
from tests.sim.page_server import actions
from tests.sim.site import Site, open_site
from tests.sim.sound import make_tone, samples_of, seconds_of

pytestmark = pytest.mark.journey

OLD_HZ, NEW_HZ = 1000, 700
MIB = 1 << 20
RECORDED = {"call_recording": {"enabled": True}}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


def upload(site: Site, name: str, content: bytes, **said: str) -> Reply:
    parts: list[Part] = [("filetype", "media"), ("filename", name), *said.items()]
    return site.cloud.request(
        "POST",
        "/file_write",
        user=site.account.user,
        password=site.account.key,
        body=form_of([*parts, ("file", content)]),
        content_type=FORM["content-type"],
    )


def tone(folder: Path, hertz: int, seconds: float, *, rate: int = 8000) -> bytes:
    path = folder / f"{hertz}.wav"
    make_tone(path, hertz, seconds=seconds)
    other = folder / f"{rate}.wav"
    subprocess.run(["sox", str(path), "-r", str(rate), str(other)], check=True)
    return other.read_bytes()


def play(*names: str) -> dict[str, object]:
    return {"play": {"play_list": [{"file_to_play": name} for name in names]}}


def recorded(site: Site, service: str) -> list[int]:
    """Return what a call sounded like, once it is over, as its customer downloads it."""
    site.record(service)
    name = site.final(service)["this_call"]["call_recording_filename"]
    reply = site.account.get("/file_get", filetype="media", filename=name)
    assert reply.status == 200, reply.body
    path = site.folder / f"{service}.wav"
    path.write_bytes(reply.body)
    return samples_of(path)


def test_a_call_goes_on_with_the_file_it_began(site: Site, tmp_path: Path) -> None:
    # Large enough that a worker reads it from disk while it is heard, four seconds at a time.
    padding = b"JUNK" + struct.pack("<I", MIB) + bytes(MIB)
    old, new = (tone(tmp_path, hertz, 12) + padding for hertz in (OLD_HZ, NEW_HZ))
    assert upload(site, "long.wav", old).status == 200
    site.answers("replaced", actions(play("long.wav")), **RECORDED)
    with site.phone("replaced-a") as phone:
        site.call(phone, "replaced")
        site.wait_for("replaced", "action_started")
        assert upload(site, "long.wav", new).status == 200
        deleted = site.account.get("/file_delete", filetype="media", filename="long.wav")
        assert deleted.json == {"long.wav": "success"}
        heard = recorded(site, "replaced")

    assert seconds_of(heard, OLD_HZ) >= 11
    assert seconds_of(heard, NEW_HZ) == 0


def test_what_was_uploaded_is_heard_at_any_rate(site: Site, tmp_path: Path) -> None:
    assert upload(site, "eleven.wav", tone(tmp_path, OLD_HZ, 1.5, rate=11_025)).status == 200
    studio = tone(tmp_path, NEW_HZ, 1.5, rate=44_100)
    assert upload(site, "studio.wav", studio).status == 400
    assert upload(site, "studio.wav", studio, convert="true").status == 200
    site.answers("rates", actions(play("eleven.wav", "studio.wav")), **RECORDED)
    with site.phone("rates-a") as phone:
        site.call(phone, "rates")
        heard = recorded(site, "rates")

    assert seconds_of(heard, OLD_HZ) == pytest.approx(1.5, abs=0.3)
    assert seconds_of(heard, NEW_HZ) == pytest.approx(1.5, abs=0.3)


def test_the_rest_log_is_read_and_not_written(site: Site) -> None:
    site.answers("logged", actions())
    with site.phone("logged-a") as phone:
        site.call(phone, "logged")
        site.record("logged")
    name = site.instance("logged")["rest_log_filename"]
    assert name in site.account.get("/file_list", filetype="rest").json
    log = site.account.get("/file_get", filetype="rest", filename=name)
    assert log.body.decode() == site.rest_log("logged")
    assert site.account.get("/file_delete", filetype="rest", filename=name).status == 403


def test_a_hundred_megabytes_pass_through_and_not_into_memory(site: Site) -> None:
    size = 100 * MIB
    head = b"RIFF" + struct.pack("<I", size - 8) + b"WAVEfmt " + struct.pack("<I", 16)
    head += struct.pack("<HHIIHH", 1, 1, 8000, 16_000, 2, 16)
    head += b"data" + struct.pack("<I", size - 44)
    first, _, last = form_of(
        [("filetype", "media"), ("filename", "large.wav"), ("file", head + b"\xff\xfe")]
    ).partition(b"\xff\xfe")
    piece = bytes(MIB)
    before = peak_memory(site)

    connection = http.client.HTTPConnection(*site.cloud.http, timeout=60)
    length = str(len(first) + size - len(head) + len(last))
    headers = FORM | {"Authorization": site.account.authorization, "Content-Length": length}

    def body() -> Iterator[bytes]:
        yield first
        yield piece[: MIB - len(head)]
        for _ in range(99):
            yield piece
        yield last

    connection.request("POST", "/file_write", body(), headers)
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["size"]) == (200, size)

    target = "/file_get?filetype=media&filename=large.wav"
    connection.request("GET", target, headers={"Authorization": site.account.authorization})
    answer = connection.getresponse()
    assert answer.headers["content-length"] == str(size)
    digest = hashlib.sha256()
    while content := answer.read(MIB):
        digest.update(content)
    expected = hashlib.sha256(head + bytes(size - len(head)))
    assert digest.digest() == expected.digest()
    connection.close()

    assert peak_memory(site) - before < 30 * MIB


def test_more_than_the_limit_is_refused_before_it_is_sent(site: Site) -> None:
    connection = http.client.HTTPConnection(*site.cloud.http, timeout=60)
    connection.putrequest("POST", "/file_write")
    for name, value in FORM.items():
        connection.putheader(name, value)
    connection.putheader("Authorization", site.account.authorization)
    connection.putheader("Content-Length", str(102 * MIB))
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    answer.read()
    connection.close()


def peak_memory(site: Site) -> int:
    """The most memory that the control process ever had, in bytes."""
    status = Path(f"/proc/{site.cloud.pid}/status").read_text("ascii")
    [peak] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(peak.split()[1]) * 1024
