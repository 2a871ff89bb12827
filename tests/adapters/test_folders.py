"""A folder is synced; what is none is told by the system."""

import os
from pathlib import Path

import pytest

from callwright.adapters.folders import sync_folder


def test_a_folder_is_synced_and_nothing_is_left_open(tmp_path: Path) -> None:
    before = set(os.listdir("/proc/self/fd"))
    sync_folder(tmp_path)
    assert set(os.listdir("/proc/self/fd")) == before


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        sync_folder(tmp_path / "file")
