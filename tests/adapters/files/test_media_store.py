"""The media file store."""

from pathlib import Path

import pytest

from callwright.adapters.files.media_store import FileMediaStore
from callwright.domain.ids import AccountId
from callwright.runner.ports import MediaNotFound, MediaStore

ANN, BOB = AccountId(1), AccountId(2)


def test_what_is_written_can_be_read_by_its_account_alone(tmp_path: Path) -> None:
    store: MediaStore = FileMediaStore(tmp_path)
    path = store.path_to_write(ANN, "rest_recordings/2026/02/11/a_1.wav")
    Path(path).write_bytes(b"RIFF")

    assert store.path_to_read(ANN, "rest_recordings/2026/02/11/a_1.wav") == path
    with pytest.raises(MediaNotFound, match=r"^file rest_recordings/2026/02/11/a_1\.wav does not"):
        store.path_to_read(BOB, "rest_recordings/2026/02/11/a_1.wav")


@pytest.mark.parametrize("name", ["a.WAV", "a.wave", "a.tif", "a.TIFF"])
def test_extensions_are_compared_without_case(name: str, tmp_path: Path) -> None:
    store = FileMediaStore(tmp_path)
    Path(store.path_to_write(ANN, name)).write_bytes(b"")
    assert store.path_to_read(ANN, name).endswith(name)


def test_a_file_is_deleted_once_and_by_its_account_alone(tmp_path: Path) -> None:
    store: MediaStore = FileMediaStore(tmp_path)
    Path(store.path_to_write(ANN, "old.wav")).write_bytes(b"RIFF")

    assert [store.delete(who, "old.wav") for who in (BOB, ANN, ANN)] == [False, True, False]


NO_NAMES = [
    ("a.mp3", "'a.mp3' is no media file name: one ending in .wav, .wave, .tif, .tiff was expected"),
    ("", "'' is no media file name: 1 to 255 characters"),
    ("../2/a.wav", "'../2/a.wav' is no media file name: '..', '//'"),
    ("/etc/a.wav", "'/etc/a.wav' is no media file name: '..', '//'"),
    ("a b.wav", "'a b.wav' is no media file name: 1 to 255 characters"),
    ("x" * 300 + ".wav", "'" + "x" * 80 + "...' is no media file name: 1 to 255 characters"),
]


@pytest.mark.parametrize(("name", "text"), NO_NAMES)
def test_refuses_a_name_and_quotes_it(name: str, text: str, tmp_path: Path) -> None:
    store = FileMediaStore(tmp_path)
    for use in (store.path_to_read, store.path_to_write, store.delete):
        with pytest.raises(MediaNotFound) as caught:
            use(ANN, name)
        assert str(caught.value).startswith(text)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "1" / "a.wav").mkdir(parents=True)
    with pytest.raises(MediaNotFound, match="does not exist"):
        FileMediaStore(tmp_path).path_to_read(ANN, "a.wav")


def test_a_link_to_a_strangers_file_is_none(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "secret.wav").write_bytes(b"RIFF")
    (tmp_path / "1" / "a.wav").symlink_to(tmp_path / "secret.wav")
    with pytest.raises(MediaNotFound, match="leads out"):
        FileMediaStore(tmp_path).path_to_read(ANN, "a.wav")
