"""Drafts of files: they become one whole file, or nothing."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from callwright.adapters.files.drafts import UNFINISHED
from callwright.adapters.files.file_folders import FileFolders
from callwright.domain.errors import StoreUnavailable
from callwright.domain.file_names import file_name
from callwright.files.ports import DiskFull
from tests.sim.file_stores import (
    ANN,
    MESSAGES,
    content_of,
    left_over,
    listed,
    media,
    wav,
    with_folders,
    written,
)


@contextmanager
def largest_file(size_bytes: int) -> Iterator[None]:
    """Have the system refuse larger files, as a disk does that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_nothing_but_what_was_there(tmp_path: Path) -> None:
    async def story(store: FileFolders) -> None:
        name = media("a.wav")
        await written(store, name, wav())
        with largest_file(1 << 20), pytest.raises(DiskFull, match="no room"):
            await written(store, name, bytes(3 << 20))
        assert await content_of(store, name) == wav()
        assert left_over(tmp_path) == []

    with_folders(tmp_path, story)


def test_a_conversion_that_finds_no_room_leaves_nothing(tmp_path: Path) -> None:
    def blow_up(source: BinaryIO, target: BinaryIO) -> None:
        target.write(source.read() * 1000)

    async def story(store: FileFolders) -> None:
        draft = await store.draft()
        await draft.write(bytes(10_000))
        with largest_file(1 << 20), pytest.raises(DiskFull):
            await draft.rewrite(blow_up)
        await draft.discard()
        assert left_over(tmp_path) == []

    with_folders(tmp_path, story)


def test_a_draft_is_looked_at_and_rewritten(tmp_path: Path) -> None:
    def count(source: BinaryIO, target: BinaryIO) -> None:
        target.write(b"%d" % len(source.read()))

    async def story(store: FileFolders) -> None:
        draft = await store.draft()
        await draft.write(b"some ")
        await draft.write(b"thing")
        assert await draft.inspect(lambda file: file.read(7)) == b"some th"
        await draft.rewrite(count)
        assert await draft.keep(ANN, media("a.wav"), "") == 2
        await draft.discard()
        assert await content_of(store, media("a.wav")) == b"10"
        assert left_over(tmp_path) == []

    with_folders(tmp_path, story)


def test_what_a_killed_server_left_is_removed_at_the_next_start(tmp_path: Path) -> None:
    left = tmp_path / "media" / UNFINISHED / "left"
    left.parent.mkdir(parents=True)
    left.touch()

    async def story(store: FileFolders) -> None:
        assert left_over(tmp_path) == []
        await written(store, media("a.wav"), wav())

    with_folders(tmp_path, story)


def test_a_disk_that_fails_is_told_without_a_path(tmp_path: Path) -> None:
    async def story(store: FileFolders) -> None:
        draft = await store.draft()
        (tmp_path / "media" / UNFINISHED / left_over(tmp_path)[0]).unlink()
        with pytest.raises(StoreUnavailable) as caught:
            await draft.inspect(lambda file: file.read())
        assert str(tmp_path) not in str(caught.value)
        await draft.discard()

    with_folders(tmp_path, story)


def test_a_file_system_without_attributes_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    async def story(store: FileFolders) -> None:
        name = file_name(MESSAGES, "cat.png")
        with pytest.raises(StoreUnavailable, match="extended attributes"):
            await written(store, name, b"cat", said="image/x-cat")
        await written(store, name, b"cat")
        assert list(await listed(store, MESSAGES)) == ["cat.png"]
        assert left_over(tmp_path) == []

    monkeypatch.setattr(os, "setxattr", refuse)
    with_folders(tmp_path, story)


def test_a_file_comes_whole_from_another_file_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.replace

    def across(self: Path, target: Path) -> Path:
        if self.parent != target.parent:
            raise OSError(18, "Invalid cross-device link")
        return rename(self, target)

    async def story(store: FileFolders) -> None:
        name = file_name(MESSAGES, "a/cat.png")
        await written(store, name, b"cat", said="image/x-cat")
        file = await store.open(ANN, name)
        assert (file.content_type, file.entry.size_bytes) == ("image/x-cat", 3)
        file.close()
        assert [path.name for path in (tmp_path / "msg_media" / "1" / "a").iterdir()] == ["cat.png"]
        assert left_over(tmp_path) == []

    monkeypatch.setattr(Path, "replace", across)
    with_folders(tmp_path, story)
