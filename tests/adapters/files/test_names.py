"""Names of files: what is allowed, and that none leads out of the account's folder."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.adapters.files.names import BadFileName, located
from callwright.domain.ids import AccountId

ANN = AccountId(1)

ALLOWED = ["a.wav", "a/b/c.wav", "A-z_0.9@home.wav", "a:b.wav", "x" * 251 + ".wav", ".hidden"]


@pytest.mark.parametrize("name", ALLOWED)
def test_allows(name: str, tmp_path: Path) -> None:
    assert located(tmp_path, ANN, name) == tmp_path.resolve() / "1" / name


REFUSED = [
    "",
    "/a.wav",
    "a.wav/",
    "../2/a.wav",
    "a/../b.wav",
    "a..wav",
    "a//b.wav",
    "a/./b.wav",
    "./a.wav",
    "a b.wav",
    "a\\b.wav",
    "a\n.wav",
    "a.wav\n",
    "a\0.wav",
    "ä.wav",
    "~/a.wav?",
    "x" * 252 + ".wav",
]


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadFileName):
        located(tmp_path, ANN, name)


@pytest.mark.parametrize("target", ["elsewhere", "store/2", "/etc"])
def test_a_link_that_leads_out_is_nobodys_file(target: str, tmp_path: Path) -> None:
    store = tmp_path / "store"
    (store / "1").mkdir(parents=True)
    (store / "1" / "out").symlink_to(tmp_path / target)
    with pytest.raises(BadFileName, match="leads out"):
        located(store, ANN, "out/passwd")


def test_the_store_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "store").symlink_to(tmp_path / "disk")
    assert located(tmp_path / "store", ANN, "a.wav") == tmp_path.resolve() / "disk" / "1" / "a.wav"


@given(st.text(alphabet="./a:\\~\0 -", max_size=12))
def test_no_name_leads_out(name: str) -> None:
    root = Path("/nonexistent/store")
    try:
        path = located(root, ANN, name)
    except BadFileName:
        return
    assert path.resolve().is_relative_to(root / "1")
