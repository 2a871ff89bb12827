"""The SQL: one statement a file under `queries/`, named as the method that runs it.

Parameters stand in it by name, `:service_id`, as in the SQLite store's; PostgreSQL wants numbers.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_QUERIES: Final = files("callwright.adapters.postgres") / "queries"
_COMMENT: Final = re.compile(r"^--.*\n", re.MULTILINE)
_PARAMETER: Final = re.compile(r"(?<![:\w]):([a-z_]+)")
"""A colon and a name; not the second colon of a cast, `x::bigint`."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as PostgreSQL takes it."""

    sql: str
    names: tuple[str, ...]
    """Of its parameters: the first stands where `$1` does."""


@cache
def statement(name: str) -> Statement:
    """Return the statement of that name; read once, since equal texts are prepared once."""
    return numbered(_text(name))


def extended(name: str, then: str) -> Statement:
    """Return the statement of that name with `then` at its end."""
    return numbered(_text(name) + then) if then else statement(name)


@cache
def _text(name: str) -> str:
    return (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def numbered(text: str) -> Statement:
    """Give the parameters numbers instead of names."""
    sql = _COMMENT.sub("", text)
    names = tuple(dict.fromkeys(_PARAMETER.findall(sql)))
    return Statement(_PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", sql), names)
