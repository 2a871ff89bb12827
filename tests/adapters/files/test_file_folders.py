"""Files of accounts in folders: whole, durable, and nobody else's."""

import asyncio
import os
from pathlib import Path

import pytest

from callwright.adapters.files.file_folders import FileFolders
from callwright.domain.clock import UnixTime
from callwright.domain.file_names import BadFileName, file_name
from callwright.files.ports import FileEntry, NameTaken, UnknownFile
from tests.sim.file_stores import (
    ANN,
    BOB,
    MESSAGES,
    content_of,
    left_over,
    listed,
    media,
    wav,
    with_folders,
    written,
)


def test_what_is_written_can_be_read_by_its_account_alone(tmp_path: Path) -> None:
    async def story(store: FileFolders) -> None:
        name = media("a/b.wav")
        assert await written(store, name, wav()) == len(wav())
        assert await content_of(store, name) == wav()
        file = await store.open(ANN, name)
        assert [piece async for piece in file.pieces(4, 10)] == [wav()[4:10]]
        at = UnixTime((tmp_path / "media" / "1" / "a" / "b.wav").stat().st_mtime)
        assert await listed(store) == {"a/b.wav": FileEntry("a/b.wav", len(wav()), at, False)}
        assert await listed(store, by=BOB) == {}
        with pytest.raises(UnknownFile, match=r"a/b\.wav does not exist"):
            await store.open(BOB, name)
        assert left_over(tmp_path) == []

    with_folders(tmp_path, story)


def test_the_content_type_comes_with_the_file(tmp_path: Path) -> None:
    async def story(store: FileFolders) -> None:
        name, new_name = file_name(MESSAGES, "cat.png"), file_name(MESSAGES, "dog.png")
        await written(store, name, b"cat", said="image/x-cat")
        await store.rename(ANN, name, new_name)
        file = await store.open(ANN, new_name)
        assert file.content_type == "image/x-cat"
        file.close()
        await written(store, new_name, b"dog")
        file = await store.open(ANN, new_name)
        assert (file.content_type, file.entry.is_encrypted) == ("", False)
        file.close()

    with_folders(tmp_path, story)


@pytest.mark.parametrize(
    ("name", "content", "is_encrypted"),
    [
        ("a.wav", wav(), False),
        ("a.wav", b"RIFF----AVI ", True),
        ("a.wav", bytes(range(32)), True),
        ("a.wav", b"", False),
        ("a.tif", b"II*\0----", False),
        ("a.tif", b"MM\0*----", False),
        ("a.tif", wav(), True),
    ],
)
def test_an_encrypted_file_is_known_by_its_first_bytes(
    tmp_path: Path, name: str, content: bytes, *, is_encrypted: bool
) -> None:
    async def story(store: FileFolders) -> None:
        await written(store, media(name), content)
        assert (await listed(store))[name].is_encrypted is is_encrypted
        file = await store.open(ANN, media(name))
        assert file.entry.is_encrypted is is_encrypted
        file.close()

    with_folders(tmp_path, story)


def test_an_open_file_stays_as_it_is(tmp_path: Path) -> None:
    async def story(store: FileFolders) -> None:
        name = media("a.wav")
        await written(store, name, wav(800))
        old = await store.open(ANN, name)
        await written(store, name, wav(1600))
        new = await store.open(ANN, name)
        assert await store.delete(ANN, name)
        for file, samples in ((old, 800), (new, 1600)):
            found = [piece async for piece in file.pieces(0, file.entry.size_bytes)]
            assert b"".join(found) == wav(samples)
        assert old.tag != new.tag

    with_folders(tmp_path, story)


def test_two_uploads_of_one_name_leave_one_whole_file(tmp_path: Path) -> None:
    async def story(store: FileFolders) -> None:
        name = media("new/a.wav")
        contents = [bytes([number]) * 300_000 for number in range(8)]
        await asyncio.gather(*(written(store, name, content) for content in contents))
        assert await content_of(store, name) in contents
        assert list(await listed(store)) == ["new/a.wav"]
        assert left_over(tmp_path) == []

    with_folders(tmp_path, story)


@pytest.mark.parametrize(("taken", "name"), [("a.wav/b.wav", "a.wav"), ("a.wav", "a.wav/b.wav")])
def test_a_name_is_a_files_or_a_folders(tmp_path: Path, taken: str, name: str) -> None:
    async def story(store: FileFolders) -> None:
        await written(store, media(taken), wav())
        await written(store, media("c.wav"), wav(1600))
        with pytest.raises(NameTaken, match=r"a\.wav"):
            await written(store, media(name), wav())
        with pytest.raises(NameTaken, match=r"a\.wav"):
            await store.rename(ANN, media("c.wav"), media(name))
        assert sorted(await listed(store)) == sorted([taken, "c.wav"])
        with pytest.raises(UnknownFile):
            await store.open(ANN, media(name))
        assert not await store.delete(ANN, media(name))
        # A folder without files is none.
        assert await store.delete(ANN, media(taken))
        await store.rename(ANN, media("c.wav"), media(name))
        await written(store, media(name), wav())
        assert list(await listed(store)) == [name]
        assert left_over(tmp_path) == []

    with_folders(tmp_path, story)


def test_a_file_is_renamed_and_keeps_its_date(tmp_path: Path) -> None:
    async def story(store: FileFolders) -> None:
        await written(store, media("a.wav"), wav())
        before = (await listed(store))["a.wav"]
        await store.rename(ANN, media("a.wav"), media("deep/er/b.wav"))
        after = await listed(store)
        assert list(after) == ["deep/er/b.wav"]
        assert after["deep/er/b.wav"].created_at == before.created_at
        with pytest.raises(UnknownFile, match=r"a\.wav"):
            await store.rename(ANN, media("a.wav"), media("c.wav"))
        await written(store, media("a.wav"), wav(1600))
        for taken in ("deep/er/b.wav", "a.wav"):
            with pytest.raises(NameTaken, match="exists already"):
                await store.rename(ANN, media("a.wav"), media(taken))
        assert await content_of(store, media("deep/er/b.wav")) == wav()

    with_folders(tmp_path, story)


def test_many_renames_onto_one_name_lose_no_file(tmp_path: Path) -> None:
    async def story(store: FileFolders) -> None:
        names = [media(f"{number}.wav") for number in range(10)]
        for name in names:
            await written(store, name, wav())
        renames = (store.rename(ANN, name, media("one.wav")) for name in names)
        ends = await asyncio.gather(*renames, return_exceptions=True)
        assert [type(one) for one in ends if one is not None] == [NameTaken] * 9
        assert len(await listed(store)) == 10

    with_folders(tmp_path, story)


PREFIXES = [
    ("", ["a.wav", "a/b.wav", "a/c/d.wav", "ab.wav", "b/a.wav"]),
    ("a", ["a.wav", "a/b.wav", "a/c/d.wav", "ab.wav"]),
    ("a/", ["a/b.wav", "a/c/d.wav"]),
    ("a/c", ["a/c/d.wav"]),
    ("a/c/d.wav", ["a/c/d.wav"]),
    ("a/c/d.wav/x", []),
    ("ab", ["ab.wav"]),
    ("x/y", []),
    (".", []),
]


@pytest.mark.parametrize(("prefix", "names"), PREFIXES)
def test_a_prefix_is_of_names_and_not_of_folders(
    tmp_path: Path, prefix: str, names: list[str]
) -> None:
    async def story(store: FileFolders) -> None:
        for name in PREFIXES[0][1]:
            await written(store, media(name), wav())
        assert sorted(await listed(store, prefix=prefix)) == names

    with_folders(tmp_path, story)


def test_a_large_folder_is_listed_in_portions(tmp_path: Path) -> None:
    folder = tmp_path / "msg_media" / "1" / "many"
    folder.mkdir(parents=True)
    for number in range(3000):
        (folder / f"{number}.png").touch()

    async def story(store: FileFolders) -> None:
        portions = [len(one) async for one in store.entries(ANN, MESSAGES, "")]
        assert sum(portions) == 3000
        assert max(portions) <= 256
        given_up = store.entries(ANN, MESSAGES, "")
        await anext(given_up)
        await given_up.aclose()

    with_folders(tmp_path, story)


def test_what_has_no_name_of_the_api_is_not_listed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.wav"
    outside.write_bytes(wav())
    folder = tmp_path / "media" / "1"
    folder.mkdir(parents=True)
    (folder / "notes.txt").touch()
    (folder / "with blank.wav").touch()
    (folder / "link.wav").symlink_to(outside)
    (folder / "out").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.wav")

    async def story(store: FileFolders) -> None:
        assert await listed(store) == {}
        assert await listed(store, prefix="out/") == {}
        for name in ("pipe.wav", "link.wav", "out/secret.wav"):
            with pytest.raises(UnknownFile):
                await store.open(ANN, media(name))
        for name in ("link.wav", "out/secret.wav", "out/new/a.wav"):
            with pytest.raises(BadFileName, match="leads out"):
                await written(store, media(name), b"x")
            with pytest.raises(BadFileName, match="leads out"):
                await store.delete(ANN, media(name))
        assert outside.read_bytes() == wav()
        assert left_over(tmp_path) == []

    with_folders(tmp_path, story)
