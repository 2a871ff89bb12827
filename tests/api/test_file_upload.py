"""Uploads: whole forms in any pieces, refusals by value, and nothing left behind."""

import asyncio
import resource
from collections.abc import Sequence
from pathlib import Path

import pytest
from starlette.types import Message

from tests.sim.asgi import Reply
from tests.sim.file_stores import left_over, wav
from tests.sim.front_door import UPLOAD_LIMIT, Customer, FrontDoor, at_the_door
from tests.sim.multipart import BOUNDARY, FORM, Part, form_of

WAV = {"filetype": "media", "filename": "prompts/a.wav"}


async def write(customer: Customer, *parts: Part, pieces: int = 0, query: str = "") -> Reply:
    """Send a form, whole or in pieces of so many bytes."""
    body = form_of(parts)
    sent = [body[at : at + pieces] for at in range(0, len(body), pieces)] if pieces else body
    return await customer.client.request(
        "POST", f"/file_write{query}", body=sent, headers=customer.credentials | FORM
    )


async def upload(customer: Customer, content: bytes = b"", **parameters: str) -> Reply:
    return await write(customer, *(WAV | parameters).items(), ("file", content or wav()))


@pytest.mark.parametrize("pieces", [0, 1, 7, 1000])
def test_a_file_is_written_in_whatever_pieces_it_comes(tmp_path: Path, pieces: int) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        reply = await write(bob, *WAV.items(), ("file", wav()), pieces=pieces)

        assert (reply.status, reply.json) == (
            200,
            {"filename": "prompts/a.wav", "size": len(wav())},
        )
        assert (await bob.get("/file_get", **WAV)).body == wav()
        assert left_over(tmp_path) == []

    at_the_door(tmp_path, story)


def test_the_file_may_come_first_and_parameters_in_the_query(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        assert (await write(bob, ("file", wav()), *WAV.items())).status == 200
        query = "?filetype=media&filename=other.wav"
        assert (await write(bob, ("file", wav()), query=query)).status == 200
        reply = await write(bob, ("filename", "third.wav"), ("file", wav()), query=query)
        assert reply.json["filename"] == "third.wav"
        listed = (await bob.get("/file_list", filetype="media")).json
        assert sorted(listed) == ["other.wav", "prompts/a.wav", "third.wav"]

    at_the_door(tmp_path, story)


SOUND = [("file", wav())]
REFUSED = [
    ([*WAV.items()], 400, "0001", "the part file is missing"),
    ([("filename", "a.wav"), *SOUND], 400, "0001", "filetype is missing"),
    ([("filetype", "media"), *SOUND], 400, "0001", "filename is missing"),
    ([("filetype", "music"), ("filename", "a.wav"), *SOUND], 400, "0002", "'music'"),
    ([("filetype", "media"), ("filename", "../a.wav"), *SOUND], 400, "0002", "'../a.wav'"),
    ([("filetype", "media"), ("filename", "a.mp3"), *SOUND], 400, "0002", "'a.mp3'"),
    ([("filetype", "media"), ("filename", "a\0.wav"), *SOUND], 400, "0002", "is no media"),
    ([("filetype", "rest"), ("filename", "a.log"), *SOUND], 403, "HTTP 403", "REST logs"),
    ([*WAV.items(), *WAV.items(), *SOUND], 400, "0003", "'filetype' appears more than once"),
    ([*WAV.items(), *SOUND, *SOUND], 400, "0003", "the part file appears more than once"),
    ([*WAV.items(), ("picture", b"x"), *SOUND], 400, "0002", "'picture' is a file"),
    ([*WAV.items(), ("encrypted", "yes"), *SOUND], 400, "0002", "encrypted is 'yes'"),
    ([*WAV.items(), ("encrypted", "TRUE"), *SOUND], 400, "0002", "is in clear"),
    ([*WAV.items(), ("encrypted", "true"), ("file", b"")], 400, "0002", "is empty"),
    ([*WAV.items(), ("convert", "true"), ("encrypted", "true"), *SOUND], 400, "0002", "convert"),
    ([*WAV.items(), ("file", b"ID3 an MP3 file")], 400, "0002", "expected a RIFF WAVE"),
    ([*WAV.items(), ("file", b"")], 400, "0002", "expected a RIFF WAVE"),
    ([("filetype", "media"), ("filename", "a.tif"), *SOUND], 400, "0002", "expected a TIFF"),
    ([*WAV.items(), *[("x", "1")] * 101, *SOUND], 400, "0002", "more than 100 parts"),
    ([*WAV.items(), ("x", "1" * (1 << 20)), *SOUND], 413, "HTTP 413", "1048576"),
    ([*WAV.items(), ("file", bytes(UPLOAD_LIMIT + 1))], 413, "HTTP 413", str(UPLOAD_LIMIT)),
]


@pytest.mark.parametrize(("parts", "status", "code", "text"), REFUSED)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    tmp_path: Path, parts: Sequence[Part], status: int, code: str, text: str
) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        reply = await write(bob, *parts)
        assert (reply.status, reply.code) == (status, code), reply.text
        assert text in reply.text
        for file_type in ("media", "msg_media", "rest"):
            assert (await bob.get("/file_list", filetype=file_type)).json == {}
        assert left_over(tmp_path) == []

    at_the_door(tmp_path, story)


def test_a_large_file_is_refused_before_it_came(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        told = {"content-length": str(1 << 40)}
        reply = await bob.client.request(
            "POST", "/file_write", headers=bob.credentials | FORM | told
        )
        assert (reply.status, reply.headers["connection"]) == (413, "close")
        assert (await upload(bob, wav(UPLOAD_LIMIT - 1000))).status == 200

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"filetype=media", "application/x-www-form-urlencoded", 415),
        (b"RIFF", "audio/wav", 415),
        (b"", "", 415),
        (b"x", "multipart/form-data", 400),
        (b"x", "multipart/form-data; boundary=" + "b" * 300, 400),
        (b"no form at all", f"multipart/form-data; boundary={BOUNDARY}", 400),
        (form_of(SOUND)[:-9], f"multipart/form-data; boundary={BOUNDARY}", 400),
        (b"--a-boundary\r\n\r\nno name\r\n--a-boundary--", FORM["content-type"], 400),
        (form_of([]).replace(b"--\r\n", b"\r\nA: " + b"b" * 9000), FORM["content-type"], 400),
        (form_of([("x", "é")]).replace(b"\xc3", b"\xff"), FORM["content-type"], 400),
        (form_of([("é", "")]).replace(b"\xc3", b"\xff"), FORM["content-type"], 400),
    ],
)
def test_what_is_no_form_is_refused(
    tmp_path: Path, body: bytes, content_type: str, status: int
) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        reply = await bob.client.request(
            "POST",
            "/file_write",
            body=body,
            headers=bob.credentials | {"content-type": content_type},
        )
        assert reply.status == status, reply.text
        assert left_over(tmp_path) == []

    at_the_door(tmp_path, story)


def test_a_rate_that_is_not_played_is_converted_when_that_is_asked(tmp_path: Path) -> None:
    studio = wav(44_100).replace((8000).to_bytes(4, "little"), (44_100).to_bytes(4, "little"))

    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        refused = await upload(bob, studio)
        assert (refused.status, refused.code) == (400, "0002")
        assert "44100 samples a second" in refused.text
        assert 'convert="true"' in refused.text
        kept = await upload(bob, studio, convert="True")
        assert kept.status == 200
        assert abs(kept.json["size"] - len(wav(8000))) < 10
        again = await upload(bob, convert="true")
        assert again.json["size"] == len(wav())
        stereo = wav().replace(b"\1\0\x40\x1f", b"\2\0\x40\x1f")
        assert "2 channels" in (await upload(bob, stereo, convert="true")).text
        assert left_over(tmp_path) == []

    at_the_door(tmp_path, story)


def test_an_encrypted_file_is_kept_as_it_is(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        sent = bytes(range(64))
        assert (await upload(bob, sent, encrypted="true")).status == 200
        assert (await bob.get("/file_list", **WAV)).json["prompts/a.wav"]["encrypted"] == "true"
        reply = await bob.get("/file_get", **WAV)
        assert (reply.body, reply.headers["content-type"]) == (sent, "application/octet-stream")

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("name", "said", "sent"),
    [
        ("cat.png", "image/x-cat", "image/x-cat"),
        ("cat.png", "", "image/png"),
        ("cat.j2x", "", "application/octet-stream"),
        ("cat.txt", 'text/plain; charset="utf-8"', 'text/plain; charset="utf-8"'),
    ],
)
def test_message_media_have_the_content_type_they_came_with(
    tmp_path: Path, name: str, said: str, sent: str
) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        cat = {"filetype": "msg_media", "filename": name}
        assert (await upload(bob, b"meow", **cat, contenttype=said)).status == 200
        reply = await bob.get("/file_get", **cat)
        assert (reply.body, reply.headers["content-type"]) == (b"meow", sent)
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["content-disposition"] == f'attachment; filename="{name}"'

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("said", ["image", "a/b\r\nX: y", "a/b; c", "é/é", "a/" + "b" * 300])
def test_what_is_no_content_type_is_refused(tmp_path: Path, said: str) -> None:
    async def story(door: FrontDoor) -> None:
        cat = {"filetype": "msg_media", "filename": "cat.png"}
        reply = await upload(await door.customer(), b"meow", **cat, contenttype=said)
        assert (reply.status, reply.code) == (400, "0002")
        assert "contenttype is" in reply.text

    at_the_door(tmp_path, story)


def test_message_media_are_not_encrypted(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        cat = {"filetype": "msg_media", "filename": "cat.png"}
        bob = await door.customer()
        for said in ({"encrypted": "true"}, {"convert": "true"}):
            reply = await upload(bob, b"meow", **cat, **said)
            assert (reply.status, reply.code) == (400, "0002")

    at_the_door(tmp_path, story)


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        assert (await upload(bob, filename="a.wav/b.wav")).status == 200
        reply = await upload(bob, filename="a.wav")
        assert (reply.status, "a.wav is a folder" in reply.text) == (409, True)

    at_the_door(tmp_path, story)


def test_a_full_disk_is_told_and_keeps_the_old_file(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        assert (await upload(bob)).status == 200
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))
        try:
            reply = await upload(bob, wav(UPLOAD_LIMIT - 1000))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert (reply.status, reply.code) == (507, "HTTP 507")
        assert (
            reply.text == "Insufficient Storage: there is no room for the file; nothing was changed"
        )
        assert (await bob.get("/file_get", **WAV)).body == wav()
        assert left_over(tmp_path) == []

    at_the_door(tmp_path, story)


def test_who_goes_away_leaves_nothing(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        body = form_of([*WAV.items(), ("file", wav(100_000))])
        messages: list[Message] = [
            {"type": "http.request", "body": body[:50_000], "more_body": True},
            {"type": "http.disconnect"},
        ]
        headers = [
            (name.encode(), value.encode()) for name, value in (bob.credentials | FORM).items()
        ]

        async def receive() -> Message:
            return messages.pop(0)

        async def send(_: Message) -> None:
            raise AssertionError("nobody is there to be answered")

        scope = {"type": "http", "method": "POST", "path": "/file_write", "query_string": b""}
        await door.client.app(scope | {"headers": headers}, receive, send)
        assert (await bob.get("/file_list", filetype="media")).json == {}
        assert left_over(tmp_path) == []

    at_the_door(tmp_path, story)


def test_many_uploads_of_one_name_leave_one_of_them(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        sounds = [wav(samples) for samples in range(100, 109)]
        replies = await asyncio.gather(*(upload(bob, sound) for sound in sounds))
        assert {reply.status for reply in replies} == {200}
        assert (await bob.get("/file_get", **WAV)).body in sounds
        assert left_over(tmp_path) == []

    at_the_door(tmp_path, story)
