"""The operator's tariff, read once at start."""

import tomllib
from decimal import Decimal
from pathlib import Path

from callwright.records.tariff import BadTariff, Tariff, parse_tariff


def read_tariff(path: Path) -> Tariff:
    """Read a tariff.

    Raises:
        BadTariff: with the file and the line or key in it.

    """
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text, parse_float=Decimal)
    except OSError as problem:
        raise BadTariff(f"tariff {path}: {problem.strerror}") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ArithmeticError) as problem:
        raise BadTariff(f"tariff {path} is not TOML: {problem}") from problem
    try:
        return parse_tariff(document)
    except BadTariff as problem:
        raise BadTariff(f"tariff {path}: {problem}") from problem
