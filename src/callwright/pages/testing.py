"""A call that is none: runs an application as the platform would, on virtual time.

    call = TestCall(app)
    call.answer()
    assert call.says("press one")
    call.press("1")
    assert call.page_history == ["/first", "/confirmed"]

Nothing that is played takes time; time passes in `wait` alone. Every verb runs the application
until it waits for somebody, and forgets what `says` heard before.
"""

from typing import ClassVar

from .application import Application
from .page import Page
from .rehearsal_events import CalleeAnswered, CalleeFailed, Event, Key, Said
from .rehearsal_flow import Flow, SimulatedCall
from .rehearsal_stage import INSTANCE_ID, Stage, Visit


class TestParty:
    """Somebody on the telephone."""

    __test__: ClassVar = False
    """Not a class of tests, whatever pytest makes of its name."""

    def __init__(self, stage: Stage, flow: Flow) -> None:
        """Begin at one end of a call."""
        self._stage = stage
        self._flow = flow

    @property
    def heard(self) -> list[str]:
        """All that this end was let hear: texts, `[files]`, `[keys]` and `[beep]`."""
        return list(self._flow.heard)

    @property
    def state(self) -> str:
        """`ringing`, `inbound`, `answered` or `idle`."""
        return self._flow.call.state

    def says(self, text: str) -> bool:
        """Whether the application said this since the last verb."""
        since = self._stage.marks.get(self._flow, 0)
        return any(text in said for said in self._flow.heard[since:])

    def press(self, keys: str) -> None:
        """Press keys, one after the other."""
        self._begin()
        for key in keys:
            self._send(Key(key))

    def speak(self, text: str, *, seconds: float = 1.0) -> None:
        """Say something that lasts so long; what follows is silence."""
        self._begin()
        self._send(Said(text, seconds))

    def type_ahead(self, keys: str) -> None:
        """Press keys as soon as the next thing is played: barge-in and type-ahead."""
        self._flow.early_keys += list(keys)

    def hang_up(self) -> None:
        """Hang up."""
        self._begin()
        self._stage.hang_up(self._flow)

    def _begin(self) -> None:
        if self._flow.call.state == "idle":
            raise AssertionError("this call is over")
        self._stage.mark()

    def _send(self, event: Event) -> None:
        self._flow.send(event)
        self._stage.settle()


class TestCall(TestParty):
    """The primary call of an instance, and what else happens to it."""

    def __init__(
        self,
        application: Application,
        *,
        inbound: bool = False,
        call_from: str = "441632960961",
        call_to: str = "441632960100",
        token: str | None = None,
        parameters: dict[str, str] | None = None,
    ) -> None:
        """Begin before it is answered; `token` and `parameters` are what `service_start` gave."""
        known = {"application_parameters": "", **({} if inbound else {"outbound_parameters": ""})}
        stage = Stage(application, known | (parameters or {}), token)
        direction, state = ("in", "inbound") if inbound else ("out", "ringing")
        call = SimulatedCall(f"{INSTANCE_ID}.1", direction, call_from, call_to, state)
        stage.primary = Flow(stage, call)
        super().__init__(stage, stage.primary)

    def answer(self, *, far_end_type: str | None = None) -> None:
        """Let the called party answer an outbound call; `far_end_type` is what was classified."""
        if self.state != "ringing":
            raise AssertionError(f"an outbound call that rings is answered, not one {self.state}")
        self._flow.call.far_end_type = far_end_type
        self._flow.answer()
        self._ask_first()

    def arrive(self) -> None:
        """Let an inbound call arrive."""
        if self.state != "inbound" or self.visits:
            raise AssertionError("an inbound call arrives, once")
        self._ask_first()

    def not_answered(self, cause: str = "no_answer", raw_cause: str = "480") -> None:
        """Let an outbound call fail: only the final page is asked."""
        self._begin()
        self._stage.end(cause, raw_cause)

    def wait(self, seconds: float) -> None:
        """Let time go by in silence."""
        self._stage.mark()
        self._stage.pass_time(seconds)

    def callee_answers(
        self, destination: str | None = None, *, far_end_type: str | None = None
    ) -> None:
        """Let a destination of `connect` answer, or the conference; None: the first that rings."""
        self._begin()
        self._send(CalleeAnswered(self._ringing(destination), far_end_type))

    def callee_fails(self, destination: str | None = None) -> None:
        """Let a destination of `connect` be busy, or not be there."""
        self._begin()
        self._send(CalleeFailed(self._ringing(destination)))

    def interrupt(self, redirect_page: Page | None = None) -> None:
        """Interrupt the instance from outside, as `rest_interrupt` does."""
        self._begin()
        self._stage.interrupt(redirect_page)

    def fail(self, code: str, text: str = "it went wrong") -> None:
        """Let the action that runs fail, with a code of the protocol's section 8.1."""
        self._begin()
        self._flow.fail(code, text)

    def transcribe(self, text: str, *, direction: str = "inbound") -> None:
        """Let the running transcription tell its page of a phrase."""
        if self._stage.transcription is None:
            raise AssertionError("no transcription runs")
        phrase = {"alternatives": [{"text": text}], "final": True, "direction": direction}
        self._stage.tell_transcription(self._flow, [phrase], completed=False)

    @property
    def secondary(self) -> TestParty:
        """Whoever answered the `connect`."""
        if self._stage.secondary is None:
            raise AssertionError("there is no secondary call")
        return TestParty(self._stage, self._stage.secondary)

    @property
    def ringing(self) -> list[str]:
        """Destinations of `connect` that neither answered nor failed."""
        return list(self._stage.ringing)

    def is_joined(self) -> bool:
        """Whether the two calls hear each other."""
        return self._stage.joined

    @property
    def cause(self) -> str | None:
        """Why the call ended, once it has."""
        return self._flow.call.cause

    @property
    def raw_cause(self) -> str | None:
        """The SIP status of that."""
        return self._flow.call.raw_cause

    @property
    def token(self) -> str | None:
        """What the next page will be told."""
        return self._stage.token

    @property
    def visits(self) -> list[Visit]:
        """Every page that was asked, in order."""
        return list(self._stage.visits)

    @property
    def page_history(self) -> list[str]:
        """The paths of those."""
        return [visit.path for visit in self._stage.visits]

    @property
    def deleted_files(self) -> list[str]:
        """Media files that the application had deleted."""
        return list(self._stage.deleted_files)

    def _ask_first(self) -> None:
        first = self._stage.application.first
        if first is None:
            raise AssertionError("the application has no first page")
        self._begin()
        self._flow.start(first)
        self._stage.settle()

    def _ringing(self, destination: str | None) -> str:
        if not self.ringing or (destination or self.ringing[0]) not in self.ringing:
            raise AssertionError(f"{destination or 'nobody'} does not ring: {self.ringing} do")
        return destination or self.ringing[0]
