"""The tariff's file: read exactly, or refused with its name."""

from decimal import Decimal
from pathlib import Path

import pytest

from callwright.adapters.tariff_file import read_tariff
from callwright.records.tariff import BadTariff


def test_prices_are_read_to_the_digit(tmp_path: Path) -> None:
    file = tmp_path / "tariff.toml"
    file.write_text("platform = 0.1\n[telephone]\n44 = 0.0123456789012345678\nother = 1\n")
    tariff = read_tariff(file)
    assert tariff.platform == Decimal("0.1")
    assert tariff.telephone["44"] == Decimal("0.0123456789012345678")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"platform = \n", "is not TOML: .*line 1"),
        (b"platform = 0.01\nplatform = 0.01\n", "is not TOML: .*line 2"),
        (b"\xff", "is not TOML"),
        (b"[telephone]\n44 = 0.01\n", r"tariff\.toml: \[telephone\] has no price"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "tariff.toml"
    file.write_bytes(content)
    with pytest.raises(BadTariff, match=told):
        read_tariff(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTariff, match=r"missing\.toml: No such file"):
        read_tariff(tmp_path / "missing.toml")
