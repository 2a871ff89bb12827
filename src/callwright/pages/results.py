"""What an action came to: `action_result` and `action_progress`, section 2 of the protocol."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from .reading import Members

Extra: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One reading of what was said."""

    text: str
    confidence: float | None = None
    """0 to 1; of the first reading of a final phrase."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something that was said, best reading first."""

    alternatives: tuple[Alternative, ...]
    final: bool = True
    stability: float | None = None
    direction: str | None = None
    """`inbound` or `outbound`."""
    translation: str | None = None
    extra: Extra = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The best reading, or nothing."""
        return self.alternatives[0].text if self.alternatives else ""


@dataclass(frozen=True, slots=True)
class GetNumberResult:
    """The digits, without the end digit."""

    entered_number: str
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GetInputResult:
    """The digits, or what was said; the other is empty."""

    digits: str
    speech: tuple[Phrase, ...]
    extra: Extra = field(default_factory=dict)

    @property
    def spoken(self) -> str:
        """All that was said, each phrase in its best reading."""
        return " ".join(phrase.text for phrase in self.speech)


@dataclass(frozen=True, slots=True)
class RunMenuResult:
    """The key of the option."""

    selected_digit: str
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunSpeechMenuResult:
    """The key or the phrase of the option; the other is empty."""

    selected_digit: str
    selected_word: str
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordResult:
    """A recording, also where it was made available."""

    id: str
    filename: str
    contains_sound: bool
    seconds_duration: float
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConnectResult:
    """Of `connect` and `connect_to_conference`: how long the calls were joined."""

    seconds_connected_duration: float
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TranscriptionResult:
    """Of `start_transcription` and of a translator."""

    id: str
    transcription: tuple[Phrase, ...]
    completed: bool
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FaxResult:
    """Of `send_fax` and `receive_fax`."""

    id: str
    filename: str
    succeeded: bool
    cause: str
    pages: int
    """Sent or received."""
    remote_id: str
    negotiated_settings: Extra = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The action was interrupted from outside: it has no result."""


@dataclass(frozen=True, slots=True)
class OtherResult:
    """Of an action that this version does not know."""

    result: Extra


Result: TypeAlias = (
    GetNumberResult
    | GetInputResult
    | RunMenuResult
    | RunSpeechMenuResult
    | RecordResult
    | ConnectResult
    | TranscriptionResult
    | FaxResult
    | Interrupted
    | OtherResult
)


@dataclass(frozen=True, slots=True)
class ActionResult:
    """Which action it was, and what it came to."""

    action: str
    """Its wire name."""
    result: Result
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActionProgress:
    """How far a fax has come."""

    action: str
    id: str
    pages: int
    """Sent or received."""
    negotiated_settings: Extra = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)


def read_action_result(members: Members) -> ActionResult:
    """Read `action_result`; without a `result` the action was interrupted."""
    action = members.required_text("action")
    members.flag("interrupted")
    inner = members.inner("result")
    if inner is None:
        return ActionResult(action, Interrupted(), members.extra())
    read = _READERS.get(action)
    result = OtherResult(inner.members) if read is None else read(inner)
    return ActionResult(action, result, members.extra())


def read_action_progress(members: Members) -> ActionProgress:
    """Read `action_progress`."""
    action = members.required_text("action")
    inner = members.inner("progress") or Members(members.at("progress"), {})
    return ActionProgress(
        action, inner.text("id"), _pages(inner), _settings(inner), extra=inner.extra()
    )


def _phrase(members: Members) -> Phrase:
    return Phrase(
        members.listed("alternatives", _alternative),
        members.flag("final"),
        members.maybe_number("stability"),
        members.maybe_text("direction"),
        members.maybe_text("translation"),
        members.extra(),
    )


def _alternative(members: Members) -> Alternative:
    return Alternative(members.text("text"), members.maybe_number("confidence"))


def _get_number(members: Members) -> GetNumberResult:
    return GetNumberResult(members.required_text("entered_number"), members.extra())


def _get_input(members: Members) -> GetInputResult:
    digits, speech = members.text("digits"), members.listed("speech", _phrase)
    return GetInputResult(digits, speech, members.extra())


def _run_menu(members: Members) -> RunMenuResult:
    return RunMenuResult(members.text("selected_digit"), members.extra())


def _run_speech_menu(members: Members) -> RunSpeechMenuResult:
    digit, word = members.text("selected_digit"), members.text("selected_word")
    return RunSpeechMenuResult(digit, word, members.extra())


def _record(members: Members) -> RecordResult:
    return RecordResult(
        members.text("id"),
        members.required_text("filename"),
        members.flag("contains_sound"),
        members.number("seconds_duration"),
        members.extra(),
    )


def _connect(members: Members) -> ConnectResult:
    return ConnectResult(members.number("seconds_connected_duration"), members.extra())


def _transcription(members: Members) -> TranscriptionResult:
    return TranscriptionResult(
        members.text("id"),
        members.listed("transcription", _phrase),
        members.flag("completed"),
        members.extra(),
    )


def _fax(members: Members) -> FaxResult:
    return FaxResult(
        members.text("id"),
        members.text("filename"),
        members.flag("succeeded"),
        members.text("cause"),
        _pages(members),
        members.text("remote_id"),
        _settings(members),
        members.extra(),
    )


def _pages(members: Members) -> int:
    return members.whole("pages_sent") or members.whole("pages_received")


def _settings(members: Members) -> Extra:
    settings = members.inner("negotiated_settings")
    return {} if settings is None else settings.members


_READERS: Final[dict[str, Callable[[Members], Result]]] = {
    "get_number": _get_number,
    "get_input": _get_input,
    "run_menu": _run_menu,
    "run_speech_menu": _run_speech_menu,
    "record": _record,
    "connect": _connect,
    "connect_to_conference": _connect,
    "start_transcription": _transcription,
    "connect.translator": _transcription,
    "send_fax": _fax,
    "receive_fax": _fax,
}
