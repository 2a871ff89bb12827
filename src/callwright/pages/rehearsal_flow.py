"""One call's list of actions, run on virtual time: sections 1.4 and 4 of the page protocol."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from .calling import (
    Answer,
    Connect,
    ConnectToConference,
    DeleteFile,
    HangUp,
    ReceiveFax,
    Redirect,
    Reject,
    SendFax,
    Sleep,
)
from .inputs import (
    GetInput,
    GetNumber,
    Record,
    RunMenu,
    RunSpeechMenu,
    StartTranscription,
    StopTranscription,
)
from .media import File, Media, Play, Playable, Text, play_of
from .node import Action
from .page import Link, Page
from .rehearsal_events import (
    ActionFails,
    CallEnds,
    Doing,
    Event,
    Following,
    Key,
    Said,
    TimeUp,
)
from .rehearsal_inputs import get_input, get_number, run_menu, run_speech_menu
from .response import Response

HUNG_UP_BY_LIST: Final = ("completed", "200")
"""Cause and SIP status when the platform hangs up."""

_ANSWERS: Final = (
    *(Play, GetInput, GetNumber, RunMenu, RunSpeechMenu, Record, Connect),
    *(ConnectToConference, SendFax, ReceiveFax, StartTranscription),
)
"""Actions that answer an inbound call (A-03)."""

_KEEPS_KEYS: Final = (Play, GetInput, GetNumber, RunMenu, RunSpeechMenu)
"""Actions that leave waiting keys for the next (A-31)."""


@dataclass(slots=True)
class SimulatedCall:
    """A call that is none."""

    call_id: str
    direction: str
    call_from: str
    call_to: str
    state: str
    cause: str | None = None
    raw_cause: str | None = None
    answered_at: float = 0.0
    far_end_type: str | None = None

    def document(self, now: float, parameters: dict[str, str]) -> dict[str, object]:
        """Print it as a page is told."""
        told: dict[str, object] = {
            "call_id": self.call_id,
            "call_direction": self.direction,
            "call_from": self.call_from,
            "call_to": self.call_to,
            "call_target": self.call_to,
            "call_divert": "",
            "seconds_call_duration": round(now - self.answered_at, 1),
            "call_state": self.state,
            **parameters,
        }
        if self.direction == "in":
            told["call_attestation"] = ""
        optional = {
            "far_end_type": self.far_end_type,
            "call_cause": self.cause,
            "call_raw_cause": self.raw_cause,
        }
        return told | {name: value for name, value in optional.items() if value is not None}


class Platform(Protocol):
    """What a flow needs of the stage it plays on."""

    now: float

    def ask(self, flow: "Flow", page: Page, **told: object) -> Response:
        """Ask a page."""
        ...

    def error_page(self, flow: "Flow") -> Page | None:
        """Return the page that is told of this call's errors."""
        ...

    def connect(
        self, flow: "Flow", action: Connect | ConnectToConference
    ) -> Doing[Following | None]:
        """Make a second call."""
        ...

    def delete(self, name: str) -> None:
        """Delete a file."""
        ...

    def store_recording(self, flow: "Flow", *, contains_sound: bool) -> dict[str, object]:
        """End the flow's recording, and tell whoever wants to know."""
        ...

    def transcribe(self, flow: "Flow", action: StartTranscription | None) -> None:
        """Begin a transcription, or end the one that runs."""
        ...

    def over(self, flow: "Flow") -> None:
        """Hear that the flow's list is done, or its call gone."""
        ...


@dataclass(slots=True, eq=False)
class Flow:
    """The pages and lists of one call."""

    platform: Platform
    call: SimulatedCall
    page_path: str = ""
    """Of the page whose list runs: relative URLs are seen from there."""
    heard: list[str] = field(default_factory=list)
    """What the far end was let hear, in order."""
    keys: list[str] = field(default_factory=list)
    early_keys: list[str] = field(default_factory=list)
    """To be pressed as soon as something is played."""
    queue: list[Action] = field(default_factory=list)
    current: Action | None = None
    recording: tuple[Record, float] | None = None
    """What is being recorded, and since when."""
    is_over: bool = False
    ended_by: CallEnds | None = None
    """Set when the list has ended the call; None when there was nothing left in it."""
    deadline: float | None = None
    _doing: Doing[None] | None = None

    @property
    def now(self) -> float:
        """Seconds of virtual time."""
        return self.platform.now

    def start(self, page: Page, **told: object) -> None:
        """Ask a page, and run what it answers with."""
        self._doing = self._guarded(page, told)
        self._advance(None)

    def send(self, event: Event) -> None:
        """Let something happen to the call."""
        if self._doing is not None:
            self._advance(event)

    def stop(self) -> None:
        """Stop whatever runs: the call is gone."""
        doing, self._doing, self.deadline = self._doing, None, None
        if doing is not None:
            doing.close()

    def play(self, playable: Playable | None, *, barge_in: bool = True) -> None:
        """Let the far end hear something; an early key skips what is left of it."""
        if playable is None:
            return
        play = play_of(playable)
        stops = barge_in if play.barge_in_on_digit is None else play.barge_in_on_digit
        for medium in play.media:
            self.heard.append(_sound(medium))
            was_pressed = bool(self.early_keys)
            self.keys += self.early_keys
            self.early_keys.clear()
            if was_pressed and stops:
                break

    def fail(self, code: str, text: str) -> None:
        """Let the action that runs go wrong."""
        name = self.current.wire_name if self.current else ""
        if self._doing is not None:
            doing = self._doing
            self._step(lambda: doing.throw(ActionFails(name, code, text)))

    def _advance(self, event: Event | None) -> None:
        doing = self._doing
        if doing is None:
            return
        self._step(lambda: doing.send(event))  # type: ignore[arg-type] # None begins a generator
        while self._doing is doing and self.deadline is not None and self.deadline <= self.now:
            self._step(lambda: doing.send(TimeUp()))

    def _step(self, step: Callable[[], float | None]) -> None:
        try:
            self.deadline = step()
        except StopIteration:
            self._doing = self.deadline = None
            self.is_over = True
            self.platform.over(self)

    def _guarded(self, page: Page, told: dict[str, object]) -> Doing[None]:
        try:
            yield from self._run(page, told)
        except CallEnds as end:
            self.ended_by = end
        except ActionFails as failure:
            yield from self._apologise(failure)
            self.ended_by = self.ended_by or CallEnds("failed", "200")

    def _apologise(self, failure: ActionFails) -> Doing[None]:
        """Ask the error page, and run what it says; a second error ends that (A-19)."""
        page = self.platform.error_page(self)
        if page is None:
            return
        error = {"action": failure.action, "result": failure.text, "code": failure.code}
        try:
            yield from self._run(page, {"error_result": error})
        except (ActionFails, CallEnds):
            return

    def _run(self, page: Page, told: dict[str, object]) -> Doing[None]:
        self.queue = list(self.platform.ask(self, page, **told).listed)
        while self.queue:
            self.current = self.queue.pop(0)
            if self.call.state == "inbound" and isinstance(self.current, _ANSWERS):
                self.answer()
            if not isinstance(self.current, _KEEPS_KEYS):
                self.keys.clear()
            following = yield from _perform(self, self.current)
            if following is not None:
                result = following.action_result
                told = {} if result is None else {"action_result": result}
                self.queue = list(self.platform.ask(self, following.page, **told).listed)
        self.current = None

    def answer(self) -> None:
        """Answer the call."""
        self.call.state, self.call.answered_at = "answered", self.now


def _perform(flow: Flow, action: Action) -> Doing[Following | None]:
    perform = _PERFORMERS.get(type(action))
    if perform is None:
        raise ActionFails(action.wire_name, "invalid_state", f"{action.wire_name} is not rehearsed")
    following: Following | None = yield from perform(flow, action)
    return following


def _play(flow: Flow, action: Play) -> Doing[None]:
    flow.play(action)
    yield from ()


def _record(flow: Flow, action: Record) -> Doing[Following]:
    if action.beep_on_start:
        flow.heard.append("[beep]")
    flow.recording = (action, flow.now)
    silence = action.milliseconds_max_silence / 1000
    initial = action.milliseconds_max_initial_silence / 1000 or silence
    ends_at, quiet_at, has_sound = flow.now + action.seconds_max_duration, flow.now + initial, False
    while True:
        match (yield min(ends_at, quiet_at)):
            case Said(seconds=seconds):
                quiet_at, has_sound = flow.now + seconds + silence, True
            case Key(key) if key in action.barge_in_digits:
                break
            case TimeUp():
                break
    stored = flow.platform.store_recording(flow, contains_sound=has_sound)
    return Following(action.next_page, stored)


def _sleep(flow: Flow, action: Sleep) -> Doing[None]:
    until = flow.now + action.seconds
    while True:
        event = yield until
        if isinstance(event, Key):
            flow.keys.append(event.key)
        if isinstance(event, TimeUp):
            return


def _reject(flow: Flow, action: Reject) -> Doing[None]:
    yield from ()
    if flow.call.state != "inbound":
        raise ActionFails("reject", "invalid_state", "reject: the call is answered")
    raise CallEnds("completed", action.raw_cause or _REFUSALS[action.cause])


def _connect(flow: Flow, action: Connect | ConnectToConference) -> Doing[Following | None]:
    return (yield from flow.platform.connect(flow, action))


def _at_once(
    do: Callable[[Flow, Any], Following | None],
) -> Callable[[Flow, Any], Doing[Any]]:  # any action
    def perform(flow: Flow, action: Action) -> Doing[Following | None]:
        yield from ()
        return do(flow, action)

    return perform


def _hang_up(_flow: Flow, _action: HangUp) -> None:
    raise CallEnds(*HUNG_UP_BY_LIST)


def _answer(flow: Flow, _action: Answer) -> None:
    if flow.call.state == "inbound":
        flow.answer()


_PERFORMERS: Final[
    dict[type[Action], Callable[[Flow, Any], Doing[Any]]]
] = {  # one action type each
    Play: _play,
    GetNumber: get_number,
    GetInput: get_input,
    RunMenu: run_menu,
    RunSpeechMenu: run_speech_menu,
    Record: _record,
    Connect: _connect,
    ConnectToConference: _connect,
    Answer: _at_once(_answer),
    Reject: _reject,
    HangUp: _at_once(_hang_up),
    Redirect: _at_once(lambda _, action: Following(action.next_page)),
    Sleep: _sleep,
    DeleteFile: _at_once(lambda flow, action: flow.platform.delete(action.file_to_delete)),
    StartTranscription: _at_once(lambda flow, action: flow.platform.transcribe(flow, action)),
    StopTranscription: _at_once(lambda flow, _: flow.platform.transcribe(flow, None)),
}

_REFUSALS: Final = {
    "busy": "486",
    "noanswer": "480",
    "unobtainable": "404",
    "changed": "410",
    "outoforder": "502",
    "barred": "403",
    "rejected": "603",
    "nochannels": "503",
    "congestion": "503",
}
"""From causes to SIP (A-76)."""


def _sound(medium: Media) -> str:
    match medium:
        case Text(text):
            return text
        case File(Link(url)):
            return f"[{url}]"
        case File(name):
            return f"[{name}]"
        case _:
            return f"[{medium.digits_to_play}]"
