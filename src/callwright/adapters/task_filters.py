"""What lists of tasks are filtered and ordered by, in the SQL of both stores."""

from typing import Final

from callwright.adapters.callback_rows import Columns
from callwright.scheduler.values import Page, TaskFilter


def filter_of_tasks(wanted: TaskFilter) -> tuple[str, Columns]:
    """Return what the statements that list and count tasks are filtered by, and its parameters.

    Only what restricts stands in it: a condition that may be none is served by no index.
    """
    result = wanted.finish_result
    given = {
        "due_by": wanted.due_by,
        "not_due_by": wanted.not_due_by,
        "put_off_at": wanted.put_off_at,
        "not_put_off_at": wanted.not_put_off_at,
        "name": wanted.name,
        "a_number": wanted.a_number,
        "b_number": wanted.b_number,
        "extension_id": wanted.extension_id,
        "finish_result": None if result is None else str(result),
        "starts_from": wanted.starts_from,
        "starts_to": wanted.starts_to,
        "recurrence_id": wanted.recurrence_id,
        "after_id": wanted.after_id,
    }
    asked = {name: value for name, value in given.items() if value is not None}
    states = " OR ".join(f"state = '{state}'" for state in sorted(wanted.states))
    conditions = [f"({states})"] if states else []
    conditions += [_CONDITIONS[name] for name in asked]
    return "".join(f"  AND {one}\n" for one in conditions), asked


_CONDITIONS: Final = {
    "due_by": "next_try_at <= :due_by",
    "not_due_by": "(next_try_at IS NULL OR next_try_at > :not_due_by)",
    "put_off_at": "ready_at <= :put_off_at AND next_try_at > :put_off_at",
    "not_put_off_at": (
        "(ready_at IS NULL OR ready_at > :not_put_off_at OR next_try_at <= :not_put_off_at)"
    ),
    "name": "name = :name",
    "a_number": "a_number = :a_number",
    "b_number": "b_number = :b_number",
    "extension_id": "extension_id = :extension_id",
    "finish_result": "finish_result = :finish_result",
    "starts_from": "starts_at >= :starts_from",
    "starts_to": "starts_at < :starts_to",
    "recurrence_id": "(task_id = :recurrence_id OR recurrence_id = :recurrence_id)",
    "after_id": "task_id > :after_id",
}
"""Conditions of the statements that list and count tasks, in the SQL of both stores."""


def order_of_tasks(sort: str, page: Page) -> str:
    """Return the end of the statement that lists tasks: their order, and which part of them."""
    way = "DESC" if page.descending else "ASC"
    first = {"start_time_utc": f"starts_at {way}, ", "status": f"state {way}, "}.get(sort, "")
    return f"ORDER BY {first}task_id {way} LIMIT {page.limit:d} OFFSET {page.offset:d}"
