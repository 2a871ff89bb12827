"""Where files lie: none outside the account's folder."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.adapters.files.names import located
from callwright.domain.file_names import BadFileName, FileName, FileType, file_name
from callwright.domain.ids import AccountId

ANN = AccountId(1)


def media(text: str) -> FileName:
    return file_name(FileType.MEDIA, text)


@pytest.mark.parametrize("name", ["a.wav", "a/b/c.wav", "A-z_0.9@home.wav", "x" * 251 + ".wav"])
def test_a_file_lies_in_its_accounts_folder(name: str, tmp_path: Path) -> None:
    assert located(tmp_path, ANN, media(name)) == tmp_path.resolve() / "1" / name


@pytest.mark.parametrize("target", ["elsewhere", "store/2", "/etc"])
def test_a_link_that_leads_out_is_nobodys_file(target: str, tmp_path: Path) -> None:
    store = tmp_path / "store"
    (store / "1").mkdir(parents=True)
    (store / "1" / "out").symlink_to(tmp_path / target)
    with pytest.raises(BadFileName, match="leads out"):
        located(store, ANN, media("out/passwd.wav"))


def test_the_store_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "store").symlink_to(tmp_path / "disk")
    found = located(tmp_path / "store", ANN, media("a.wav"))
    assert found == tmp_path.resolve() / "disk" / "1" / "a.wav"


@given(st.text(alphabet="./a:\\~\0 -", max_size=12))
def test_no_name_leads_out(name: str) -> None:
    root = Path("/nonexistent/store")
    try:
        path = located(root, ANN, file_name(FileType.REST, name))
    except BadFileName:
        return
    assert path.resolve().is_relative_to(root / "1")
    assert path != root / "1"
