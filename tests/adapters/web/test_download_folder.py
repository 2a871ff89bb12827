"""Downloaded files on disk: whole or not at all, each account's own, bounded in size and age."""

import json
import os
from pathlib import Path

import pytest

from callwright.adapters.web.download_folder import (
    IN_USE,
    MAX_UNUSED,
    OVERHEAD_BYTES,
    SWEPT_EVERY,
    DownloadFolder,
    KeptFile,
)
from callwright.adapters.web.freshness import Terms
from callwright.domain.ids import AccountId
from callwright.runner.ports import DownloadFault
from tests.sim.clock import VirtualClock

ANN, BOB = AccountId(1), AccountId(2)
MIB = 1 << 20
SIZE = MIB - OVERHEAD_BYTES
"""Of a file that takes a megabyte."""


class Disk:
    """A folder that holds four megabytes an account, and its clock."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.clock = VirtualClock()
        self.folder = DownloadFolder(root, max_bytes=4 * MIB, clock=self.clock)

    def terms(self, control: str = "max-age=60") -> Terms:
        now = self.clock.unix_time()
        return Terms({"Cache-Control": control, "ETag": '"1"'}, now, now)

    def download(
        self, *key: str, content: bytes = b"sound", control: str = "", account_id: AccountId = ANN
    ) -> Path:
        part = self.folder.begin(account_id, *key)
        self.folder.append(part, content[:3])
        self.folder.append(part, content[3:])
        return self.folder.finish(part, self.terms(control), account_id, *key)

    def find(self, *key: str, account_id: AccountId = ANN) -> KeptFile | None:
        return self.folder.find(account_id, *key)

    def files(self) -> list[str]:
        return sorted(path.suffix for path in self.root.glob("*/*"))


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "downloads")


def test_a_file_is_found_with_its_terms(disk: Disk) -> None:
    path = disk.download("url", "ann", control="max-age=5")
    found = disk.find("url", "ann")
    assert found == KeptFile(path, disk.terms("max-age=5"))
    assert path.read_bytes() == b"sound"
    assert DownloadFolder(disk.root, max_bytes=MIB, clock=disk.clock).find(ANN, "url", "ann")


def test_a_file_belongs_to_one_account_and_one_key(disk: Disk) -> None:
    disk.download("url", "ann")
    assert disk.find("url", "ann", account_id=BOB) is None
    assert disk.find("url", "") is None
    assert disk.find("urlann") is None


def test_nothing_is_found_before_it_is_whole(disk: Disk) -> None:
    part = disk.folder.begin(ANN, "url")
    disk.folder.append(part, b"half")
    assert disk.find("url") is None
    assert disk.files() == [".part"]


def test_what_may_not_be_kept_is_there_and_never_found(disk: Disk) -> None:
    path = disk.download("url", control="no-store")
    assert path.read_bytes() == b"sound"
    assert disk.find("url") is None


def test_a_new_version_leaves_the_old_file_to_those_who_play_it(disk: Disk) -> None:
    old = disk.download("url", content=b"old one")
    new = disk.download("url", content=b"new one")
    found = disk.find("url")
    assert found is not None
    assert (found.path, new.read_bytes(), old.read_bytes()) == (new, b"new one", b"old one")


def test_a_note_is_replaced(disk: Disk) -> None:
    path = disk.download("url")
    disk.folder.note(path, disk.terms("max-age=99"), ANN, "url")
    found = disk.find("url")
    assert found is not None
    assert found.terms == disk.terms("max-age=99")
    assert disk.files() == [".json", ".wav"]


@pytest.mark.parametrize(
    "note",
    ["", "{", "[]", "null", '{"file": "other.wav"}', '{"file": 5}', '{"file": "../../../x"}'],
)
def test_a_note_that_is_none_is_no_file(disk: Disk, note: str) -> None:
    disk.download("url")
    [path] = disk.root.glob("*/*.json")
    path.write_text(note)
    assert disk.find("url") is None


def test_a_file_that_lost_its_content_is_no_file(disk: Disk) -> None:
    disk.download("url").write_bytes(b"")
    assert disk.find("url") is None


def test_the_longest_unused_go_when_there_is_too_much(disk: Disk) -> None:
    for name in "abcde":
        disk.download(name, content=bytes(SIZE))
        disk.clock.advance(1)
    disk.clock.advance(IN_USE)
    disk.find("a")
    disk.download("f")
    assert [name for name in "abcdef" if disk.find(name)] == ["a", "d", "e", "f"]
    assert disk.files() == [".json"] * 4 + [".wav"] * 4


def test_what_is_in_use_stays_and_then_nothing_more_is_taken(disk: Disk) -> None:
    for n in range(8):
        disk.download(str(n), content=bytes(SIZE))
    with pytest.raises(DownloadFault, match="more than 8 MB were downloaded within 10 minutes"):
        disk.folder.begin(ANN, "one more")
    assert all(disk.find(str(n)) for n in range(8))
    # Another account has room of its own.
    disk.download("url", account_id=BOB)
    disk.clock.advance(IN_USE + 1)
    disk.download("one more")
    assert disk.find("one more")


def test_files_that_are_tiny_are_bounded_by_their_number(disk: Disk) -> None:
    for n in range(2 * 4 * MIB // OVERHEAD_BYTES):
        disk.download(str(n), content=b"")
    with pytest.raises(DownloadFault):
        disk.folder.begin(ANN, "one more")


def test_what_nobody_asked_for_in_a_week_goes(disk: Disk) -> None:
    disk.download("old")
    disk.clock.advance(MAX_UNUSED - SWEPT_EVERY)
    disk.download("new")
    disk.clock.advance(SWEPT_EVERY + 1)
    disk.download("newer")
    assert [name for name in ("old", "new", "newer") if disk.find(name)] == ["new", "newer"]


def test_a_start_clears_what_a_killed_server_left(disk: Disk) -> None:
    disk.download("old")
    disk.folder.begin(ANN, "half")
    disk.clock.advance(MAX_UNUSED + 1)
    DownloadFolder(disk.root, max_bytes=MIB, clock=disk.clock)
    assert disk.files() == []


def test_a_file_asked_for_while_room_is_made_stays(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = disk.download("url")
    disk.clock.advance(MAX_UNUSED + 1)
    read_bytes = Path.read_bytes

    def asked_for_meanwhile(note: Path) -> bytes:
        content = read_bytes(note)
        now = disk.clock.unix_time()
        os.utime(path, (now, now))
        return content

    monkeypatch.setattr(Path, "read_bytes", asked_for_meanwhile)
    disk.folder.begin(ANN, "other")
    assert path.exists()


def test_a_disk_that_is_full_costs_the_download(disk: Disk) -> None:
    part = disk.folder.begin(ANN, "url")
    part.unlink()
    with pytest.raises(DownloadFault, match="cannot be kept: No such file"):
        disk.folder.append(part, b"sound")
    with pytest.raises(DownloadFault, match="cannot be kept: No such file"):
        disk.folder.finish(part, disk.terms(), ANN, "url")
    (disk.root / "2").write_text("not a folder")
    with pytest.raises(DownloadFault, match="cannot be kept: File exists"):
        disk.folder.begin(BOB, "url")


def test_a_note_tells_no_url_and_no_name(disk: Disk) -> None:
    disk.download("http://secret.example/?key=1", "ann")
    [note] = disk.root.glob("*/*.json")
    assert set(json.loads(note.read_bytes())) == {
        "file",
        "size_bytes",
        "said",
        "asked_at",
        "answered_at",
    }
    assert "secret" not in f"{note.name} {note.read_text()}"
