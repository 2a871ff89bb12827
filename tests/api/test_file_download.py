"""Downloads: the whole file, a part of it, or that the client has it."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.sim.asgi import Reply
from tests.sim.file_stores import wav
from tests.sim.front_door import Customer, FrontDoor, at_the_door

SOUND = wav(10_000)
QUERY = "filetype=media&filename=a.wav"


def asking(tmp_path: Path, story: Callable[[Customer, Path], Awaitable[None]]) -> None:
    """Run a story with a customer who has one file."""

    async def begin(door: FrontDoor) -> None:
        bob = await door.customer()
        path = tmp_path / "media" / str(bob.account.account_id) / "a.wav"
        path.parent.mkdir()
        path.write_bytes(SOUND)
        await story(bob, path)

    at_the_door(tmp_path, begin)


async def get(bob: Customer, method: str = "GET", **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await bob.client.request(method, f"/file_get?{QUERY}", headers=bob.credentials | named)


def test_a_file_is_sent_with_what_tells_its_version(tmp_path: Path) -> None:
    async def story(bob: Customer, path: Path) -> None:
        reply = await get(bob)
        assert (reply.status, reply.body) == (200, SOUND)
        assert reply.headers["content-type"] == "audio/wav"
        assert reply.headers["content-length"] == str(len(SOUND))
        assert reply.headers["accept-ranges"] == "bytes"
        assert reply.headers["cache-control"] == "private, no-cache"
        known = {"if_none_match": reply.headers["etag"]}
        again = await get(bob, **known)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == reply.headers["etag"]
        assert "content-length" not in again.headers
        path.with_name("b.wav").write_bytes(SOUND)
        path.with_name("b.wav").replace(path)
        assert (await get(bob, **known)).status == 200
        failed = await get(bob, if_match=reply.headers["etag"])
        assert (failed.status, "another version" in failed.text) == (412, True)

    asking(tmp_path, story)


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-43", 0, 44),
        ("bytes=44-", 44, len(SOUND)),
        ("bytes=-10", len(SOUND) - 10, len(SOUND)),
        ("bytes=100-99999999", 100, len(SOUND)),
    ],
)
def test_a_part_is_sent(tmp_path: Path, asked: str, start: int, end: int) -> None:
    async def story(bob: Customer, _: Path) -> None:
        reply = await get(bob, range=asked)
        assert (reply.status, reply.body) == (206, SOUND[start:end])
        assert reply.headers["content-range"] == f"bytes {start}-{end - 1}/{len(SOUND)}"
        assert reply.headers["content-length"] == str(end - start)
        etag = reply.headers["etag"]
        assert (await get(bob, range=asked, if_range=etag)).status == 206
        assert (await get(bob, range=asked, if_range='"x"')).status == 200

    asking(tmp_path, story)


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=0-1", "bytes=5-1", "bytes=0-"])
def test_other_ranges_are_answered_with_the_whole(tmp_path: Path, asked: str) -> None:
    async def story(bob: Customer, _: Path) -> None:
        reply = await get(bob, range=asked)
        assert (reply.status, reply.body) == (200, SOUND)

    asking(tmp_path, story)


def test_a_range_behind_the_end_is_refused_with_the_length(tmp_path: Path) -> None:
    async def story(bob: Customer, _: Path) -> None:
        reply = await get(bob, range="bytes=99999999-")
        assert (reply.status, reply.code) == (416, "HTTP 416")
        assert reply.headers["content-range"] == f"bytes */{len(SOUND)}"

    asking(tmp_path, story)


def test_head_tells_what_get_would(tmp_path: Path) -> None:
    async def story(bob: Customer, _: Path) -> None:
        whole, head = await get(bob), await get(bob, "HEAD")
        assert (head.status, head.body, head.headers) == (200, b"", whole.headers)
        part = await get(bob, "HEAD", range="bytes=0-9")
        assert (part.status, part.headers["content-length"], part.body) == (206, "10", b"")

    asking(tmp_path, story)


def test_a_post_is_answered_with_the_whole_file(tmp_path: Path) -> None:
    async def story(bob: Customer, _: Path) -> None:
        form = {"content-type": "application/x-www-form-urlencoded"}
        etag = (await get(bob)).headers["etag"]
        reply = await bob.client.request(
            "POST",
            "/file_get",
            body=QUERY.encode(),
            headers=bob.credentials | form | {"range": "bytes=0-1", "if-none-match": etag},
        )
        assert (reply.status, reply.body) == (200, SOUND)

    asking(tmp_path, story)


@pytest.mark.parametrize(
    ("query", "status", "code", "text"),
    [
        ("filetype=media&filename=b.wav", 404, "HTTP 404", "the file b.wav does not exist"),
        ("filetype=media&filename=a.wav/b.wav", 404, "HTTP 404", "does not exist"),
        ("filetype=msg_media&filename=a.wav", 404, "HTTP 404", "does not exist"),
        ("filetype=media&filename=../1/a.wav", 400, "0002", "'../1/a.wav'"),
        ("filetype=media&filename=%2e%2e/a.wav", 400, "0002", "'../a.wav'"),
        ("filetype=media", 400, "0001", "filename"),
        ("filename=a.wav", 400, "0001", "filetype"),
        ("filetype=Media&filename=a.wav", 400, "0002", "media, msg_media, rest"),
    ],
)
def test_what_is_not_there_is_told(
    tmp_path: Path, query: str, status: int, code: str, text: str
) -> None:
    async def story(bob: Customer, _: Path) -> None:
        reply = await bob.client.request("GET", f"/file_get?{query}", headers=bob.credentials)
        assert (reply.status, reply.code, text in reply.text) == (status, code, True), reply.text

    asking(tmp_path, story)


def test_nobody_reads_anothers_file(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob, ann = await door.customer(), await door.customer("ann@example.com")
        path = tmp_path / "media" / str(bob.account.account_id) / "a.wav"
        path.parent.mkdir()
        path.write_bytes(SOUND)
        assert (await get(bob)).status == 200
        assert (await get(ann)).status == 404

    at_the_door(tmp_path, story)


def test_a_rest_log_is_text(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        name = "2026/02/11/rest_09_30_02_7f31c2a90be4d816.40217.log"
        path = tmp_path / "rest" / str(bob.account.account_id) / name
        path.parent.mkdir(parents=True)
        path.write_text("first\n")
        reply = await bob.get("/file_get", filetype="rest", filename=name)
        assert (reply.body, reply.headers["content-type"]) == (
            b"first\n",
            "text/plain; charset=utf-8",
        )
        assert list((await bob.get("/file_list", filetype="rest", prefix="2026/02/")).json) == [
            name
        ]

    at_the_door(tmp_path, story)


def test_who_stops_reading_leaves_nothing_open(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        path = tmp_path / "media" / str(bob.account.account_id) / "a.wav"
        path.parent.mkdir()
        path.write_bytes(wav(1_000_000))
        target = f"/file_get?{QUERY}"
        async with door.client.stream(target, headers=bob.credentials) as stream:
            assert len(await stream.piece()) == 1 << 18
            stream.stop_reading()

    # A file that is left open is a warning, and that is an error here.
    at_the_door(tmp_path, story)
