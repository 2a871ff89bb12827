"""The SQL: one statement a file under `queries/`, named as the method that runs it."""

from functools import cache
from importlib.resources import files
from typing import Final

_QUERIES: Final = files("callwright.adapters.sqlite") / "queries"


@cache
def statement(name: str) -> str:
    """Return the statement of that name; read once, since SQLite prepares equal texts once."""
    return (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")
