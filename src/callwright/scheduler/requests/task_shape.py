"""The tasks of a request: `{"tasks": [...]}`, read whole or refused whole (section 4)."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from callwright.domain.callback import EventUrls, ExtensionId, RetryRule, TaskWish
from callwright.domain.clock import UnixTime
from callwright.scheduler.requests.extras_shape import read_extras
from callwright.scheduler.requests.fields import BadRequest, Fault, Fields, found, quoted
from callwright.scheduler.requests.recurrence_shape import read_recurrence
from callwright.scheduler.retries import MAX_PAUSE

MAX_TASKS: Final = 1000
"""Of one request (assumed)."""
MAX_NAME: Final = 255
MAX_TRIES: Final = 50
DEFAULT_PAUSE: Final = 60
MAX_ANI_NUMBERS: Final = 50
MAX_EXTENDED_A_NUMBERS: Final = 20
MAX_VARIABLES: Final = 50
MAX_VARIABLE: Final = 200

DEFAULT_PICKUP: Final = 30
"""Seconds that a side may ring."""
PICKUP: Final = (5, 120)
LONGEST_CALL: Final = 86_400
"""Seconds: what a client may ask for at most (assumed)."""

MAX_OPTIONS: Final = 16_384
"""Characters of JSON, all options of a callback together (assumed). What is unknown is kept, too,
and stands in each event, and in each answer: a page of a list has 500 tasks."""

FORBIDDEN_PARAMS: Final = ("src_num", "dst_num", "a_number", "b_number", "variables")
"""They stand on the task itself."""

_TEXT_PARAMS: Final = (
    "caller_id_name",
    "caller_id_number",
    "src_caller_id_name",
    "src_caller_id_number",
)
_NUMBER_PARAMS: Final = (
    "src_ani",
    "dst_ani",
    "transfer_after_src_hangup",
    "transfer_after_dst_hangup",
)
_RING_STRATEGIES: Final = ("simultaneous", "sequential")
_VARIABLE_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,64}", re.ASCII)
_DTMF: Final = re.compile(r"[0-9*#Ww]{0,64}", re.ASCII)

FindExtension = Callable[[object], ExtensionId | None]
"""Says which extension of the client a value names (an id, digits, or `@` and its number)."""


def read_tasks(
    body: Mapping[str, object], *, find: FindExtension, now: UnixTime
) -> tuple[TaskWish, ...]:
    """Read all tasks of a request.

    Raises:
        BadRequest: one or more are wrong; every fault is named.

    """
    tasks = body.get("tasks")
    if not isinstance(tasks, list) or not 1 <= len(tasks) <= MAX_TASKS:
        what = f"a list of {len(tasks)}" if isinstance(tasks, list) else found(tasks)
        message = f"{what}: a list of 1 to {MAX_TASKS} tasks was expected"
        raise BadRequest(f"tasks: {message}", (Fault("tasks", message),))
    faults: list[Fault] = []
    wishes = []
    for number, one in enumerate(tasks):
        path = f"tasks[{number}]"
        if isinstance(one, dict):
            wishes.append(read_task(Fields(one, path, faults), find=find, now=now))
        else:
            faults.append(Fault(path, f"{quoted(one)}: an object was expected"))
    if faults:
        wrong = len({fault.path.partition(".")[0] for fault in faults})
        verb = "is" if wrong == 1 else "are"
        raise BadRequest(f"{wrong} of {len(tasks)} tasks {verb} not valid", tuple(faults))
    return tuple(wishes)


def read_task(fields: Fields, *, find: FindExtension, now: UnixTime) -> TaskWish:
    """Read one task; what is wrong is noted."""
    asked_for = fields.moment("start_time_utc", now=now)
    series, starts_at = read_recurrence(fields, starts_at=asked_for, now=now)
    extras = read_extras(fields, starts_at=starts_at, now=now)
    return TaskWish(
        a_number=fields.number("a_number"),
        b_number=fields.number("b_number"),
        extension_id=_extension(fields, find),
        starts_at=starts_at,
        name=fields.text("name", most=MAX_NAME),
        retry=_retry(fields),
        urls=EventUrls(
            before=fields.url("url_before"),
            before_again=fields.url("url_before_again"),
            success=fields.url("url_success"),
            after=fields.url("url_after"),
        ),
        callback_params=_callback_params(fields.inside("callback_params")),
        variables=read_variables(fields.inside("variables")),
        src_ani_numbers=fields.numbers("attempts_src_ani_numbers", most=MAX_ANI_NUMBERS),
        dst_ani_numbers=fields.numbers("attempts_dst_ani_numbers", most=MAX_ANI_NUMBERS),
        extras=replace(extras, recurrence=series),
    )


def _extension(fields: Fields, find: FindExtension) -> ExtensionId:
    value = fields.values.get("extension_id")
    if value is None:
        fields.wrong("extension_id", "is missing: the id of an extension was expected")
        return ExtensionId(0)
    found = find(value)
    if found is None:
        message = f"{quoted(value)}: the client has no such extension"
        fields.wrong("extension_id", message, "extension_not_found")
        return ExtensionId(0)
    return found


def _retry(fields: Fields) -> RetryRule:
    pause = fields.integer("try_again_pause", least=0, most=MAX_PAUSE, default=DEFAULT_PAUSE)
    return RetryRule(
        try_count=fields.integer("try_count", least=1, most=MAX_TRIES, default=1),
        try_again_pause=pause,
        try_count_caller=fields.integer("try_count_caller", least=0, most=MAX_TRIES, default=0),
        try_again_pause_caller=fields.integer(
            "try_again_pause_caller", least=0, most=MAX_PAUSE, default=pause
        ),
    )


def _callback_params(params: Fields) -> Mapping[str, object]:
    for name in FORBIDDEN_PARAMS:
        if name in params.values:
            params.wrong(name, "is not allowed here: it stands on the task itself")
    params.numbers("extended_a_numbers", most=MAX_EXTENDED_A_NUMBERS)
    check_options(params)
    return params.values


def check_options(params: Fields) -> None:
    """Check the options of a callback that mean something; the others are kept as they are."""
    size = len(json.dumps(dict(params.values)))
    if size > MAX_OPTIONS:
        message = f"{size} characters of JSON: must have at most {MAX_OPTIONS}"
        params.faults.append(Fault(params.path, message))
    for name in _TEXT_PARAMS:
        params.text(name, most=MAX_NAME)
    for name in _NUMBER_PARAMS:
        if params.values.get(name) not in (None, ""):
            params.number(name)
    params.integer("wait_for_pickup", least=PICKUP[0], most=PICKUP[1], default=DEFAULT_PICKUP)
    params.integer("call_duration", least=1, most=LONGEST_CALL, default=LONGEST_CALL)
    params.flag("allow_public_transfer")
    for name in ("announce_sound_id", "dst_announce_sound_id"):
        params.integer(name, least=0, most=2**53, default=0)
    tones = params.text("dst_dtmf", most=64)
    if not _DTMF.fullmatch(tones):
        params.wrong("dst_dtmf", f"{quoted(tones)}: 0 to 9, *, #, W and w were expected")
    strategy = params.values.get("src_ring_strategy")
    if strategy is not None and strategy not in _RING_STRATEGIES:
        expected = " or ".join(_RING_STRATEGIES)
        params.wrong("src_ring_strategy", f"{quoted(strategy)}: {expected} was expected")


def read_variables(variables: Fields) -> Mapping[str, str]:
    """Read what is given to a callback."""
    if len(variables.values) > MAX_VARIABLES:
        variables.faults.append(
            Fault(variables.path, f"{len(variables.values)} variables: at most {MAX_VARIABLES}")
        )
    for name in variables.values:
        if not _VARIABLE_NAME.fullmatch(name):
            variables.wrong(name[:64], "is no name of a variable: 1 to 64 letters, digits and _")
        elif variables.values[name] is None:
            variables.wrong(name, "null: a string was expected")
    return {name: variables.text(name, most=MAX_VARIABLE) for name in variables.values}
