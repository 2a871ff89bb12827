"""Every statement is used, fits the schema, and finds its rows by an index."""

import re
from collections.abc import Callable, Coroutine
from importlib.resources import files
from typing import Any

import pytest

from callwright.adapters.postgres.statements import Statement, numbered, statement
from tests.adapters.postgres.nodes import nodes

Run = Callable[[Coroutine[Any, Any, None]], None]

PACKAGE = files("callwright.adapters.postgres")
NAMES = sorted(
    one.name.removesuffix(".sql")
    for one in (PACKAGE / "queries").iterdir()
    if one.name.endswith(".sql")
)
SOURCES = "\n".join(one.read_text() for one in PACKAGE.iterdir() if one.name.endswith(".py"))

LONG_TABLES = "ready|call_start|request|adr|cdr|err|fdr"
"""Tables that grow with every call: no statement may walk one from end to end."""
WALK = rf"Seq Scan on (?:{LONG_TABLES})\b|Hash Join|Merge Join"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT 1", Statement("SELECT 1", ())),
        ("SELECT :a, :b, :a", Statement("SELECT $1, $2, $1", ("a", "b"))),
        ("SELECT :ids::bigint[]", Statement("SELECT $1::bigint[]", ("ids",))),
        ("-- of :nobody\nSELECT :a_b", Statement("SELECT $1", ("a_b",))),
    ],
)
def test_parameters_get_numbers(text: str, expected: Statement) -> None:
    assert numbered(text) == expected


def test_every_statement_is_used() -> None:
    assert [name for name in NAMES if f'"{name}"' not in SOURCES] == []


def test_each_fits_the_schema_and_walks_no_long_table(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 1) as (node,), node.database._connected() as connection:
            # Planned as in a server, where every table is empty at first.
            walks = {}
            for name in NAMES:
                found = statement(name)
                await connection.execute(f"PREPARE {name} AS {found.sql}")
                nothing = ", ".join(["NULL"] * len(found.names))
                asked = (
                    f"EXPLAIN EXECUTE {name}({nothing})" if nothing else f"EXPLAIN EXECUTE {name}"
                )
                plan = "\n".join(row[0] for row in await connection.fetch(asked))
                walks[name] = re.findall(WALK, plan)
            assert {name: walked for name, walked in walks.items() if walked} == {}

    run(story())
