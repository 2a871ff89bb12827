"""Tasks as rows of a table: a column is named as its field, `variables.x` as what is inside one."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final  # JSON of the server's

from callwright.domain.errors import CallwrightError

Json = dict[str, Any]

PLAIN: Final = (
    "name",
    "a_number",
    "b_number",
    "extension_id",
    "try_count",
    "try_again_pause",
    "try_count_caller",
    "try_again_pause_caller",
    "start_time_utc",
    "url_before",
    "url_before_again",
    "url_success",
    "url_after",
    "deadline_utc",
    "priority",
    "dedup_key",
    "timezone",
    "call_from",
    "call_to",
    "backoff",
    "recurrence",
)
LISTS: Final = (
    "attempts_src_ani_numbers",
    "attempts_dst_ani_numbers",
    "retry_causes",
    "recurrence_except",
)
"""Their entries stand in one cell, with blanks, `;` or `|` between them."""
TRUTHS: Final = ("record",)
"""Spelt `true` or `false`."""
OBJECTS: Final = ("callback_params", "variables")
"""In one cell as JSON, or each member in a column of its own: `variables.invoice`."""
SERVERS: Final = (
    "id",
    "status",
    "try_made",
    "try_made_caller",
    "next_try_utc",
    "finish_result",
    "finish_comment",
    "finish_date_utc",
    "recurrence_id",
    "occurrence",
    "recurrence_missed",
    "cdr",
    "create_date_utc",
)
"""What only the server writes."""
EXPORTED: Final = (*SERVERS, *PLAIN, *TRUTHS, *LISTS, *OBJECTS)

_BETWEEN: Final = re.compile(r"[\s;|]+")
_TRUTHS: Final = {"true": True, "false": False}


class BadCell(CallwrightError):
    """A cell that cannot be read; the text begins with its column."""


def is_field(column: str) -> bool:
    """Whether a column of this name is a field of a task."""
    kind, dot, member = column.partition(".")
    return column in {*PLAIN, *TRUTHS, *LISTS, *OBJECTS} or bool(kind in OBJECTS and dot and member)


def task_of_row(cells: Mapping[str, str]) -> Json:
    """Return the task that a row asks for; an empty cell is a field left out.

    Raises:
        BadCell: one of them is no JSON object though it should be.

    """
    task: Json = {}
    for column, text in cells.items():
        cell = text.strip()
        if not cell:
            continue
        kind, _, member = column.partition(".")
        if member:
            task.setdefault(kind, {})[member] = _member(column, cell)
        elif column in OBJECTS:
            task[column] = _object(column, cell) | task.get(column, {})
        elif column in TRUTHS:
            task[column] = _TRUTHS.get(cell.lower(), cell)
        else:
            task[column] = _BETWEEN.split(cell) if column in LISTS else cell
    return task


def row_of_task(task: Mapping[str, Any]) -> dict[str, str]:
    """Return the cells of a task; what it was not given is empty."""
    return {column: _cell(task.get(column)) for column in EXPORTED}


def unknown_columns(columns: Iterable[str]) -> list[str]:
    """Return the columns that mean nothing, neither as a field nor as something the server adds."""
    return [column for column in columns if not is_field(column) and column not in SERVERS]


def _member(column: str, cell: str) -> object:
    """Read a member of an object: a list where the API has one, a truth where it is spelt so."""
    if column == "callback_params.extended_a_numbers":
        return _BETWEEN.split(cell)
    if column.startswith("callback_params."):
        return _TRUTHS.get(cell.lower(), cell)
    return cell


def _object(column: str, cell: str) -> Json:
    try:
        value = json.loads(cell)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise BadCell(f"{column}: {cell!r}: a JSON object was expected")
    return value


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case dict():
            return json.dumps(value, ensure_ascii=False) if value else ""
        case list():
            return " ".join(map(str, value))
        case _:
            return str(value)
