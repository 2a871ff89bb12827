"""An attempt whose calls extensions are told of, on virtual time; everybody wants to know all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallbackQueueId,
    CallUuid,
    ExtensionId,
    Task,
    TaskId,
    TaskWish,
)
from callwright.domain.causes import cause_of_sip_failure
from callwright.domain.clock import UnixTime
from callwright.domain.extension_event import (
    EventRegistration,
    RegistrationId,
    TellMethod,
)
from callwright.domain.ids import AccountId
from callwright.runner.concurrency import Jobs, beside, pause
from callwright.scheduler.attempt.call_teller import CallTeller
from callwright.scheduler.attempt.extension_calls import CALL_EVENTS, ExtensionCalls
from callwright.scheduler.attempt.order import CallbackOrder, Callee
from callwright.scheduler.attempt.run import CallbackRun
from callwright.scheduler.values import EventToTell, Extension
from tests.sim.call import FarEnd, ScriptedCall
from tests.sim.clock import VirtualClock
from tests.sim.instance import FakeMedia, KeptFacts
from tests.sim.memory_outbox import MemoryOutbox
from tests.sim.secondaries import FORBIDDEN, ScriptedSecondaries
from tests.sim.virtual_loop import run_on

BOB = AccountId(7)
UUID = CallUuid("0123456789ABCDEF" * 2)
HOST = "https://crm.example.org"


def extension(number: int, destination: str = "") -> Extension:
    return Extension(
        ExtensionId(number),
        BOB,
        f"{number}",
        f"Label {number}",
        "",
        "",
        False,
        UnixTime(0.0),
        destination,
    )


DESK = extension(200, "sip:desk@example.com")
CID = extension(202, "sip:cid@example.com")
DOT = extension(203, "sip:dot@example.com")
BARE = extension(204)


def telephone(of: Extension) -> Callee:
    return Callee(of.number, of.destination, extension=of)


PUBLIC = Callee("+441632960961", "tel:+441632960961", is_public=True)
OTHER = Callee("+441632960962", "tel:+441632960962", is_public=True)
FORBIDDEN_ONE = Callee("100", FORBIDDEN, is_public=True)
NOBODY = Callee("999", "")

ORDER = CallbackOrder(
    account_id=BOB,
    a_side=(telephone(DESK),),
    b_side=PUBLIC,
    a_caller_id="441908273801",
    b_caller_id="441908273802",
    ring_timeout=30.0,
    max_duration=600.0,
    a_caller_name="Shown to A",
    b_caller_name="Billing & Co",
)

ANSWERS = FarEnd(answers_at=2.0)
NEVER = FarEnd(answers_at=3600.0)
BUSY = FarEnd(answers_at=0.5, refuses=cause_of_sip_failure(486))
REJECTS = FarEnd(answers_at=0.5, refuses=cause_of_sip_failure(603))
GONE = FarEnd(answers_at=0.5, refuses=cause_of_sip_failure(404))
LEAVES_AT_5 = FarEnd(answers_at=1.0, hangs_up_at=5.0)


def everything() -> list[EventRegistration]:
    """Every extension wants to be told of everything, at a host of its own."""
    return [
        EventRegistration(
            RegistrationId(of.extension_id * 10 + n),
            BOB,
            of.extension_id,
            event,
            f"https://x{of.number}.example.org/calls",
            TellMethod.POST,
        )
        for of in (DESK, CID, DOT, BARE)
        for n, event in enumerate(sorted(CALL_EVENTS))
    ]


@dataclass(slots=True)
class Story:
    """One attempt on behalf of the desk, and what is told of it."""

    a: FarEnd = ANSWERS
    others: dict[Callee, FarEnd] = field(default_factory=dict)
    order: CallbackOrder = ORDER
    of: Extension = DESK
    registrations: Sequence[EventRegistration] = field(default_factory=everything)
    cancelled_after: float | None = None
    dies_after: float | None = None
    wish: TaskWish = field(
        default_factory=lambda: TaskWish("200", "x", DESK.extension_id, UnixTime(0.0))
    )
    clock: VirtualClock = field(default_factory=VirtualClock)
    outbox: MemoryOutbox = field(default_factory=MemoryOutbox)
    media: FakeMedia = field(default_factory=FakeMedia)
    wakes: int = 0

    def tell(self) -> "Story":
        run_on(self.clock, self._run())
        return self

    async def _run(self) -> None:
        attempt = Attempt(2, UUID, self.clock.unix_time())
        task = Task(
            TaskId(5), BOB, CallbackQueueId(1), self.wish, attempt.started_at, attempts=(attempt,)
        )
        calls = ExtensionCalls(
            task, attempt, self.order, self.of, self.registrations, "sip.example.net"
        )
        teller = CallTeller(calls, self.outbox, self.clock, self._wake)
        far_ends = {callee.destination: far_end for callee, far_end in self.others.items()}
        secondaries = ScriptedSecondaries(self.clock, far_ends, free_channels=21)
        teller.start()
        run = CallbackRun(
            order=self.order,
            call=ScriptedCall(self.clock, self.a),
            secondaries=secondaries,
            media=self.media,
            desk=_Desk(),
            facts=KeptFacts(),
            clock=self.clock,
            watch=teller,
        )
        if self.dies_after is not None:
            jobs = Jobs()
            jobs.start(_unheeded(run))
            await pause(self.dies_after)
            self.seen = list(self.outbox.kept), dict(self.outbox.last_words)
            await jobs.end()
            return
        await beside(run.run(), self._cancel(run))
        await teller.close()

    seen: tuple[list[object], dict[str, EventToTell]] = field(default=([], {}), init=False)

    async def _cancel(self, run: CallbackRun) -> None:
        if self.cancelled_after is not None:
            await pause(self.cancelled_after)
            jobs = Jobs()
            run.end(AttemptOutcome.CANCELLED, jobs.start)
            await jobs.done()

    def _wake(self) -> None:
        self.wakes += 1

    @property
    def forms(self) -> list[dict[str, str]]:
        """What was told, in order; `to` is the extension whose host was told."""
        return [
            {"to": one.event.url[9:12], **dict(parse_qsl(one.event.body.decode()))}
            for one in self.outbox.kept
        ]

    def lines(self) -> list[str]:
        """The same, each in a line: to whom, what, of which number, how."""
        return [
            " ".join(
                [
                    form["to"],
                    form["EventType"],
                    form["CalledNumber"],
                    form["CallStatus"],
                    *(["bridged"] if form.get("Bridged") == "yes" else []),
                    *([form["Duration"]] if "Duration" in form else []),
                ]
            )
            for form in self.forms
        ]


class _Desk:
    async def joined(self, a_number: str) -> None:
        del a_number


async def _unheeded(run: CallbackRun) -> None:
    await run.run()


B, C = PUBLIC.number, OTHER.number

TALKS = FarEnd(answers_at=1.0, hangs_up_at=3.0)
