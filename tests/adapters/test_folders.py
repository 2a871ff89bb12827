"""A folder is synced; what is none is told by the system."""

import os
from pathlib import Path

import pytest

from callwright.adapters.folders import sync_folder


def lowest_free_descriptor() -> int:
    descriptor = os.open(os.devnull, os.O_RDONLY)
    os.close(descriptor)
    return descriptor


def test_a_folder_is_synced_and_nothing_is_left_open(tmp_path: Path) -> None:
    before = lowest_free_descriptor()
    sync_folder(tmp_path)
    assert lowest_free_descriptor() == before


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        sync_folder(tmp_path / "file")
