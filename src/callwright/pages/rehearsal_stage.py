"""A platform without telephones: asks an application's pages as the real one does."""

import json
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin, urlsplit

from .application import Application, PageHandle, relative_url
from .calling import Connect, ConnectToConference, DeleteFile, SecondaryCall
from .info import InstanceInfo
from .inputs import StartTranscription
from .page import Link, Page
from .rehearsal_events import (
    ActionFails,
    CalleeAnswered,
    CalleeFailed,
    Doing,
    Following,
    Key,
    SecondaryMoved,
    TimeUp,
)
from .rehearsal_flow import Flow, SimulatedCall
from .response import Response

INSTANCE_ID: Final = "7e57ca11c0ffee00.1"
"""Of every rehearsed instance: none is told from another by it."""

MOST_PAGES: Final = 100
"""Pages without anything that takes time: beyond that it is a loop (A-53)."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One page that was asked, what it was told and what it answered."""

    path: str
    info: InstanceInfo
    response: Response


@dataclass(slots=True, eq=False)
class Stage:
    """The application instance: one primary call, perhaps a secondary one, one token, one clock."""

    application: Application
    parameters: dict[str, str]
    """Of `this_call`: what the service and its caller gave along."""
    token: str | None
    now: float = 0.0
    visits: list[Visit] = field(default_factory=list)
    deleted_files: list[str] = field(default_factory=list)
    primary: Flow | None = None
    secondary: Flow | None = None
    ringing: list[str] = field(default_factory=list)
    """Destinations of a `connect` that neither answered nor failed."""
    joined: bool = False
    """Whether the two calls hear each other."""
    dropped: list[SimulatedCall] = field(default_factory=list)
    transcription: StartTranscription | None = None
    marks: dict[Flow, int] = field(default_factory=dict)
    """How much each end had heard when the test last did something."""
    _pages_at_once: int = 0
    _recordings: int = 0
    _options: SecondaryCall = field(default_factory=SecondaryCall)

    def ask(self, flow: Flow, page: Page, **told: object) -> Response:
        """Ask a page that steers a call."""
        self._pages_at_once += 1
        if self._pages_at_once > MOST_PAGES:
            text = f"more than {MOST_PAGES} pages without anything that takes time"
            raise ActionFails("", "too_many_requests", text)
        call = flow.call.document(self.now, self.parameters)
        handle = self._handle(page, flow.page_path)
        response = self._visit(handle, {"this_call": call, **told}, token=self.token)
        flow.page_path = handle.path
        self.token = response.token
        return response

    def notify(self, page: Page, seen_from: str, **told: object) -> None:
        """Tell a notification page."""
        handle = self._handle(page, seen_from)
        self._visit(handle, {"is_notification": True, **told}, token=self.token)

    def error_page(self, flow: Flow) -> Page | None:
        """Return the page that is told of a call's errors."""
        self._pages_at_once = 0
        if flow is self.secondary and self._options.error_page is not None:
            return self._options.error_page
        return self.application.error

    def mark(self) -> None:
        """Remember what was heard up to now."""
        for flow in (self.primary, self.secondary):
            if flow is not None:
                self.marks[flow] = len(flow.heard)

    def hang_up(self, flow: Flow) -> None:
        """Let a far end hang up."""
        if flow is self.primary:
            self.end("hung_up", "200")
            return
        flow.stop()
        self._close(flow.call, "hung_up", "200")
        flow.is_over = True
        self.settle()

    def interrupt(self, page: Page | None) -> None:
        """Stop what runs; a page may go on, without one the instance ends (7)."""
        flow = self.primary
        if flow is None or page is None:
            self.end("completed", "200")
            return
        action = flow.current.wire_name if flow.current else ""
        flow.stop()
        self.ringing.clear()
        self._end_secondary("dropped")
        flow.recording = None
        told = {"action": action, "interrupted": True}
        flow.start(page, **({"action_result": told} if action else {}))
        self.settle()

    def pass_time(self, seconds: float) -> None:
        """Let time go by, moment by moment."""
        until = self.now + seconds
        while True:
            waiting = [flow for flow in (self.primary, self.secondary) if flow is not None]
            due = [flow for flow in waiting if flow.deadline is not None and flow.deadline <= until]
            if not due:
                break
            flow = min(due, key=lambda one: one.deadline or 0.0)
            self.now = max(self.now, flow.deadline or 0.0)
            self._pages_at_once = 0
            flow.send(TimeUp())
            self.settle()
        self.now = until

    def settle(self) -> None:
        """Let the primary call see that the secondary one's flow is over."""
        self._pages_at_once = 0
        if self.secondary is not None and self.secondary.is_over and self.primary is not None:
            self.primary.send(SecondaryMoved())

    def over(self, flow: Flow) -> None:
        """Hear that a flow's list is done; a primary call then ends, a secondary one is joined."""
        if flow is not self.primary:
            return
        cause = flow.ended_by
        self.end(cause.cause if cause else "completed", cause.raw_cause if cause else "200")

    def end(self, cause: str, raw_cause: str) -> None:
        """End the primary call, and with it the instance."""
        flow = self.primary
        if flow is None or flow.call.state == "idle":
            return
        flow.stop()
        self._end_secondary("dropped")
        self.transcribe(flow, None)
        self._close(flow.call, cause, raw_cause)
        if self.application.final is not None:
            self._pages_at_once = 0
            self._tidy(self.ask(flow, self.application.final))
        if flow.recording is not None:
            self.store_recording(flow, contains_sound=True)

    def delete(self, name: str) -> None:
        """Delete a file."""
        self.deleted_files.append(name)

    def store_recording(self, flow: Flow, *, contains_sound: bool) -> dict[str, object]:
        """End a recording, give its result, and tell the page that wants to know of the file."""
        if flow.recording is None:
            raise ValueError("nothing is recorded")
        (action, since), flow.recording = flow.recording, None
        self._recordings += 1
        result = {
            "id": action.id,
            "filename": f"rest_recordings/{INSTANCE_ID}_{self._recordings}.wav",
            "contains_sound": contains_sound,
            "seconds_duration": round(self.now - since, 1),
        }
        told: dict[str, object] = {"action": action.wire_name, "result": result}
        if action.recording_available_page is not None:
            self.notify(action.recording_available_page, flow.page_path, action_result=told)
        return told

    def transcribe(self, flow: Flow, action: StartTranscription | None) -> None:
        """Begin a transcription; the one that runs is told to be complete."""
        self.tell_transcription(flow, [], completed=True)
        self.transcription = action

    def tell_transcription(self, flow: Flow, phrases: list[object], *, completed: bool) -> None:
        """Tell the results page what was said, where there is one."""
        if (running := self.transcription) is None:
            return
        result = {"id": running.id, "completed": completed, "transcription": phrases}
        told = {"action": running.wire_name, "result": result}
        self.notify(running.results_page, flow.page_path, action_result=told)

    def connect(self, flow: Flow, action: Connect | ConnectToConference) -> Doing[Following | None]:
        """Call a destination or a conference, and join the calls until they part."""
        if flow is not self.primary:
            raise ActionFails(action.wire_name, "invalid_state", "a secondary call's flow connects")
        if isinstance(action, Connect):
            self.ringing = list(action.destinations)
        else:
            self.ringing = [f"con:{action.name}"]
        self._options = action.secondary_call or SecondaryCall()
        flow.play(action.hold_media, barge_in=False)
        ring_until = self.now + action.seconds_answer_timeout
        while self.ringing:
            match (yield ring_until):
                case CalleeFailed(destination):
                    self.ringing.remove(destination)
                case CalleeAnswered(destination, kind) if _is_unwanted(action, kind):
                    self.ringing.remove(destination)
                case CalleeAnswered(destination, kind):
                    self._answered(flow, destination, kind)
                    return (yield from self._join(action))
                case TimeUp():
                    self.ringing.clear()
        return None

    def _answered(self, flow: Flow, destination: str, kind: str | None) -> None:
        losers = [other for other in self.ringing if other != destination]
        self.ringing.clear()
        self.dropped = [self._secondary(flow, loser, None) for loser in losers]
        for call in self.dropped:
            self._close(call, "dropped", "487")
        self.secondary = Flow(self, self._secondary(flow, destination, kind), flow.page_path)

    def _join(self, action: Connect | ConnectToConference) -> Doing[Following | None]:
        secondary = self.secondary
        if secondary is None:
            return None
        if self._options.first_page is not None:
            secondary.start(self._options.first_page)
            while not secondary.is_over:
                yield None
            if secondary.ended_by is not None or secondary.call.state == "idle":
                self._end_secondary("completed")
                return None
            secondary.is_over = False
        self.joined, joined_at = True, self.now
        until = joined_at + self._options.minutes_max_call_duration * 60
        exit_key = _exit_key(action)
        while True:
            event = yield until
            if isinstance(event, TimeUp | SecondaryMoved):
                break
            if isinstance(event, Key) and event.key == exit_key:
                break
        self._end_secondary("completed")
        if action.next_page is None:
            return None
        seconds = round(self.now - joined_at, 1)
        result = {"seconds_connected_duration": seconds}
        return Following(action.next_page, {"action": action.wire_name, "result": result})

    def _secondary(self, flow: Flow, to: str, kind: str | None) -> SimulatedCall:
        number = len(self.dropped) + 2
        return SimulatedCall(
            f"{INSTANCE_ID}.{number}", "out", flow.call.call_from, to, "answered",
            answered_at=self.now, far_end_type=kind,
        )  # fmt: skip

    def _end_secondary(self, cause: str) -> None:
        flow, self.secondary, self.joined = self.secondary, None, False
        if flow is None:
            return
        flow.stop()
        if flow.call.state != "idle":
            self._close(flow.call, cause, "200")
        if self._options.final_page is not None:
            calls = [call.document(self.now, {}) for call in self.dropped]
            self._tidy(self.ask(flow, self._options.final_page, dropped_calls=calls))

    def _close(self, call: SimulatedCall, cause: str, raw_cause: str) -> None:
        call.state, call.cause, call.raw_cause = "idle", cause, raw_cause

    def _tidy(self, response: Response) -> None:
        """Run what a final page may want: deleting files (A-06)."""
        for action in response.listed:
            if isinstance(action, DeleteFile):
                self.delete(action.file_to_delete)

    def _visit(self, page: PageHandle, told: dict[str, object], *, token: str | None) -> Response:
        document = {
            "application_instance_id": INSTANCE_ID,
            "token": token,
            "log_filename": f"rest_{INSTANCE_ID}.log",
            "is_notification": False,
            "api_version": "2.0",
            **told,
        }
        info = InstanceInfo.parse(json.dumps(document).encode())
        response = self.application.respond(page, info)
        response.body(lambda other: relative_url(other, seen_from=page.path))
        self.visits.append(Visit(page.path, info, response))
        return response

    def _handle(self, page: Page, seen_from: str) -> PageHandle:
        if isinstance(page, str | Link):
            url = page if isinstance(page, str) else page.url
            path = urlsplit(urljoin(seen_from, url)).path
        else:
            path = page.path
        handle = self.application.pages.get(path)
        if handle is None:
            known = ", ".join(sorted(self.application.pages))
            raise LookupError(f"{path!r} is no page of the application: it has {known}")
        return handle


def _is_unwanted(action: Connect | ConnectToConference, kind: str | None) -> bool:
    """Whether a machine has answered where one is to be hung up on (A-46)."""
    classify = action.classify_callee if isinstance(action, Connect) else None
    if classify is None or not classify.enable:
        return False
    is_machine = kind == "answering_machine" and classify.hang_up_on_answering_machine
    return is_machine or (kind == "fax_machine" and classify.hang_up_on_fax_machine)


def _exit_key(action: Connect | ConnectToConference) -> str | None:
    if isinstance(action, Connect) or action.conference_participant is None:
        return None
    return action.conference_participant.exit_digit or None
