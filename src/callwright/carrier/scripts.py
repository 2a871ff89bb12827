"""Who answers behind which number: each far end is a table of steps.

The last two digits of the number choose the far end, or the user name of a SIP address does; all
others reach the human. The endings recall the SIP status that the caller will see.
"""

from dataclasses import dataclass
from typing import Final, assert_never


@dataclass(frozen=True, slots=True)
class Trying:
    """Say nothing but 100 for this long: the network is looking for the phone."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring for this long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Pick up, and wait until the caller knows."""


@dataclass(frozen=True, slots=True)
class Say:
    """Speak this text."""

    text: str


@dataclass(frozen=True, slots=True)
class Listen:
    """Wait until the caller has spoken and then been silent for this long."""

    silence: float = 1.5
    """Longer than the pauses between sentences, shorter than a person's patience."""


@dataclass(frozen=True, slots=True)
class Press:
    """Press these keys, one after another."""

    digits: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Do nothing for this long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class HangUp:
    """Put the phone down."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse the call with this SIP status."""

    sip_status: int


Step = Trying | Ring | Answer | Say | Listen | Press | Pause | HangUp | Reject


@dataclass(frozen=True, slots=True)
class Script:
    """One kind of far end. After its last step it stays until the caller hangs up."""

    user: str
    """The user of a SIP address that reaches it."""
    ending: str
    """The last two digits of a telephone number that reach it."""
    steps: tuple[Step, ...]


NETWORK_DELAY: Final = Trying(0.1)
"""A short way through the network, so that 100 and 180 can be told apart in a trace."""

PATIENCE_OF_THE_NETWORK: Final = 180.0
"""Seconds of ringing until the exchange gives up: what public networks do (ITU-T Q.118)."""

HUMAN: Final = Script(
    "human",
    "00",
    (
        NETWORK_DELAY,
        Ring(2.0),
        Answer(),
        Say("Hello, this is Ann."),
        Listen(),
        Press("4711"),
        Listen(),
        Say("Yes, I will be there. See you tomorrow."),
    ),
)

SCRIPTS: Final = (
    HUMAN,
    Script("hangup", "01", (NETWORK_DELAY, Ring(1.0), Answer(), Pause(1.0), HangUp())),
    Script("hello", "02", (NETWORK_DELAY, Ring(1.0), Answer(), Say("Hello?"))),
    Script("reject", "03", (NETWORK_DELAY, Ring(1.0), Reject(603))),
    Script("unobtainable", "04", (NETWORK_DELAY, Reject(404))),
    Script("congestion", "53", (NETWORK_DELAY, Reject(503))),
    Script("noanswer", "80", (NETWORK_DELAY, Ring(PATIENCE_OF_THE_NETWORK), Reject(480))),
    Script("busy", "86", (NETWORK_DELAY, Reject(486))),
)

_BY_USER: Final = {script.user: script for script in SCRIPTS}
_BY_ENDING: Final = {script.ending: script for script in SCRIPTS}


def script_for(user: str) -> Script:
    """Choose who answers a number or a SIP user name."""
    named = _BY_USER.get(user.lower())
    if named is not None:
        return named
    return _BY_ENDING.get(user[-2:], HUMAN) if user.removeprefix("+").isdecimal() else HUMAN


def spoken_texts() -> tuple[str, ...]:
    """Every text that some far end says."""
    return tuple(step.text for script in SCRIPTS for step in script.steps if isinstance(step, Say))


def script_table() -> str:
    """Return the table of docs/carrier.md: a test holds the two together."""
    rows = ["| Number ends in | `sip:` user | What happens |", "|---|---|---|"]
    for script in SCRIPTS:
        ending = f"{script.ending}, or anything else" if script is HUMAN else script.ending
        story = ", ".join(_told(step) for step in script.steps)
        rows.append(f"| {ending} | `{script.user}` | {story} |")
    return "\n".join(rows)


def _told(step: Step) -> str:
    match step:
        case Trying(seconds):
            return f"100 and nothing for {seconds:g} s"
        case Ring(seconds):
            return f"rings for {seconds:g} s"
        case Answer():
            return "answers"
        case Say(text):
            return f"says “{text}”"
        case Listen(silence):
            return f"listens until {silence:g} s of silence"
        case Press(digits):
            return f"presses {digits}"
        case Pause(seconds):
            return f"waits {seconds:g} s"
        case HangUp():
            return "hangs up"
        case Reject(sip_status):
            return f"refuses with {sip_status}"
        case _:
            assert_never(step)
