"""Every rule of collecting an input: keys and times in, decisions out."""

from dataclasses import replace

import pytest

from callwright.domain.errors import IllegalTransition
from callwright.protocol.pages.inputs import DigitRules
from callwright.runner.collector import (
    REACTIONS,
    Collected,
    Collector,
    Cue,
    Decision,
    GaveUp,
    Listen,
    Phase,
    PlayInvalidMessage,
    PlayPrompt,
    PlayTimeoutMessage,
    Reaction,
    TakeWaiting,
)

RULES = DigitRules(
    digit_count=0,
    end_digit="#",
    valid_digits="0123456789",
    help_digit="*",
    timeout=30.0,
    inter_digit_timeout=5.0,
    initial_timeout=8.0,
)
FOUR = replace(RULES, digit_count=4)
PIN = replace(RULES, digit_count=4, end_digit="", help_digit="")
AT_ONCE = replace(RULES, timeout=0.0)


def collector(
    rules: DigitRules = RULES,
    *,
    has_prompt: bool = True,
    messages: int = 2,
    accepts_nothing: bool = True,
) -> Collector:
    return Collector(
        rules,
        has_prompt=has_prompt,
        timeout_messages=messages,
        invalid_messages=messages,
        accepts_nothing=accepts_nothing,
    )


def play(machine: Collector, script: str) -> list[Decision]:
    """Tell a machine what a script says.

    Keys as they are, `-` no key, `.` played, `~` speech, `+` a second.
    """
    decisions = [machine.start()]
    now = 100.0
    for step in script:
        match step:
            case "+":
                now += 1.0
            case "-":
                decisions.append(machine.no_key(now))
            case ".":
                decisions.append(machine.played(now))
            case "~":
                decisions.append(machine.speech(now))
            case _:
                decisions.append(machine.key(step, now))
    return decisions


STORIES: list[tuple[str, Collector, str, list[Decision]]] = [
    (
        "prompt, digits, end digit",
        collector(),
        "-.12#",
        [PlayPrompt(), Listen(8.0), Listen(5.0), Listen(5.0), Collected("12")],
    ),
    (
        "the last digit ends a number of fixed length",
        collector(FOUR),
        "-.1234",
        [PlayPrompt(), Listen(8.0), Listen(5.0), Listen(5.0), Listen(5.0), Collected("1234")],
    ),
    (
        "the end digit ends a number of fixed length early",
        collector(FOUR),
        "-.1#",
        [PlayPrompt(), Listen(8.0), Listen(5.0), Collected("1")],
    ),
    ("no prompt: listen at once", collector(has_prompt=False), "-", [Listen(8.0)]),
    (
        "a key that waited takes the prompt's place",
        collector(FOUR),
        "1-",
        [TakeWaiting(), Listen(5.0)],
    ),
    (
        "keys that waited can be the whole number",
        collector(FOUR),
        "1234",
        [TakeWaiting(), TakeWaiting(), TakeWaiting(), Collected("1234")],
    ),
    (
        "keys that waited can end the number",
        collector(),
        "12#",
        [TakeWaiting(), TakeWaiting(), Collected("12")],
    ),
    (
        "a waiting key that matches nothing is dropped without a word",
        collector(),
        "A*#-",
        [TakeWaiting(), TakeWaiting(), TakeWaiting(), PlayPrompt()],
    ),
    (
        "the same behind a waiting digit",
        collector(),
        "1A*-",
        [TakeWaiting(), TakeWaiting(), TakeWaiting(), Listen(5.0)],
    ),
    (
        "an invalid key discards, plays a message and starts over",
        collector(),
        "-.12A.3#",
        [
            PlayPrompt(),
            Listen(8.0),
            Listen(5.0),
            Listen(5.0),
            PlayInvalidMessage(0),
            Listen(8.0),
            Listen(5.0),
            Collected("3"),
        ],
    ),
    (
        "invalid keys use up their messages",
        collector(),
        "-.A.A.A",
        [
            PlayPrompt(),
            Listen(8.0),
            PlayInvalidMessage(0),
            Listen(8.0),
            PlayInvalidMessage(1),
            Listen(8.0),
            GaveUp(),
        ],
    ),
    (
        "timeouts use up theirs",
        collector(),
        "-.++++++++-.++++++++-.++++++++-",
        [
            PlayPrompt(),
            Listen(8.0),
            PlayTimeoutMessage(0),
            Listen(8.0),
            PlayTimeoutMessage(1),
            Listen(8.0),
            GaveUp(),
        ],
    ),
    (
        "timeouts and invalid keys are counted apart",
        collector(messages=1),
        "-.A.++++++++-.",
        [
            PlayPrompt(),
            Listen(8.0),
            PlayInvalidMessage(0),
            Listen(8.0),
            PlayTimeoutMessage(0),
            Listen(8.0),
        ],
    ),
    (
        "without messages the first timeout ends",
        collector(messages=0),
        "-.++++++++-",
        [PlayPrompt(), Listen(8.0), GaveUp()],
    ),
    (
        "without messages the first invalid key ends",
        collector(messages=0),
        "-.A",
        [PlayPrompt(), Listen(8.0), GaveUp()],
    ),
    (
        "a timeout between digits discards them",
        collector(),
        "-.12+++++-.3#",
        [
            PlayPrompt(),
            Listen(8.0),
            Listen(5.0),
            Listen(5.0),
            PlayTimeoutMessage(0),
            Listen(8.0),
            Listen(5.0),
            Collected("3"),
        ],
    ),
    (
        "too early a wake-up goes on listening",
        collector(),
        "-.+++-",
        [PlayPrompt(), Listen(8.0), Listen(5.0)],
    ),
    (
        "the whole input has a limit too",
        collector(replace(RULES, timeout=6.0)),
        "-.+++1+++-",
        [PlayPrompt(), Listen(6.0), Listen(3.0), PlayTimeoutMessage(0)],
    ),
    (
        "each key gives the next one its time",
        collector(),
        "-.1++++2++++3#",
        [PlayPrompt(), Listen(8.0), Listen(5.0), Listen(5.0), Listen(5.0), Collected("123")],
    ),
    (
        "it begins anew behind a message",
        collector(replace(RULES, timeout=6.0)),
        "-.++++++-+.+++1",
        [PlayPrompt(), Listen(6.0), PlayTimeoutMessage(0), Listen(6.0), Listen(3.0)],
    ),
    (
        "without limits between keys the whole input's remains",
        collector(replace(RULES, inter_digit_timeout=None, initial_timeout=None)),
        "-.+1",
        [PlayPrompt(), Listen(30.0), Listen(29.0)],
    ),
    (
        "help discards and plays the prompt again",
        collector(),
        "-.12*.3#",
        [
            PlayPrompt(),
            Listen(8.0),
            Listen(5.0),
            Listen(5.0),
            PlayPrompt(),
            Listen(8.0),
            Listen(5.0),
            Collected("3"),
        ],
    ),
    (
        "help without a prompt starts over",
        collector(has_prompt=False),
        "-1*2#",
        [Listen(8.0), Listen(5.0), Listen(8.0), Listen(5.0), Collected("2")],
    ),
    (
        "help is no invalid key however often",
        collector(messages=0),
        "-.*.*.",
        [PlayPrompt(), Listen(8.0), PlayPrompt(), Listen(8.0), PlayPrompt(), Listen(8.0)],
    ),
    (
        "no end digit and no help digit: both are invalid",
        collector(PIN, messages=1),
        "-.#.*",
        [PlayPrompt(), Listen(8.0), PlayInvalidMessage(0), Listen(8.0), GaveUp()],
    ),
    (
        "the end digit alone is an empty number",
        collector(),
        "-.#",
        [PlayPrompt(), Listen(8.0), Collected("")],
    ),
    (
        "the end digit alone is no input",
        collector(accepts_nothing=False),
        "-.#",
        [PlayPrompt(), Listen(8.0), PlayInvalidMessage(0)],
    ),
    (
        "no time: take what is there",
        collector(AT_ONCE),
        "-.12-",
        [PlayPrompt(), Listen(0.0), Listen(0.0), Listen(0.0), Collected("12")],
    ),
    (
        "no time and nothing there: an empty number",
        collector(AT_ONCE),
        "-.-",
        [PlayPrompt(), Listen(0.0), Collected("")],
    ),
    (
        "no time and nothing there: no input, and no message",
        collector(AT_ONCE, accepts_nothing=False),
        "-.-",
        [PlayPrompt(), Listen(0.0), GaveUp()],
    ),
    (
        "the end digit wins where it is valid as well",
        collector(replace(RULES, valid_digits="12#")),
        "-.1#",
        [PlayPrompt(), Listen(8.0), Listen(5.0), Collected("1")],
    ),
    (
        "somebody who speaks has the time of the whole input",
        collector(has_prompt=False),
        "-+++~+++++-",
        [Listen(8.0), Listen(27.0), Listen(22.0)],
    ),
    (
        "a key after that has to be followed by the next in time",
        collector(has_prompt=False),
        "-~1",
        [Listen(8.0), Listen(30.0), Listen(5.0)],
    ),
    (
        "speech after a key changes nothing",
        collector(has_prompt=False),
        "-1++~",
        [Listen(8.0), Listen(5.0), Listen(3.0)],
    ),
    (
        "a number of any length ends at 32 digits",
        collector(has_prompt=False),
        "-" + "7" * 32,
        [Listen(8.0), *[Listen(5.0)] * 31, Collected("7" * 32)],
    ),
]


@pytest.mark.parametrize(
    ("machine", "script", "decisions"),
    [story[1:] for story in STORIES],
    ids=[story[0] for story in STORIES],
)
def test_decides(machine: Collector, script: str, decisions: list[Decision]) -> None:
    assert play(machine, script) == [TakeWaiting(), *decisions]


REACHED = {
    Phase.AHEAD: "",
    Phase.AHEAD_ENTERING: "1",
    Phase.PLAYING: "-",
    Phase.EMPTY: "-.",
    Phase.ENTERING: "-.1",
    Phase.DONE: "-.1#",
}
CUES = {
    Cue.DIGIT: "5",
    Cue.END: "#",
    Cue.HELP: "*",
    Cue.OTHER: "A",
    Cue.NO_KEY: "-",
    Cue.SPEECH: "~",
    Cue.PLAYED: ".",
}


def test_every_phase_and_cue_is_in_the_tables() -> None:
    assert set(REACHED) == set(REACTIONS) == set(Phase)
    assert set(CUES) == set(Cue)
    used = {reaction for arrows in REACTIONS.values() for reaction in arrows.values()}
    assert used == set(Reaction)


@pytest.mark.parametrize("phase", Phase)
def test_a_script_reaches_every_phase(phase: Phase) -> None:
    machine = collector()
    play(machine, REACHED[phase])
    assert machine.phase is phase


LEGAL = [(phase, cue) for phase in Phase for cue in Cue if cue in REACTIONS[phase]]
ILLEGAL = [(phase, cue) for phase in Phase for cue in Cue if cue not in REACTIONS[phase]]


@pytest.mark.parametrize(("phase", "cue"), LEGAL)
def test_every_arrow_leads_to_a_decision(phase: Phase, cue: Cue) -> None:
    script = REACHED[phase] + CUES[cue]
    assert len(play(collector(), script)) == len(script) + 1


@pytest.mark.parametrize(("phase", "cue"), ILLEGAL)
def test_refuses_everything_else(phase: Phase, cue: Cue) -> None:
    with pytest.raises(IllegalTransition, match=f"{cue} while {phase}"):
        play(collector(), REACHED[phase] + CUES[cue])
