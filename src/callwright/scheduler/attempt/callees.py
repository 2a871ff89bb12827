"""Whom the numbers of a task call, and which caller IDs they are shown."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from callwright.domain.callback import Task
from callwright.domain.destination import TelephoneNumber, parse_destination
from callwright.domain.ids import AccountId
from callwright.scheduler.attempt.order import CallbackOrder, Callee, TransferRule
from callwright.scheduler.attempt.recordings import recording_of_attempt
from callwright.scheduler.ports import CallbackQueueStore
from callwright.scheduler.requests.task_shape import DEFAULT_PICKUP, LONGEST_CALL
from callwright.scheduler.retries import shown_to
from callwright.scheduler.values import Extension

_PUBLIC: Final = re.compile(r"\+?[1-9][0-9]{5,14}", re.ASCII)
"""A full international number (ITU-T E.164); anything else is a number of the client's own."""

_PAUSES: Final = {"W": ",,", "w": ","}
"""A second and half a second, in pauses of half a second."""


class CallerIds(Protocol):
    """Which numbers an account may show."""

    async def may_show(self, account_id: AccountId, number: str) -> bool:
        """Whether this is one."""
        ...


@dataclass(frozen=True, slots=True)
class Callees:
    """Looks up what an attempt needs."""

    queues: CallbackQueueStore
    caller_ids: CallerIds

    async def order(self, task: Task, extension: Extension, attempt: int) -> CallbackOrder:
        """Return an attempt of a task as calls; the attempt's number counts from 1."""
        wish, params = task.wish, task.wish.callback_params
        account_id = task.account_id
        numbers = dict.fromkeys((wish.a_number, *_texts(params.get("extended_a_numbers"))))
        by = extension.number
        a_side = [await self._callee(account_id, number, by=by) for number in numbers]
        of_all = (_text(params, "caller_id_number"), extension.caller_id_number)
        of_a = (
            shown_to(wish.src_ani_numbers, attempt) or "",
            _text(params, "src_ani"),
            _text(params, "src_caller_id_number"),
        )
        name = _text(params, "caller_id_name") or extension.caller_id_name or extension.label
        of_b = (shown_to(wish.dst_ani_numbers, attempt) or "", _text(params, "dst_ani"))
        return CallbackOrder(
            account_id=account_id,
            # Who can be called comes first: the attempt's start is the call to the first.
            a_side=tuple(sorted(a_side, key=lambda callee: not callee.destination)),
            b_side=await self._callee(account_id, wish.b_number, by=by),
            a_caller_id=await self._first_shown(account_id, (*of_a, *of_all)),
            b_caller_id=await self._first_shown(account_id, (*of_b, *of_all)),
            ring_timeout=_seconds(params, "wait_for_pickup", DEFAULT_PICKUP),
            max_duration=_seconds(params, "call_duration", LONGEST_CALL),
            rings_one_by_one=params.get("src_ring_strategy") == "sequential",
            announcement=_sound(params, "announce_sound_id"),
            b_announcement=_sound(params, "dst_announce_sound_id"),
            b_keys="".join(_PAUSES.get(key, key) for key in _text(params, "dst_dtmf")),
            transfers=await self._transfers(account_id, params, by=by),
            a_caller_name=_text(params, "src_caller_id_name") or name,
            b_caller_name=name,
            recording=recording_of_attempt(task, extension),
        )

    async def _transfers(
        self, account_id: AccountId, params: Mapping[str, object], *, by: str
    ) -> TransferRule:
        after_a = _text(params, "transfer_after_src_hangup")
        after_b = _text(params, "transfer_after_dst_hangup")
        return TransferRule(
            after_a=await self._callee(account_id, after_a, by=by) if after_a else None,
            after_b=await self._callee(account_id, after_b, by=by) if after_b else None,
            allows_public=params.get("allow_public_transfer") is not False,
        )

    async def _callee(self, account_id: AccountId, number: str, *, by: str) -> Callee:
        """Find what a number calls: an extension's telephone, or the public network.

        `by` is the number of the extension that calls.
        """
        short = number.rpartition("*")[2]
        # What begins with + is nobody's short number, and most numbers do.
        if short.isdecimal():
            extension = await self.queues.extension_by_number(account_id, short)
            if extension is not None:
                to = extension.destination
                return Callee(number, to, extension=extension, shown="" if _leaves(to) else by)
        if _PUBLIC.fullmatch(number):
            return Callee(number, f"tel:{number}", is_public=True)
        return Callee(number, "")

    async def _first_shown(self, account_id: AccountId, numbers: Iterable[str]) -> str:
        """Return the first that may be shown; one that may not is passed over, not refused."""
        for number in numbers:
            digits = number.removeprefix("+")
            if digits and await self.caller_ids.may_show(account_id, digits):
                return digits
        return ""


def _leaves(destination: str) -> bool:
    """Whether a call to an extension goes out to the telephone network."""
    return bool(destination) and isinstance(parse_destination(destination), TelephoneNumber)


def _text(params: Mapping[str, object], name: str) -> str:
    value = params.get(name)
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else ()


def _seconds(params: Mapping[str, object], name: str, default: int) -> float:
    """Read seconds that were checked when the task was added."""
    value = params.get(name)
    return float(value) if isinstance(value, (int, str)) else float(default)


def _sound(params: Mapping[str, object], name: str) -> str:
    """Name the media file of a sound: `sounds/<id>.wav` in the client's store (assumed)."""
    value = params.get(name)
    return f"sounds/{value}.wav" if value not in (None, 0, "0", "") else ""
