"""Files by their names: listed, deleted, renamed."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from callwright.domain.clock import UnixTime, print_datetime
from tests.sim.file_stores import wav
from tests.sim.front_door import Customer, FrontDoor, at_the_door
from tests.sim.multipart import FORM, form_of

NAMES = ["a.wav", "fax/1.tif", "prompts/a.wav", "prompts/b.WAV"]


def put(root: Path, bob: Customer, *names: str, file_type: str = "media") -> Path:
    """Lay files into an account's folder."""
    folder = root / file_type / str(bob.account.account_id)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(wav() if name.lower().endswith("wav") else b"II*\0")
    return folder


def test_files_are_listed(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        folder = put(tmp_path, bob, *NAMES)
        listed = (await bob.get("/file_list", filetype="media")).json
        assert sorted(listed) == NAMES
        made = UnixTime((folder / "a.wav").stat().st_mtime)
        shown = {"size": len(wav()), "created_date": print_datetime(made), "encrypted": "false"}
        assert listed["a.wav"] == shown
        some = (await bob.get("/file_list", filetype="media", prefix="prompts/")).json
        assert sorted(some) == NAMES[2:]
        one = (await bob.get("/file_list", filetype="media", filename="a.wav")).json
        assert one == {"a.wav": shown}
        none = await bob.get("/file_list", filetype="media", filename="b.wav")
        assert (none.status, none.text) == (404, "the file b.wav does not exist")

    at_the_door(tmp_path, story)


def test_nobody_has_files_at_first(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        for file_type in ("media", "msg_media", "rest"):
            assert (await bob.get("/file_list", filetype=file_type)).body == b"{}"

    at_the_door(tmp_path, story)


def test_a_large_store_is_listed_whole(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        names = [f"{number}.tif" for number in range(700)]
        put(tmp_path, bob, *names, file_type="msg_media")
        listed = (await bob.get("/file_list", filetype="msg_media")).json
        assert sorted(listed) == sorted(names)

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("prefix", ["../", "/", "a//", "ä", "x" * 256])
def test_a_prefix_that_no_name_has_is_refused(tmp_path: Path, prefix: str) -> None:
    async def story(door: FrontDoor) -> None:
        reply = await (await door.customer()).get("/file_list", filetype="media", prefix=prefix)
        assert (reply.status, reply.code, "begins no file name" in reply.text) == (
            400,
            "0002",
            True,
        )

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("how", ["query", "form", "multipart"])
def test_files_are_deleted_and_each_is_answered_for(tmp_path: Path, how: str) -> None:
    async def story(door: FrontDoor) -> None:
        bob, ann = await door.customer(), await door.customer("ann@example.com")
        put(tmp_path, bob, *NAMES)
        put(tmp_path, ann, "b.wav")
        parts = [("filetype", "media"), *[("filename", one) for one in ("a.wav", "b.wav", "a.wav")]]
        urlencoded = {"content-type": "application/x-www-form-urlencoded"}
        method, target, body, headers = {
            "query": ("GET", f"/file_delete?{urlencode(parts)}", b"", {}),
            "form": ("POST", "/file_delete", urlencode(parts).encode(), urlencoded),
            "multipart": ("POST", "/file_delete?filename=fax/1.tif", form_of(parts), FORM),
        }[how]
        reply = await bob.client.request(
            method, target, body=body, headers=bob.credentials | headers
        )
        assert reply.json == {"a.wav": "success", "b.wav": "unknown"}
        assert sorted((await bob.get("/file_list", filetype="media")).json) == NAMES[1:]
        assert list((await ann.get("/file_list", filetype="media")).json) == ["b.wav"]

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("query", "status", "code", "text"),
    [
        ("filetype=media", 400, "0001", "filename"),
        ("filetype=media&filename=", 400, "0001", "filename"),
        ("filename=a.wav", 400, "0001", "filetype"),
        ("filetype=media&filetype=media&filename=a.wav", 400, "0003", "filetype"),
        ("filetype=media&filename=a.wav&filename=../a.wav", 400, "0002", "'../a.wav'"),
        ("filetype=rest&filename=a.log", 403, "HTTP 403", "REST logs"),
        ("filetype=media" + "&filename=a.wav" * 100, 400, "0002", "more than 100"),
    ],
)
def test_a_wrong_request_deletes_nothing(
    tmp_path: Path, query: str, status: int, code: str, text: str
) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        put(tmp_path, bob, "a.wav")
        put(tmp_path, bob, "a.log", file_type="rest")
        reply = await bob.client.request("GET", f"/file_delete?{query}", headers=bob.credentials)
        assert (reply.status, reply.code, text in reply.text) == (status, code, True), reply.text
        assert list((await bob.get("/file_list", filetype="media")).json) == ["a.wav"]
        assert list((await bob.get("/file_list", filetype="rest")).json) == ["a.log"]

    at_the_door(tmp_path, story)


def test_a_file_is_renamed(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        put(tmp_path, bob, "a.wav")
        renaming = {"filetype": "media", "filename": "a.wav", "new_filename": "new/b.wave"}
        reply = await bob.get("/file_rename", **renaming)
        assert (reply.status, reply.json) == (200, {"filename": "new/b.wave"})
        assert list((await bob.get("/file_list", filetype="media")).json) == ["new/b.wave"]
        assert (await bob.get("/file_rename", **renaming)).status == 404

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("file_type", "old", "new", "status"),
    [
        ("media", "a.wav", "fax/1.tif", 400),
        ("media", "a.wav", "prompts/a.wav", 409),
        ("media", "a.wav", "a.wav", 409),
        ("media", "a.wav", "a.wav/b.wav", 409),
        ("media", "a.wav", "../b.wav", 400),
        ("media", "a.wav", "b.mp3", 400),
        ("media", "a.wav", "", 400),
        ("media", "none.wav", "b.wav", 404),
        ("rest", "a.log", "b.log", 403),
    ],
)
def test_a_wrong_name_changes_nothing(
    tmp_path: Path, file_type: str, old: str, new: str, status: int
) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        put(tmp_path, bob, *NAMES)
        put(tmp_path, bob, "a.log", file_type="rest")
        named = {"filetype": file_type, "filename": old, "new_filename": new}
        reply = await bob.get("/file_rename", **named)
        assert reply.status == status, reply.text
        assert sorted((await bob.get("/file_list", filetype="media")).json) == NAMES

    at_the_door(tmp_path, story)
