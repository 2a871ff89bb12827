"""What extensions are told of the calls of one attempt: which of them, and in which words.

The extension that an attempt is made for makes the calls: each is a `dial-out` of its own, but for
the call to itself. An extension that is called has a `dial-in`; one that calls itself as the A side
has nothing of that call (section 12.3).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from callwright.domain.callback import Attempt, ExtensionId, Task
from callwright.domain.clock import UnixTime
from callwright.domain.extension_event import EventRegistration, ExtensionEvent, TellMethod
from callwright.scheduler.attempt.call_status import CallStatus
from callwright.scheduler.attempt.order import CallbackOrder, Callee
from callwright.scheduler.attempt.recordings import record_uuid_of
from callwright.scheduler.events import EVENT_ID_PREFIX
from callwright.scheduler.requests.extension_shape import print_number
from callwright.scheduler.values import EventToTell, Extension, Telling

CALL_EVENTS: Final = frozenset(
    {
        ExtensionEvent.DIAL_IN,
        ExtensionEvent.DIAL_OUT,
        ExtensionEvent.ANSWER,
        ExtensionEvent.HANGUP,
    }
)
"""The events that happen."""

SUB_CALL_BYTES: Final = 16
"""Of a part's id: as long as a call's."""

_IN: Final = "in"
_OUT: Final = "out"
_TELLINGS: Final = {TellMethod.GET: Telling.FORM_GET, TellMethod.POST: Telling.FORM_POST}


@dataclass(frozen=True, slots=True)
class Leg:
    """One call of an attempt, as it was begun."""

    number: int
    """From 1, in the order in which they are placed."""
    callee: Callee
    caller_id: str
    """What the callee is shown; empty for nothing."""
    remote_number: str
    """The public number of whom the callee is to talk to; empty if he has none."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """How a call ended; of a call that died with its process nobody knows how long it was."""

    status: CallStatus
    is_bridged: bool
    duration: float | None
    """Seconds since the answer."""
    is_recorded: bool = False


@dataclass(frozen=True, slots=True)
class ExtensionCalls:
    """An attempt, and who wants to be told of its calls."""

    task: Task
    attempt: Attempt
    order: CallbackOrder
    extension: Extension
    """On whose behalf they are made."""
    registrations: Sequence[EventRegistration]
    domain: str
    """Of extensions."""

    def dialled(self, leg: Leg, at: UnixTime) -> list[EventToTell]:
        """Return what is told as a call begins."""
        return [
            self._event(leg, registration, fields | {"CallStatus": str(CallStatus.CALLING)}, at)
            for flow, extension_id, fields in self._views(leg)
            for registration in self._of(
                extension_id, ExtensionEvent.DIAL_IN if flow == _IN else ExtensionEvent.DIAL_OUT
            )
        ]

    def answered(self, leg: Leg, at: UnixTime) -> list[EventToTell]:
        """Return what is told as the callee answers."""
        return [
            self._event(leg, registration, fields | {"CallStatus": str(CallStatus.ANSWER)}, at)
            for _, extension_id, fields in self._views(leg)
            for registration in self._of(extension_id, ExtensionEvent.ANSWER)
        ]

    def hung_up(self, leg: Leg, how: HangUp, at: UnixTime) -> list[EventToTell]:
        """Return what is told as a call ends."""
        of_end = {"CallStatus": str(how.status), "Bridged": "yes" if how.is_bridged else "no"}
        if how.duration is not None:
            of_end["Duration"] = str(round(how.duration))
        if how.is_recorded:
            of_end["RecID"] = record_uuid_of(self.attempt.call_uuid)
        return [
            self._event(leg, registration, fields | of_end, at)
            for _, extension_id, fields in self._views(leg)
            for registration in self._of(extension_id, ExtensionEvent.HANGUP)
        ]

    def _views(self, leg: Leg) -> Iterator[tuple[str, ExtensionId, dict[str, str]]]:
        """Return for whom a call goes out and for whom it comes in, with what is said of it."""
        called, caller = leg.callee.extension, self.extension
        fields = self._fields(leg)
        if called is None or called.extension_id != caller.extension_id:
            transferred = {"Transfered": "yes"} if self._is_transfer(leg.callee) else {}
            yield _OUT, caller.extension_id, fields | {"CallFlow": _OUT} | transferred
        elif self._is_a(leg.callee):
            return
        if called is not None:
            remote = {"RemoteNumber": leg.remote_number} if leg.remote_number else {}
            yield _IN, called.extension_id, fields | {"CallFlow": _IN} | remote

    def _fields(self, leg: Leg) -> dict[str, str]:
        """Return what is said of a call to everybody; what has no value is left out."""
        wish, called = self.task.wish, leg.callee.extension
        part = hashlib.sha256(f"{self.attempt.call_uuid}.{leg.number}".encode()).digest()
        name = self.order.a_caller_name if self._is_a(leg.callee) else self.order.b_caller_name
        fields = {
            "CallID": self.attempt.call_uuid,
            "SubCallID": part[:SUB_CALL_BYTES].hex().upper(),
            "CallerIDNum": leg.caller_id or self.extension.number,
            "CallerIDName": name,
            "CallerExtension": self._address(self.extension),
            "CalledNumber": leg.callee.number,
            "CalledExtension": "" if called is None else self._address(called),
            "CallAPIID": wish.call_api_id or "",
            "CallBackID": str(self.task.task_id) if self._connects_others() else "",
        }
        return {field: value for field, value in fields.items() if value}

    def _event(
        self, leg: Leg, registration: EventRegistration, fields: dict[str, str], at: UnixTime
    ) -> EventToTell:
        event = registration.event
        what = f"{self.task.task_id}_{self.attempt.number}_{leg.number}_{event}"
        return EventToTell(
            f"{EVENT_ID_PREFIX}{what}_{registration.registration_id}",
            self.task.task_id,
            self.task.account_id,
            registration.url,
            event,
            urlencode({"EventType": str(event), **fields}).encode(),
            at,
            _TELLINGS[registration.method],
            self.attempt.call_uuid,
        )

    def _of(self, extension_id: ExtensionId, event: ExtensionEvent) -> Iterator[EventRegistration]:
        for registration in self.registrations:
            if registration.extension_id == extension_id and registration.event is event:
                yield registration

    def _connects_others(self) -> bool:
        """Whether the extension is none of those who are to talk."""
        parties = (*self.order.a_side, self.order.b_side)
        ids = {one.extension.extension_id for one in parties if one.extension is not None}
        return self.extension.extension_id not in ids

    def _is_a(self, callee: Callee) -> bool:
        return any(callee is one for one in self.order.a_side)

    def _is_transfer(self, callee: Callee) -> bool:
        transfers = self.order.transfers
        return any(callee is one for one in (transfers.after_a, transfers.after_b))

    def _address(self, extension: Extension) -> str:
        return f"{print_number(extension.account_id, extension.number)}@{self.domain}"
