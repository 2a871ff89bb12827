"""Scenes: what is heard after answer, when people, machines and faxes pick up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from callwright.media.frames import SAMPLE_RATE_HZ, Samples, amplitude
from far_end import surroundings
from far_end.more_texts import THIRD
from far_end.report_texts import REPORT
from far_end.texts import FIRST, SECOND, Texts
from far_end.voices import Voice, Wave, speak, voice

SECONDS: Final = 18.0
"""A scene's length: classification, and ten more seconds for a machine to be ready."""

PARTS: Final = {"tune1": FIRST, "tune2": SECOND, "tune3": THIRD, "report": REPORT}

MAX_FIRST_UTTERANCE: Final = 2.5
"""The longest that somebody here speaks before he waits; who would speak longer, speaks faster."""

USUAL_SILENCE: Final = 0.45
"""Seconds, the median, between answer and somebody's first word. No measurement of it was found
that could be cited; a longer one costs time, and a little accuracy (decision 9)."""

SHARES: Final = {"human": 0.60, "answering_machine": 0.32, "fax_machine": 0.08}
"""Of all scenes: more people than machines, as on calls that somebody wants."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A scene with its truth."""

    far_end_type: str
    story: str
    sound: Samples
    ready_at: float = 0.0
    """When a machine's beep or its last word has ended, in seconds; 0 for the others."""
    first: tuple[float, float] = (0.0, 0.0)
    """When the first that is heard of the far end begins and ends, in seconds: all that a person
    says before he waits, a machine's first sentence, a tone."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene in the making."""

    story: str
    wave: Wave
    """The far end's own sound; active level 1.0 stands for what `level_dbm0` says."""
    noise: str = ""
    margin_db: float = 20.0
    """Noise below speech."""
    ready_at: float = 0.0
    first: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who may appear: a part's voices and sentences, and its own chance."""

    part: str
    texts: Texts
    chance: np.random.Generator

    def sentence(self, spoken: dict[str, tuple[str, ...]]) -> tuple[Voice, str, str]:
        """Choose a speaker, his language and a sentence."""
        language = self.language()
        chosen = str(self.chance.choice(spoken[language]))
        return voice(self.part, language, self.chance), language, chosen

    def language(self) -> str:
        """Choose a language: half of all calls are in English."""
        others = [name for name in self.texts.hello if name != "en"]
        return "en" if self.chance.random() < 0.5 else str(self.chance.choice(others))


def answers(part: str, count: int, seed: int) -> list[Answer]:
    """Make a part's scenes: the same for the same seed."""
    chosen = PARTS[part]
    made: list[Answer] = []
    for kind, share in SHARES.items():
        for number in range(round(count * share)):
            chance = np.random.default_rng([seed, len(made), sum(part.encode())])
            cast = Cast(part, chosen, chance)
            scene = _scene(STORIES[kind], number, cast)
            sound = _heard(scene, chance)
            made.append(Answer(kind, scene.story, sound, scene.ready_at, scene.first))
    return made


def _scene(
    stories: Sequence[tuple[int, Callable[[Cast], Scene]]], number: int, cast: Cast
) -> Scene:
    """Take stories in turn, each as often as its weight says."""
    turns = [story for weight, story in stories for _ in range(weight)]
    # A stride that shares no divisor with the number of turns visits all of them.
    return turns[number * 7 % len(turns)](cast)


def _hello(cast: Cast) -> Scene:
    return _person(cast, "hello", [cast.texts.hello])


def _name(cast: Cast) -> Scene:
    return _person(cast, "name", [cast.texts.name])


def _office(cast: Cast) -> Scene:
    return _person(cast, "office", [cast.texts.office])


def _in_two(cast: Cast) -> Scene:
    """Somebody says hello, and after a moment who he is."""
    return _person(cast, "in two", [cast.texts.hello, cast.texts.name])


def _late(cast: Cast) -> Scene:
    return _person(cast, "late", [cast.texts.hello], onset=float(cast.chance.uniform(1.5, 2.6)))


def _coughing(cast: Cast) -> Scene:
    before = surroundings.cough(cast.chance) * cast.chance.uniform(0.3, 1.0)
    gap = np.zeros(int(cast.chance.integers(1600, 6400)))
    scene = _person(cast, "coughs", [cast.texts.hello])
    wave = np.concatenate([_pause(0.3), before, gap, scene.wave])
    return replace(scene, wave=wave, first=_later(scene, len(wave) - len(scene.wave)))


def _in_noise(cast: Cast) -> Scene:
    said = cast.texts.hello if cast.chance.random() < 0.5 else cast.texts.name
    noise = str(cast.chance.choice(["music", "television", "street", "people"]))
    scene = _person(cast, noise, [said])
    return replace(scene, noise=noise, margin_db=float(cast.chance.uniform(10, 20)))


def _person(
    cast: Cast, story: str, said: Sequence[dict[str, tuple[str, ...]]], onset: float | None = None
) -> Scene:
    """Somebody speaks, waits for an answer, asks again."""
    chance = cast.chance
    first = onset or float(np.clip(chance.lognormal(np.log(USUAL_SILENCE), 0.45), 0.12, 1.6))
    by, language, _ = cast.sentence(said[0])
    pieces = [_pause(first)]
    left = MAX_FIRST_UTTERANCE
    for spoken in said:
        gap = _pause(float(chance.uniform(0.15, 0.45)))
        pieces += [_hurried(str(chance.choice(spoken[language])), by, left), gap]
        left -= (len(pieces[-2]) + len(gap)) / SAMPLE_RATE_HZ
    said_by = sum(len(piece) for piece in pieces[:-1]) / SAMPLE_RATE_HZ
    for _ in range(4):
        pieces += [_pause(float(chance.uniform(1.5, 3.0)))]
        pieces += [speak(str(chance.choice(cast.texts.again[language])), by)]
    wave = np.concatenate(pieces)
    noise = str(chance.choice(["", "hiss", "street", "people"], p=[0.4, 0.4, 0.15, 0.05]))
    return Scene(story, wave, noise, float(chance.uniform(18, 38)), first=(first, said_by))


def _hurried(text: str, by: Voice, longest: float) -> Wave:
    wave = speak(text, by)
    while len(wave) > longest * SAMPLE_RATE_HZ:
        by = replace(by, words_a_minute=round(by.words_a_minute * 1.1) + 1)
        wave = speak(text, by)
    return wave


def _home(cast: Cast) -> Scene:
    return _machine(cast, "home", cast.texts.home)


def _knocking(cast: Cast) -> Scene:
    """A tape machine, whose relay is heard before its greeting."""
    scene = _machine(cast, "knock", cast.texts.home)
    knock = surroundings.click(cast.chance)
    wave = scene.wave.copy()
    wave[400 : 400 + len(knock)] += knock[: len(wave) - 400]
    return replace(scene, wave=wave)


def _network(cast: Cast) -> Scene:
    return _machine(cast, "network", cast.texts.network)


def _company(cast: Cast) -> Scene:
    return _machine(cast, "company", cast.texts.company)


def _with_music(cast: Cast) -> Scene:
    """A company's greeting over music that was there before, or after a jingle."""
    scene = _machine(cast, "with music", cast.texts.company)
    chance = cast.chance
    lead = round(chance.uniform(0.3, 2.0) * SAMPLE_RATE_HZ)
    tune = surroundings.music(lead + len(scene.wave), chance)
    tune *= 1 / np.abs(tune).max()
    if chance.random() < 0.5:
        tune[lead:] *= 0.25
    else:
        tune[lead:] = 0
    wave = np.concatenate([np.zeros(lead), scene.wave]) + 0.6 * tune
    ready_at = scene.ready_at + lead / SAMPLE_RATE_HZ
    return replace(scene, wave=wave, ready_at=ready_at, first=_later(scene, lead))


def _beep_only(cast: Cast) -> Scene:
    """A machine whose owner never spoke a greeting."""
    beep = _beep(cast.chance)
    wave = np.concatenate([_pause(float(cast.chance.uniform(0.3, 2.0))), beep])
    until = len(wave) / SAMPLE_RATE_HZ
    first = (until - len(beep) / SAMPLE_RATE_HZ, until)
    return Scene("beep only", wave, "hiss", 40.0, ready_at=until, first=first)


def _machine(cast: Cast, story: str, said: dict[str, tuple[tuple[str, ...], ...]]) -> Scene:
    """A greeting, sentence by sentence, and at its end a beep, mostly."""
    chance = cast.chance
    language = cast.language()
    by = voice(cast.part, language, chance)
    pieces = [_pause(float(np.clip(chance.lognormal(np.log(0.35), 0.5), 0.04, 1.0)))]
    for text in said[language][chance.integers(len(said[language]))]:
        pieces += [speak(text, by), _pause(float(chance.triangular(0.12, 0.35, 0.75)))]
    if chance.random() < 0.75:
        pieces += [_pause(float(chance.uniform(0.1, 1.0))), _beep(chance)]
    else:
        pieces.pop()
    wave = np.concatenate(pieces)
    noise = str(chance.choice(["", "hiss", "street"], p=[0.4, 0.5, 0.1]))
    margin = float(chance.uniform(25, 42))
    return Scene(story, wave, noise, margin, len(wave) / SAMPLE_RATE_HZ, _first(pieces))


def _ced(cast: Cast) -> Scene:
    """ITU-T T.30 4.3.3.2: 2100 Hz for 2.6 to 4 s, after a while of silence."""
    chance = cast.chance
    tone = _tone(2100 + chance.uniform(-15, 15), float(chance.uniform(2.6, 4.0)))
    return _fax("CED", [_pause(float(chance.uniform(0.2, 2.5))), tone])


def _ansam(cast: Cast) -> Scene:
    """ITU-T V.8: the same with a swell of 15 Hz and a reversal of phase each 450 ms."""
    chance = cast.chance
    tone = _tone(2100.0, 3.3)
    times = np.arange(len(tone)) / SAMPLE_RATE_HZ
    tone *= (1 + 0.2 * np.sin(2 * np.pi * 15 * times)) * np.where(times // 0.45 % 2, -1, 1)
    return _fax("ANSam", [_pause(float(chance.uniform(0.2, 2.0))), tone])


def _cng(cast: Cast) -> Scene:
    """ITU-T T.30 4.3.3.1: 1100 Hz, 0.5 s on, 3 s off."""
    chance = cast.chance
    frequency = 1100 + chance.uniform(-38, 38)
    turns = [piece for _ in range(4) for piece in (_tone(frequency, 0.5), _pause(3.0))]
    return _fax("CNG", [_pause(float(chance.uniform(0.0, 2.0))), *turns])


def _fax(story: str, pieces: Sequence[Wave]) -> Scene:
    return Scene(story, np.concatenate(pieces), "hiss", 35.0, first=_first(pieces))


def _first(pieces: Sequence[Wave]) -> tuple[float, float]:
    """When what follows the first pause begins and ends."""
    begin = len(pieces[0]) / SAMPLE_RATE_HZ
    return begin, begin + len(pieces[1]) / SAMPLE_RATE_HZ


def _later(scene: Scene, samples: int) -> tuple[float, float]:
    begin, end = (at + samples / SAMPLE_RATE_HZ for at in scene.first)
    return begin, end


def _beep(chance: np.random.Generator) -> Wave:
    frequency = float(chance.choice([440, 620, 800, 850, 950, 1000, 1000, 1200, 1400, 2000]))
    return _tone(frequency, float(chance.uniform(0.2, 1.0))) * chance.uniform(0.5, 1.0)


def _tone(frequency_hz: float, seconds: float) -> Wave:
    times = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return np.sin(2 * np.pi * frequency_hz * times) * 0.5


def _pause(seconds: float) -> Wave:
    return np.zeros(round(seconds * SAMPLE_RATE_HZ))


def _heard(scene: Scene, chance: np.random.Generator) -> Samples:
    """Put a scene into its room, on its line, at its level."""
    count = round(SECONDS * SAMPLE_RATE_HZ)
    wave = scene.wave
    if scene.story not in _TONES and chance.random() < 0.3:
        wave = surroundings.room(wave, float(chance.uniform(0.15, 0.5)), chance)
    level = float(chance.uniform(-28.0, -14.0))
    wave = surroundings.levelled(np.pad(wave, (0, max(0, count - len(wave))))[:count], level)
    noise = _noise(scene.noise, count, chance)
    wave = wave + surroundings.levelled(noise, level - scene.margin_db)
    wave = surroundings.telephone_band(wave)
    limit = amplitude(3.0)
    return np.clip(np.rint(wave), -limit, limit).astype(np.int16)


def _noise(name: str, count: int, chance: np.random.Generator) -> Wave:
    match name:
        case "hiss":
            return surroundings.hiss(count, float(chance.uniform(0, 1.5)), chance)
        case "street":
            return surroundings.street(count, chance)
        case "music":
            return surroundings.music(count, chance)
        case "people":
            return sum((_talk(count, chance) for _ in range(5)), np.zeros(count))
        case "television":
            return _talk(count, chance) + 0.3 * surroundings.music(count, chance) / 3
        case _:
            return np.zeros(count)


def _talk(count: int, chance: np.random.Generator) -> Wave:
    """Somebody in the background who goes on and on."""
    by = Voice(f"en-gb+{chance.choice(_BACKGROUND)}", int(chance.integers(20, 80)), 170)
    wave = speak(_NEWS, by)
    return np.tile(np.roll(wave, int(chance.integers(len(wave)))), count // len(wave) + 1)[:count]


STORIES: Final = {
    "human": (
        (16, _hello),
        (4, _name),
        (2, _office),
        (1, _in_two),
        (1, _late),
        (1, _coughing),
        (4, _in_noise),
    ),
    "answering_machine": (
        (8, _home),
        (2, _knocking),
        (7, _network),
        (4, _company),
        (2, _with_music),
        (2, _beep_only),
    ),
    "fax_machine": ((3, _ced), (2, _ansam), (3, _cng)),
}
"""With the weight of each: humans mostly say a word or two."""

_TONES: Final = {"CED", "ANSam", "CNG", "beep only"}
_BACKGROUND: Final = ("m1", "f2", "m3", "f4", "m7")
_NEWS: Final = (
    "The minister said on Tuesday that the new railway would open in the spring, and that "
    "nobody had expected the weather to be so kind to the builders this year. In other news, "
    "a lighthouse on the northern coast has been sold to a retired sailor for one pound."
)
