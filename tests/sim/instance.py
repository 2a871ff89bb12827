"""Everything around one application instance, faked: pages, speech, media files, logs, facts.

Each fake obeys its port in `runner.ports`; the call is a `ScriptedCall` on the same clock.
"""

import asyncio
import errno
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from callwright.domain.call_parties import CallParties
from callwright.domain.clock import UnixTime
from callwright.domain.facts import Fact
from callwright.domain.ids import AccountId, CallId, InstanceId, ServiceRef
from callwright.domain.instance import RestInstance
from callwright.domain.outbound_service import (
    PageAddress,
    PageCredentials,
    RestApplication,
)
from callwright.domain.service_start import ServiceStart
from callwright.protocol.pages.request import url_with_instance_info
from callwright.runner.instance import InstanceRun
from callwright.runner.ports import (
    DownloadFault,
    MediaNotFound,
    PageResponse,
    PageUnreachable,
    SpeechFault,
    SpokenText,
)
from callwright.runner.registry import Interruption, RunningInstances
from callwright.runner.surroundings import Surroundings
from tests.sim.call import OUTBOUND, FarEnd, ScriptedCall
from tests.sim.clock import VirtualClock
from tests.sim.recogniser import ScriptedRecognisers, ScriptedTranslators
from tests.sim.secondaries import ScriptedSecondaries
from tests.sim.virtual_loop import VirtualLoop, run_on

T = TypeVar("T")

SITE = "http://app.example.com/ivr/"

APPLICATION = RestApplication(
    first_page=PageAddress(SITE + "first"),
    final_page=PageAddress(SITE + "final"),
    error_page=PageAddress(SITE + "error"),
    api_version="2.0",
    application_parameters="shop=7",
    tts_voice="English UK Female Polly Amy",
    credentials=PageCredentials("ivr", "open sesame"),
    max_call_duration=14_400.0,
    ring_timeout=30.0,
    calls_conferences=False,
)

START = ServiceStart(
    to="441632960961", caller_id="441632960100", token="t0", outbound_parameters="order=5"
)


def rest_instance(
    application: RestApplication = APPLICATION, start: ServiceStart = START
) -> RestInstance:
    """One run of the sample application."""
    return RestInstance(
        instance_id=InstanceId("7f31c2a90be4d816.40217"),
        ref=ServiceRef("2e891aea_0.1366641192.77832"),
        account_id=AccountId(1),
        service_name="reminder",
        extra_channels=4,
        fax=False,
        application=application,
        token=start.token,
        outbound_parameters=start.outbound_parameters,
        call_id=CallId("7f31c2a90be4d816.40218.193300715"),
        destination_address="tel:441632960961",
        caller_id=start.caller_id,
        started_at=UnixTime(1_770_802_202.25),
    )


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No response comes."""

    text: str = "did not answer"


@dataclass(frozen=True, slots=True)
class Says:
    """A response."""

    body: bytes = b""
    status: int = 200
    url: str | None = None
    """Where it came from, when redirects were followed."""


PageScript = Says | Unreachable | Exception


def says(*actions: Mapping[str, object], **members: object) -> Says:
    """Make the answer that tells to run these actions."""
    return Says(json.dumps({"api_version": "2.0", "actions": list(actions), **members}).encode())


def text(words: str) -> dict[str, object]:
    """Make the action that says something."""
    return {"play": {"play_list": [{"text_to_say": words}]}}


@dataclass(slots=True)
class ScriptedPages:
    """A `PageFetcher` of pages by the last part of their path; the last answer stays."""

    pages: dict[str, list[PageScript]]
    clock: VirtualClock
    asked: list[tuple[str, Any]] = field(default_factory=list)
    credentials: list[tuple[str, PageCredentials | None]] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    is_closed: bool = False
    slow: Mapping[str, list[float]] = field(default_factory=dict)
    """Seconds that a page takes, one request after the other; 0.05 where nothing is said."""

    async def fetch(
        self,
        page: PageAddress,
        *,
        body: bytes,
        credentials: PageCredentials | None,
        asks_again: bool = True,
    ) -> PageResponse:
        assert not self.is_closed
        assert asks_again is not json.loads(body)["is_notification"], "who tells pages counts"
        self.asked.append((page.url.removeprefix(SITE), json.loads(body)))
        self.credentials.append((page.url, credentials))
        self.methods.append(page.method)
        if isinstance(asyncio.get_running_loop(), VirtualLoop):
            delays = self.slow.get(page.url.removeprefix(SITE))
            await asyncio.sleep(delays.pop(0) if delays else 0.05)
        else:
            self.clock.advance(0.05)
        script = self.pages[page.url.removeprefix(SITE)]
        match script.pop(0) if len(script) > 1 else script[0]:
            case Says() as said:
                url = url_with_instance_info(page.url, body) if page.method == "GET" else page.url
                return PageResponse(said.url or url, said.status, said.body, seconds=0.05)
            case Unreachable(why):
                raise PageUnreachable(f"{page.url} {why}")
            case bug:
                raise bug

    async def close(self) -> None:
        self.is_closed = True


@dataclass(slots=True)
class FakeSpeech:
    """A tenth of a second a character; knows one text that cannot be said."""

    said: list[tuple[str, str]] = field(default_factory=list)

    async def say(self, text: str, *, voice: str) -> SpokenText:
        if text == "unspeakable":
            raise SpeechFault("espeak-ng is not there")
        self.said.append((text, voice))
        warning = "" if voice.startswith("English") else f"voice {voice!r} is not known"
        return SpokenText(f"/speech/{text}.wav", len(text) / 10, warning)


@dataclass(slots=True)
class FakeMedia:
    """Has one file, and another one until it is deleted."""

    old: set[str] = field(default_factory=lambda: {"old.wav"})
    is_full: bool = False

    def path_to_read(self, account_id: AccountId, name: str) -> str:
        if name != "prompts/welcome.wav":
            raise MediaNotFound(f"file {name} does not exist in the media file store")
        return f"/media/{account_id}/{name}"

    def path_to_write(self, account_id: AccountId, name: str) -> str:
        if self.is_full:
            raise OSError(errno.ENOSPC, "no room for a folder")
        return f"/media/{account_id}/{name}"

    def delete(self, account_id: AccountId, name: str) -> bool:
        assert account_id == 1
        if not name.endswith(".wav"):
            raise MediaNotFound(f"{name!r} is no name of a media file")
        was_there = name in self.old
        self.old.discard(name)
        return was_there


@dataclass(slots=True)
class FakeDownloads:
    """Has what is called `*.wav`."""

    asked: list[tuple[str, PageCredentials | None]] = field(default_factory=list)

    async def wav(
        self, account_id: AccountId, url: str, *, credentials: PageCredentials | None
    ) -> str:
        assert account_id == 1
        self.asked.append((url, credentials))
        if not url.endswith(".wav"):
            raise DownloadFault(f"{url} answered with HTTP status 404")
        return f"/downloads/{url.rpartition('/')[2]}"


@dataclass(slots=True)
class KeptLogs:
    """REST logs in memory."""

    text: str = ""

    def append(self, account_id: AccountId, filename: str, text: str) -> None:
        assert (account_id, filename) == (1, rest_instance().log_filename)
        self.text += text


@dataclass(slots=True)
class KeptFacts:
    """Facts in memory."""

    facts: list[Fact] = field(default_factory=list)

    def tell(self, fact: Fact) -> None:
        self.facts.append(fact)

    def of(self, kind: type[T]) -> list[T]:
        return [fact for fact in self.facts if isinstance(fact, kind)]


def surroundings(clock: VirtualClock) -> Surroundings:
    """What an instance has around it, all of it faked."""
    return Surroundings(
        speech=FakeSpeech(),
        media=FakeMedia(),
        downloads=FakeDownloads(),
        recognisers=ScriptedRecognisers(),
        logs=KeptLogs(),
        clock=clock,
        registry=RunningInstances(clock),
    )


@dataclass(slots=True)
class Story:
    """One instance from its start to its end; look at what is left when it is over."""

    pages: Mapping[str, PageScript | list[PageScript]]
    far_end: FarEnd = field(default_factory=FarEnd)
    application: RestApplication = APPLICATION
    broken_sounds: frozenset[str] = frozenset()
    parties: CallParties = OUTBOUND
    has_early_media: bool = False
    others: Mapping[str, FarEnd] = field(default_factory=dict)
    """What the far ends of secondary calls do, by destination or room."""
    free_channels: int = 4
    room_switches: tuple[float, ...] = ()
    interrupts: tuple[tuple[float, str] | tuple[float, str, str], ...] = ()
    """When it is interrupted, in seconds from the start, and by which pages; empty: by none."""
    translators: ScriptedTranslators | None = None
    lines_break: bool = False
    slow: Mapping[str, list[float]] = field(default_factory=dict)
    exit_status: int = field(init=False)
    call: ScriptedCall = field(init=False)
    web: ScriptedPages = field(init=False)
    secondaries: ScriptedSecondaries = field(init=False)
    speech: FakeSpeech = field(default_factory=FakeSpeech, init=False)
    media: FakeMedia = field(default_factory=FakeMedia, init=False)
    downloads: FakeDownloads = field(default_factory=FakeDownloads, init=False)
    recognisers: ScriptedRecognisers = field(default_factory=ScriptedRecognisers, init=False)
    logs: KeptLogs = field(default_factory=KeptLogs, init=False)
    told: KeptFacts = field(default_factory=KeptFacts, init=False)
    pauses: list[float] = field(default_factory=list, init=False)
    interruptions: list[Interruption] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        clock = VirtualClock()
        self.call = ScriptedCall(
            clock, self.far_end, broken_sounds=self.broken_sounds, parties=self.parties
        )
        self.call.joins_break = self.lines_break
        self.secondaries = ScriptedSecondaries(
            clock, dict(self.others), self.free_channels, self.room_switches
        )
        scripts: dict[str, list[PageScript]] = {"final": [Says(status=204)]}
        for name, script in self.pages.items():
            scripts[name] = script if isinstance(script, list) else [script]
        self.web = ScriptedPages(scripts, clock, slow=self.slow)
        self.exit_status = run_on(clock, self._run(clock))

    async def _run(self, clock: VirtualClock) -> int:
        registry = RunningInstances(clock)
        instance = replace(rest_instance(self.application), has_early_media=self.has_early_media)
        run = InstanceRun(
            instance=instance,
            call=self.call,
            secondaries=self.secondaries,
            pages=self.web,
            facts=self.told,
            around=replace(
                surroundings(clock),
                speech=self.speech,
                media=self.media,
                downloads=self.downloads,
                recognisers=self.recognisers,
                logs=self.logs,
                registry=registry,
                translators=self.translators,
                pause=self._pause,
            ),
        )
        for at, *pages in self.interrupts:
            asyncio.get_running_loop().call_at(
                clock.seconds + at, self._interrupt, registry, instance.instance_id, pages
            )
        exit_status = await run.run()
        await run.finish()
        assert asyncio.all_tasks() == {asyncio.current_task()}, "something was left running"
        return exit_status

    def _interrupt(
        self, registry: RunningInstances, instance_id: InstanceId, pages: list[str]
    ) -> None:
        for page in pages:
            redirect = PageAddress(SITE + page) if page else None
            self.interruptions.append(registry.interrupt(AccountId(1), instance_id, redirect))

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    @property
    def asked(self) -> list[str]:
        """Which pages were asked, in order."""
        return [name for name, _ in self.web.asked]

    def info(self, name: str) -> Any:
        """What a page was asked with, the last time."""
        return [info for asked, info in self.web.asked if asked == name][-1]
