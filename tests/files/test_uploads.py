"""Uploads: what goes together, and that all of it holds before a file has its name."""

from pathlib import Path

import pytest

from callwright.adapters.files.file_folders import FileFolders
from callwright.domain.file_names import FileType, file_name
from callwright.files.ports import BadFile, NameTaken, ReadOnlyStore, UnknownFile
from callwright.files.renaming import rename_file
from callwright.files.uploads import UploadOrder, keep_upload
from tests.sim.file_stores import ANN, content_of, listed, media, wav, with_folders, written

CAT = file_name(FileType.MSG_MEDIA, "cat.png")
LOG = file_name(FileType.REST, "a.log")


def test_what_does_not_go_together_is_refused() -> None:
    with pytest.raises(ReadOnlyStore, match="REST logs"):
        UploadOrder(LOG)
    with pytest.raises(BadFile, match="message media cannot be encrypted"):
        UploadOrder(CAT, is_encrypted=True)
    with pytest.raises(BadFile, match=r"only a wav file is converted, and cat\.png is none"):
        UploadOrder(CAT, is_converted=True)
    with pytest.raises(BadFile, match="only a wav file is converted"):
        UploadOrder(media("a.tif"), is_converted=True)
    with pytest.raises(BadFile, match="encrypted file cannot be converted"):
        UploadOrder(media("a.wav"), is_converted=True, is_encrypted=True)


GOOD = ["image/png", "text/plain; charset=utf-8", 'a/b;c="d e" ; f=g', "image/svg+xml"]
BAD = ["png", "image/", "/png", "image/png;", "a/b; c", "a/b\n", 'a/b; c="\\""', "a b/c", "é/a"]


@pytest.mark.parametrize("said", GOOD)
def test_content_types_are_known(said: str) -> None:
    assert UploadOrder(CAT, content_type=said).content_type == said


@pytest.mark.parametrize("said", [*BAD, "a/" + "b" * 254])
def test_other_texts_are_none(said: str) -> None:
    with pytest.raises(BadFile, match="contenttype is"):
        UploadOrder(CAT, content_type=said)


def test_a_file_is_kept_when_it_holds_what_was_said(tmp_path: Path) -> None:
    async def story(store: FileFolders) -> None:
        for content, order in (
            (wav(), UploadOrder(media("a.wav"))),
            (wav(), UploadOrder(media("b.wav"), is_converted=True)),
            (bytes(range(16)), UploadOrder(media("c.wav"), is_encrypted=True)),
            (b"meow", UploadOrder(CAT, content_type="image/x-cat")),
        ):
            draft = await store.draft()
            await draft.write(content)
            assert await keep_upload(draft, ANN, order) == len(content)
            await draft.discard()
            assert await content_of(store, order.name) == content
        draft = await store.draft()
        await draft.write(b"no sound")
        with pytest.raises(BadFile):
            await keep_upload(draft, ANN, UploadOrder(media("a.wav")))
        await draft.discard()
        assert await content_of(store, media("a.wav")) == wav()

    with_folders(tmp_path, story)


def test_a_sound_stays_a_sound(tmp_path: Path) -> None:
    async def story(store: FileFolders) -> None:
        await written(store, media("a.wav"), wav())
        await written(store, CAT, b"meow")
        with pytest.raises(BadFile, match="another kind of file"):
            await rename_file(store, ANN, media("a.wav"), media("a.tif"))
        with pytest.raises(ReadOnlyStore):
            await rename_file(store, ANN, LOG, LOG)
        with pytest.raises(UnknownFile):
            await rename_file(store, ANN, media("b.wav"), media("c.wav"))
        with pytest.raises(NameTaken):
            await rename_file(store, ANN, CAT, CAT)
        await rename_file(store, ANN, CAT, file_name(FileType.MSG_MEDIA, "dog.gif"))
        await rename_file(store, ANN, media("a.wav"), media("a.WAVE"))
        assert list(await listed(store)) == ["a.WAVE"]
        assert list(await listed(store, FileType.MSG_MEDIA)) == ["dog.gif"]

    with_folders(tmp_path, story)
