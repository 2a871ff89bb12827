"""Every rule of choosing from a menu: keys, phrases and times in, decisions out."""

from dataclasses import replace

import pytest

from callwright.domain.errors import IllegalTransition
from callwright.protocol.pages.inputs import MenuOption
from callwright.protocol.pages.media import PageLink
from callwright.runner.collector import (
    GaveUp,
    Listen,
    PlayInvalidMessage,
    PlayPrompt,
    PlayTimeoutMessage,
    TakeWaiting,
)
from callwright.runner.menu import (
    MENU_REACTIONS,
    Chosen,
    Menu,
    MenuCue,
    MenuDecision,
    MenuPhase,
    MenuReaction,
    MenuRules,
)

SALES = MenuOption(PageLink("sales"), "1", "sales")
SUPPORT = MenuOption(PageLink("support"), "2", "support")
STAR = MenuOption(PageLink("star"), "*")
RULES = MenuRules(
    (SALES, SUPPORT),
    help_digit="*",
    help_word="help",
    timeout=5.0,
    has_prompt=True,
    timeout_messages=2,
    invalid_messages=2,
)
WORDS = {"s": "sales", "u": "support", "h": "help", "x": None}


def play(rules: MenuRules, script: str) -> list[MenuDecision]:
    """Tell a menu what a script says.

    Keys as they are, letters for phrases, `-` nothing, `.` played, `~` speech, `+` a second.
    """
    menu, now = Menu(rules), 100.0
    decisions = [menu.start()]
    for step in script:
        match step:
            case "+":
                now += 1.0
            case "-":
                decisions.append(menu.nothing(now))
            case ".":
                decisions.append(menu.played(now))
            case "~":
                decisions.append(menu.speech(now))
            case _ if step in WORDS:
                decisions.append(menu.phrase(WORDS[step], now))
            case _:
                decisions.append(menu.key(step, now))
    return decisions


QUIET = replace(RULES, has_prompt=False)
KEYED, SAID = Chosen(SUPPORT, was_said=False), Chosen(SUPPORT, was_said=True)
PATIENT = replace(QUIET, timeout=None)

STORIES: list[tuple[str, MenuRules, str, list[MenuDecision]]] = [
    ("prompt and key", RULES, "-.2", [PlayPrompt(), Listen(5.0), KEYED]),
    ("prompt and phrase", RULES, "-.u", [PlayPrompt(), Listen(5.0), SAID]),
    ("no prompt", QUIET, "-2", [Listen(5.0), KEYED]),
    ("a key ahead", RULES, "2", [KEYED]),
    ("a phrase ahead", RULES, "u", [SAID]),
    ("what matches nothing ahead is dropped", RULES, "7x2", [TakeWaiting(), TakeWaiting(), KEYED]),
    ("help ahead is dropped", RULES, "*h2", [TakeWaiting(), TakeWaiting(), KEYED]),
    (
        "help plays the prompt again, with all the time",
        RULES,
        "-.++*.++h.",
        [PlayPrompt(), Listen(5.0), PlayPrompt(), Listen(5.0), PlayPrompt(), Listen(5.0)],
    ),
    ("help without a prompt listens on", QUIET, "-++*", [Listen(5.0), Listen(5.0)]),
    (
        "an option wins over the help digit",
        replace(QUIET, options=(STAR,)),
        "-*",
        [Listen(5.0), Chosen(STAR, was_said=False)],
    ),
    (
        "each invalid input has the next message, then it gives up",
        QUIET,
        "-7.x.8",
        [
            Listen(5.0),
            PlayInvalidMessage(0),
            Listen(5.0),
            PlayInvalidMessage(1),
            Listen(5.0),
            GaveUp(),
        ],
    ),
    (
        "each timeout has the next message, then it gives up",
        QUIET,
        "-+++++-.+++++-.+++++-",
        [
            Listen(5.0),
            PlayTimeoutMessage(0),
            Listen(5.0),
            PlayTimeoutMessage(1),
            Listen(5.0),
            GaveUp(),
        ],
    ),
    (
        "the two are counted apart",
        replace(QUIET, timeout_messages=1, invalid_messages=1),
        "-7.+++++-.7",
        [
            Listen(5.0),
            PlayInvalidMessage(0),
            Listen(5.0),
            PlayTimeoutMessage(0),
            Listen(5.0),
            GaveUp(),
        ],
    ),
    (
        "without messages the first of its kind ends it",
        replace(QUIET, timeout_messages=0, invalid_messages=0),
        "-7",
        [Listen(5.0), GaveUp()],
    ),
    ("nothing before its time changes nothing", QUIET, "-++-", [Listen(5.0), Listen(3.0)]),
    ("without a limit it listens for ever", PATIENT, "-+++-~", [Listen(None)] * 3),
    (
        "somebody who speaks has three more seconds",
        QUIET,
        "-++++~++-+-",
        [Listen(5.0), Listen(3.0), Listen(1.0), PlayTimeoutMessage(0)],
    ),
    ("which are part of the time that is left", QUIET, "-+~", [Listen(5.0), Listen(4.0)]),
]


@pytest.mark.parametrize(
    ("rules", "script", "decisions"),
    [story[1:] for story in STORIES],
    ids=[story[0] for story in STORIES],
)
def test_decides(rules: MenuRules, script: str, decisions: list[MenuDecision]) -> None:
    assert play(rules, script) == [TakeWaiting(), *decisions]


def test_all_that_can_be_said_is_looked_for() -> None:
    assert replace(RULES, options=(SALES, STAR)).phrases == ("sales", "help")
    assert replace(RULES, help_word="").phrases == ("sales", "support")


REACHED = {
    MenuPhase.AHEAD: "",
    MenuPhase.PLAYING: "-",
    MenuPhase.LISTENING: "-.",
    MenuPhase.DONE: "-.1",
}
CUES = {
    MenuCue.OPTION: "1",
    MenuCue.HELP: "*",
    MenuCue.OTHER: "7",
    MenuCue.NOTHING: "-",
    MenuCue.SPEECH: "~",
    MenuCue.PLAYED: ".",
}


def test_every_phase_and_cue_is_in_the_tables() -> None:
    assert set(REACHED) == set(MENU_REACTIONS) == set(MenuPhase)
    assert set(CUES) == set(MenuCue)
    used = {reaction for arrows in MENU_REACTIONS.values() for reaction in arrows.values()}
    assert used == set(MenuReaction)


LEGAL = [(phase, cue) for phase in MenuPhase for cue in MENU_REACTIONS[phase]]
ILLEGAL = [
    (phase, cue) for phase in MenuPhase for cue in MenuCue if cue not in MENU_REACTIONS[phase]
]


@pytest.mark.parametrize(("phase", "cue"), LEGAL)
def test_every_arrow_leads_to_a_decision(phase: MenuPhase, cue: MenuCue) -> None:
    script = REACHED[phase] + CUES[cue]
    assert len(play(RULES, script)) == len(script) + 1


@pytest.mark.parametrize(("phase", "cue"), ILLEGAL)
def test_refuses_everything_else(phase: MenuPhase, cue: MenuCue) -> None:
    with pytest.raises(IllegalTransition, match=f"{cue} while {phase}"):
        play(RULES, REACHED[phase] + CUES[cue])
