"""Who answers behind which number: each far end is a table of steps.

The last two digits of the number choose the far end, or the user name of a SIP address does; all
others reach the human. The endings of those who refuse recall the SIP status that the caller sees;
30 to 39 are machines, 40 to 49 are people.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from callwright.carrier.steps import (
    TURN,
    Answer,
    AwaitSound,
    AwaitTone,
    Greet,
    HangUp,
    Listen,
    Pause,
    Press,
    Record,
    Reject,
    Ring,
    Say,
    Send,
    Step,
    Trying,
    story,
    texts_of,
)
from callwright.media.tones import CED, CNG, RINGBACK_UK, Burst


class Line(Enum):
    """What the line of a far end adds to whatever it says."""

    QUIET = "quiet"
    NOISY = "noisy"


@dataclass(frozen=True, slots=True)
class Script:
    """One kind of far end. After its last step it stays until the caller hangs up."""

    user: str
    """The user of a SIP address that reaches it."""
    ending: str
    """The last two digits of a telephone number that reach it."""
    steps: tuple[Step, ...]
    line: Line = Line.QUIET

    def calling(self) -> tuple[Step, ...]:
        """Return the steps of somebody who calls: what comes after picking up, but no greeting."""
        picked_up = self.steps.index(Answer()) + 1 if Answer() in self.steps else len(self.steps)
        spoken = (step for step in self.steps[picked_up:] if not isinstance(step, Greet))
        return (Answer(), *spoken)


NETWORK_DELAY: Final = Trying(0.1)
"""A short way through the network, so that 100 and 180 can be told apart in a trace."""

PATIENCE_OF_THE_NETWORK: Final = 180.0
"""Seconds of ringing until the exchange gives up: what public networks do (ITU-T Q.118)."""

PICKED_UP_SOON: Final = (NETWORK_DELAY, Ring(1.0), Answer())
"""The phone is within reach, or answers by itself."""

BEEP: Final = Send("a beep of 1000 Hz for 0.3 s", (Burst(300, (1000.0,), -13.0),))
"""As an answering machine's; as loud as its greeting."""

MESSAGE: Final = Record(silence=4.0, initial_silence=8.0, longest=120.0)
"""What an answering machine keeps: callers think before they speak, and between sentences."""

GREETING: Final = (
    "Hello, you have reached Ann Smith. I cannot take your call right now."
    " Please leave your name and number after the tone, and I will call you back."
)
GREETING_WITHOUT_TONE: Final = (
    "Hello, this is the mailbox of Ann Smith. I am not available at the moment."
    " Please leave a message now."
)
LONG_GREETING: Final = (
    "Thank you for calling the surgery of Doctor Smith. We are closed at the moment. We are open"
    " from Monday to Friday, between eight in the morning and six in the evening, and on Saturday"
    " until noon. In an emergency, please call the hospital on one one two. If you want to order a"
    " prescription or to change an appointment, please say your name, your date of birth and your"
    " telephone number slowly and clearly after the tone."
)
SCREENING: Final = (
    "Hello. The person you are calling is using a screening service."
    " Please say your name after the tone."
)
RINGS_BEHIND_THE_ROBOT: Final = Send("ringing for 3 s", RINGBACK_UK)

T1_OF_A_FAX: Final = 35.0
"""Seconds that a fax looks for another one before it gives up (ITU-T T.30 5.4.3.1)."""

_ANN: Final = (
    Greet("Hello, this is Ann."),
    Listen(),
    Press("4711"),
    Listen(),
    Say("Yes, I will be there. See you tomorrow."),
)

HUMAN: Final = Script("human", "00", (NETWORK_DELAY, Ring(2.0), Answer(), *_ANN))

_REFUSING: Final = (
    Script("reject", "03", (NETWORK_DELAY, Ring(1.0), Reject(603))),
    Script("unobtainable", "04", (NETWORK_DELAY, Reject(404))),
    Script("congestion", "53", (NETWORK_DELAY, Reject(503))),
    Script("noanswer", "80", (NETWORK_DELAY, Ring(PATIENCE_OF_THE_NETWORK), Reject(480))),
    Script("busy", "86", (NETWORK_DELAY, Reject(486))),
)

_MACHINES: Final = (
    Script(
        "voicemail",
        "30",
        (*PICKED_UP_SOON, Pause(0.8), Say(GREETING), Pause(0.4), BEEP, MESSAGE, HangUp()),
    ),
    Script(
        "voicemail-no-beep",
        "31",
        (*PICKED_UP_SOON, Pause(0.8), Say(GREETING_WITHOUT_TONE), MESSAGE, HangUp()),
    ),
    Script(
        "voicemail-long",
        "32",
        (*PICKED_UP_SOON, Pause(0.8), Say(LONG_GREETING), Pause(0.4), BEEP, MESSAGE, HangUp()),
    ),
    Script(
        "fax",
        "33",
        (*PICKED_UP_SOON, Send("CED, 2100 Hz for 3.3 s", CED), Pause(T1_OF_A_FAX), HangUp()),
    ),
    Script(
        "fax-calling",
        "34",
        (*PICKED_UP_SOON, Send("CNG, 1100 Hz for 0.5 s each 3.5 s, ten times", CNG * 10), HangUp()),
    ),
    Script(
        "screening",
        "35",
        (
            *PICKED_UP_SOON,
            Pause(0.5),
            Say(SCREENING),
            BEEP,
            Record(2.0, 5.0, 15.0, (Say("I did not hear a name. Goodbye."), HangUp())),
            Say("Thank you. Please stay on the line."),
            RINGS_BEHIND_THE_ROBOT,
            Say("Hello, this is Ann."),
            Listen(),
            Press("4711"),
        ),
    ),
    Script(
        "screening-declines",
        "36",
        (
            *PICKED_UP_SOON,
            Pause(0.5),
            Say(SCREENING),
            BEEP,
            Record(2.0, 5.0, 15.0),
            RINGS_BEHIND_THE_ROBOT,
            Say("The person you are calling cannot take your call. Goodbye."),
            HangUp(),
        ),
    ),
)

_PEOPLE: Final = (
    Script(
        "keys",
        "40",
        (
            *PICKED_UP_SOON,
            Greet("Hello?"),
            Listen(TURN),
            Press("1"),
            Listen(TURN),
            Press("2"),
            Listen(TURN),
            Press("1234#"),
        ),
    ),
    Script(
        "speech",
        "41",
        (
            *PICKED_UP_SOON,
            Greet("Hello?"),
            Listen(TURN),
            Say("Sales."),
            Listen(TURN),
            Say("Yes."),
            Listen(TURN),
            Say("One, two, three, four."),
        ),
    ),
    Script("noisy", "42", (*PICKED_UP_SOON, *_ANN), Line.NOISY),
    Script(
        "slow",
        "43",
        (
            NETWORK_DELAY,
            Ring(8.0),
            Answer(),
            Pause(2.5),
            Greet("Hello? Who is it?"),
            Listen(3.0),
            Pause(4.0),
            Press("4711"),
            Listen(3.0),
            Pause(2.0),
            Say("Well, yes."),
        ),
    ),
    Script("hates-beeps", "44", (*PICKED_UP_SOON, Greet("Hello?"), AwaitTone(), HangUp())),
    Script(
        "impatient",
        "45",
        (
            *PICKED_UP_SOON,
            Greet("Yes?"),
            AwaitSound(),
            Pause(1.0),
            Press("1"),
            Listen(TURN),
            Say("Goodbye."),
            HangUp(),
        ),
    ),
)

SCRIPTS: Final = (
    HUMAN,
    Script("hangup", "01", (NETWORK_DELAY, Ring(1.0), Answer(), Pause(1.0), HangUp())),
    Script("hello", "02", (NETWORK_DELAY, Ring(1.0), Answer(), Greet("Hello?"))),
    *_REFUSING,
    *_MACHINES,
    *_PEOPLE,
)

_BY_USER: Final = {script.user: script for script in SCRIPTS}
_BY_ENDING: Final = {script.ending: script for script in SCRIPTS}

CALLERS: Final = {user: script for user, script in _BY_USER.items() if Answer() in script.steps}
"""Who can call, by name: all but those who never pick up a phone."""


def script_for(user: str) -> Script:
    """Choose who answers a number or a SIP user name."""
    named = _BY_USER.get(user.lower())
    if named is not None:
        return named
    return _BY_ENDING.get(user[-2:], HUMAN) if user.removeprefix("+").isdecimal() else HUMAN


def spoken_texts(line: Line) -> tuple[str, ...]:
    """Every text that some far end says on such a line, each once."""
    texts = (text for it in SCRIPTS if it.line is line for text in texts_of(it.steps))
    return tuple(dict.fromkeys(texts))


def script_table() -> str:
    """Return the table of docs/carrier.md: a test holds the two together."""
    rows = ["| Number ends in | `sip:` user | What happens |", "|---|---|---|"]
    for script in sorted(SCRIPTS, key=lambda it: it.ending):
        ending = f"{script.ending}, or anything else" if script is HUMAN else script.ending
        line = ", on a noisy line" if script.line is Line.NOISY else ""
        rows.append(f"| {ending} | `{script.user}` | {story(script.steps)}{line} |")
    return "\n".join(rows)
