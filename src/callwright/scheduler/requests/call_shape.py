"""A callback at once, as a request asks for it (section 12.1): `src_num`, `dst_num` and options.

It equals one attempt of a task: `src_num` is the A side, `dst_num` the B side, and the options are
those of `callback_params`. Beyond the original there are `dedup_key`, `deadline_utc`
and `record` of tasks.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from callwright.domain.callback import CallUuid, ExtensionId, TaskWish
from callwright.domain.clock import UnixTime
from callwright.scheduler.requests.extras_shape import read_extras
from callwright.scheduler.requests.fields import BadRequest, Fields
from callwright.scheduler.requests.task_shape import (
    MAX_EXTENDED_A_NUMBERS,
    check_options,
    read_variables,
)

MAX_SOURCES: Final = 1 + MAX_EXTENDED_A_NUMBERS
"""Numbers of the A side, as a task may have."""

EXTRAS: Final = ("dedup_key", "deadline_utc", "record")

KEY_LIFETIME: Final = 86_400
"""Seconds from a request in which its `dedup_key` is known, ended or not (assumed): a program that
did not hear the answer asks again within minutes, at most the next day."""

_OWN: Final = ("src_num", "dst_num", "variables", *EXTRAS)
"""Members of the body that are no options."""


def read_call(
    body: Mapping[str, object],
    *,
    extension_id: ExtensionId,
    names: tuple[CallUuid, CallUuid],
    now: UnixTime,
) -> TaskWish:
    """Read a callback at once; `names` are those of its call and of the request.

    Raises:
        BadRequest: it is wrong; every fault is named.

    """
    fields = Fields(body, "")
    sources = _sources(fields)
    options = Fields(
        {name: value for name, value in body.items() if name not in _OWN}, "", fields.faults
    )
    if "extended_a_numbers" in options.values:
        fields.wrong("extended_a_numbers", "is not allowed here: src_num has all numbers")
    check_options(options)
    extras = Fields({name: body.get(name) for name in EXTRAS}, "", fields.faults)
    call_uuid, call_api_id = names
    wish = TaskWish(
        a_number=sources[0],
        b_number=fields.number("dst_num"),
        extension_id=extension_id,
        starts_at=now,
        callback_params={**options.values, "extended_a_numbers": list(sources[1:])},
        variables=read_variables(fields.inside("variables")),
        extras=read_extras(extras, starts_at=now, now=now),
        call_uuid=call_uuid,
        call_api_id=call_api_id,
    )
    if fields.faults:
        raise BadRequest("the callback is not valid", tuple(fields.faults))
    return wish


def is_same_call(one: TaskWish, other: TaskWish) -> bool:
    """Whether two requests ask for the same callback, whenever they came."""
    return _asked(one) == _asked(other)


def _asked(wish: TaskWish) -> TaskWish:
    """Return what the client said; a deadline may be told in seconds from the request."""
    extras = replace(wish.extras, deadline_at=None)
    return replace(wish, starts_at=UnixTime(0.0), extras=extras, call_uuid=None, call_api_id=None)


def _sources(fields: Fields) -> tuple[str, ...]:
    """Read the A side; if something is wrong with it, that is noted."""
    expected = f"a list of 1 to {MAX_SOURCES} telephone numbers was expected"
    value = fields.values.get("src_num")
    if value is None:
        fields.wrong("src_num", f"is missing: {expected}")
    elif value == []:
        fields.wrong("src_num", f"[]: {expected}")
    return fields.numbers("src_num", most=MAX_SOURCES) or ("",)
