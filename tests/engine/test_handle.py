"""The face of a leg: what waits, what wakes it, and what it says then."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from callwright.domain.call_control import (
    CallIsOver,
    MediaFault,
    PlayOutcome,
    RecordingCut,
    RecordingMode,
    RecordingOrder,
    RecordingOutcome,
    Side,
    SoundFile,
    Tone,
    WholeCallOrder,
)
from callwright.domain.causes import HUNG_UP_BY_THEM, HUNG_UP_BY_US
from callwright.domain.cipher import Cipher
from callwright.domain.facts import ErrorReported, FarEndClassified
from callwright.domain.far_end import Classification, ClassificationMode, FarEndType
from callwright.engine.handle import CallHandle
from callwright.worker import rpc
from tests.sim.house import House, run

SOUND = SoundFile("/prompt.wav")
Story = Callable[[House, CallHandle], Coroutine[None, None, None]]


def on_a_call(story: Story) -> None:
    """Tell a story on a call that is answered; its leg is number 1."""

    async def whole() -> None:
        house = House()
        await story(house, await house.answered())

    run(whole())


def digit(key: str) -> rpc.DigitReceived:
    return rpc.DigitReceived(1, key, 100, in_band=False)


async def begun(house: House, work: Coroutine[None, None, object]) -> asyncio.Task[object]:
    """Begin something that waits."""
    handle = asyncio.create_task(work)
    await house.quiet()
    return handle


def test_a_play_ends_by_itself() -> None:
    async def story(house: House, call: CallHandle) -> None:
        playing = await begun(house, call.play([SOUND], barge_in_on_digit=True))
        house.workers.tell(rpc.PlayEnded(1, 1, finished=True, duration=1.0))
        assert await playing is PlayOutcome.FINISHED

    on_a_call(story)


def test_a_key_barges_in_and_stays() -> None:
    async def story(house: House, call: CallHandle) -> None:
        playing = await begun(house, call.play([SOUND], barge_in_on_digit=True))
        house.workers.tell(digit("5"))
        assert await playing is PlayOutcome.DIGIT
        assert await call.next_digit(0) == "5"
        assert await call.next_digit(0) is None

    on_a_call(story)


def test_a_key_that_waits_does_not_barge_in_and_one_that_may_not_does_not() -> None:
    async def story(house: House, call: CallHandle) -> None:
        house.workers.tell(digit("1"))
        waiting = await begun(house, call.play([SOUND], barge_in_on_digit=True))
        assert not waiting.done()
        await call.hang_up()
        with pytest.raises(CallIsOver):
            await waiting

    async def deaf(house: House, call: CallHandle) -> None:
        playing = await begun(house, call.play([SOUND], barge_in_on_digit=False))
        house.workers.tell(digit("1"))
        await house.quiet()
        assert house.workers.sent(rpc.StopPlay) == []
        house.workers.tell(rpc.PlayEnded(1, 1, finished=True, duration=1.0))
        assert await playing is PlayOutcome.FINISHED

    on_a_call(story)
    on_a_call(deaf)


def test_a_looped_play_is_stopped_beside_another_wait() -> None:
    async def story(house: House, call: CallHandle) -> None:
        holding = await begun(house, call.play([SOUND], barge_in_on_digit=False, loops=True))
        pressing = await begun(house, call.next_digit(None))
        [play] = house.workers.sent(rpc.Play)
        assert isinstance(play, rpc.Play)
        assert play.loops
        call.stop_play()
        assert await holding is PlayOutcome.STOPPED
        house.workers.tell(digit("9"))
        assert await pressing == "9"

    on_a_call(story)


def test_a_play_that_another_takes_the_place_of_was_stopped() -> None:
    async def story(house: House, call: CallHandle) -> None:
        first = await begun(house, call.play([SOUND], barge_in_on_digit=False))
        await begun(house, call.play([Tone((440.0,), 200)], barge_in_on_digit=False))
        house.workers.tell(rpc.PlayEnded(1, 1, finished=False, duration=0.1))
        assert await first is PlayOutcome.STOPPED

    on_a_call(story)


def test_a_cancelled_play_stops() -> None:
    async def story(house: House, call: CallHandle) -> None:
        playing = await begun(house, call.play([SOUND], barge_in_on_digit=False))
        playing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await playing
        assert len(house.workers.sent(rpc.StopPlay)) == 1

    on_a_call(story)


def test_what_cannot_be_played_says_so() -> None:
    async def story(house: House, call: CallHandle) -> None:
        cipher = Cipher(b"k" * 16, b"v" * 16)
        playing = await begun(
            house, call.play([SoundFile("/secret.wav", cipher)], barge_in_on_digit=False)
        )
        [play] = house.workers.sent(rpc.Play)
        assert isinstance(play, rpc.Play)
        assert play.items == (rpc.PlayFile("/secret.wav", rpc.Cipher(b"k" * 16, b"v" * 16)),)
        problem = "could not be decrypted"
        house.workers.tell(rpc.PlayEnded(1, 1, finished=False, duration=0.0, problem=problem))
        with pytest.raises(MediaFault, match=problem):
            await playing

    on_a_call(story)


def test_a_recording_ends_by_its_key_by_a_wish_and_with_the_call() -> None:
    async def story(house: House, call: CallHandle) -> None:
        order = RecordingOrder("/r.wav", None, 60, 3, 3, stop_digits="#")
        by_key = await begun(house, call.record(order))
        house.workers.tell(digit("1"))
        assert house.workers.sent(rpc.StopRecord) == []
        house.workers.tell(digit("#"))
        assert await by_key == RecordingOutcome(1.5, contains_sound=True)
        by_wish = await begun(house, call.record(order))
        call.stop_record()
        assert await by_wish == RecordingOutcome(1.5, contains_sound=True)
        by_end = await begun(house, call.record(order))
        await call.hang_up()
        with pytest.raises(RecordingCut) as cut:
            await by_end
        assert cut.value.outcome == RecordingOutcome(1.5, contains_sound=True)

    on_a_call(story)


def test_a_whole_call_is_recorded_on_both_sides_and_a_failure_is_reported() -> None:
    async def story(house: House, call: CallHandle) -> None:
        order = WholeCallOrder("/w.wav", RecordingMode.SEPARATE, eliminates_dtmf=True)
        call.record_whole_call(order)
        [record] = house.workers.sent(rpc.Record)
        assert isinstance(record, rpc.Record)
        assert (record.side, record.eliminates_dtmf, record.starts_with_sound) == (
            "separate",
            True,
            False,
        )
        ended = rpc.RecordEnded(1, record.recording, 0.0, False, "failed", "the disk is full")
        house.workers.tell(ended)
        [error] = [fact for fact in house.facts.facts if isinstance(fact, ErrorReported)]
        assert error.text == "The call could not be recorded: the disk is full"

    on_a_call(story)


def test_sound_is_heard_until_it_is_not_wanted_or_there_is_no_more() -> None:
    async def story(house: House, call: CallHandle) -> None:
        hearing = call.hear(Side.MIXED)
        waiting = await begun(house, hearing.next_sound())
        house.workers.tell(rpc.SoundHeard(1, 1, b"ab"))
        assert await waiting == b"ab"
        house.workers.tell(rpc.SoundHeard(1, 1, b"cd"))
        hearing.close()
        hearing.close()
        assert await hearing.next_sound() == b"cd"
        assert await hearing.next_sound() == b""
        assert len(house.workers.sent(rpc.StopListening)) == 1
        other = call.hear(Side.HEARD)
        await call.hang_up()
        assert await other.next_sound() == b""
        assert await call.hear(Side.HEARD).next_sound() == b""

    on_a_call(story)


def test_of_a_slow_listener_the_oldest_second_is_dropped() -> None:
    async def story(house: House, call: CallHandle) -> None:
        hearing = call.hear(Side.HEARD)
        for number in range(15):
            house.workers.tell(rpc.SoundHeard(1, 1, bytes([number])))
        assert await hearing.next_sound() == bytes([5])

    on_a_call(story)


@pytest.mark.parametrize(
    ("to", "mode", "sent"),
    [
        ("tel:441908273800", ClassificationMode.DEFAULT, "network_connect"),
        ("tel:12125550100", ClassificationMode.DEFAULT, "answer_detect"),
        ("tel:12125550100", ClassificationMode.NETWORK_CONNECT, "network_connect"),
        ("sip:1@example.com", ClassificationMode.DEFAULT, "network_connect"),
    ],
)
def test_what_answered_is_found_out(to: str, mode: ClassificationMode, sent: str) -> None:
    async def whole() -> None:
        house = House()
        call = await house.answered(to=to)
        finding = await begun(house, call.classify(Classification(mode, timeout=4.0)))
        assert house.workers.sent(rpc.Classify) == [rpc.Classify(1, sent, 4000)]
        verdict = rpc.FarEndClassified(
            1, "answering_machine", 2.5, ("talks on",), ((0.5, 2.5, "speech"),)
        )
        house.workers.tell(verdict)
        far_end = await finding
        [fact] = [fact for fact in house.facts.facts if isinstance(fact, FarEndClassified)]
        assert fact.far_end == far_end
        assert fact.far_end.far_end_type is FarEndType.ANSWERING_MACHINE
        assert fact.far_end.timeline[0].kind == "speech"
        greeted = await begun(house, call.greeting_over())
        assert not greeted.done()
        house.workers.tell(rpc.GreetingEnded(1, 6.0, "beep"))
        await greeted

    run(whole())


def test_a_worker_that_says_nothing_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callwright.engine.handle.VERDICT_PATIENCE", 0.0)
    monkeypatch.setattr("callwright.engine.handle.GREETING_PATIENCE", 0.0)

    async def story(_: House, call: CallHandle) -> None:
        far_end = await call.classify(Classification(timeout=0.0))
        assert far_end.far_end_type is FarEndType.UNKNOWN
        await call.greeting_over()

    on_a_call(story)


def test_early_media_is_told_before_the_answer_where_it_is_wanted() -> None:
    async def whole(*, wanted: bool) -> None:
        house = House()
        house.react = house.early
        call = await house.place(wants_early_media=wanted)
        waiting = await begun(house, call.early_media())
        assert waiting.done() is wanted
        assert call.leg.can_be_heard is wanted
        waiting.cancel()

    run(whole(wanted=True))
    run(whole(wanted=False))


def test_everything_that_waits_is_told_of_the_end() -> None:
    async def story(house: House, call: CallHandle) -> None:
        waiting = [
            await begun(house, call.next_digit(None)),
            await begun(house, call.pause(100.0)),
            await begun(house, call.play([SOUND], barge_in_on_digit=False)),
        ]
        over = await begun(house, call.over())
        house.workers.die()
        for one in waiting:
            with pytest.raises(CallIsOver):
                await one
        await over

    on_a_call(story)


def test_an_inbound_call_is_answered_or_refused_through_its_handle() -> None:
    async def answered() -> None:
        house = House()
        arrivals: list[CallHandle] = []
        house.engine.receive_calls(lambda arrival: arrivals.append(house.take(arrival)))
        sip_call = house.call_in()
        await house.quiet()
        [call] = arrivals
        await call.open_early_media()
        await call.answer()
        await call.answer()
        assert call.parties.call_from == "441632960961"
        house.far_end.hang_up(sip_call, 0.0)
        house.settle()
        assert await call.over() == HUNG_UP_BY_THEM
        with pytest.raises(CallIsOver):
            await call.answer()

    async def refused() -> None:
        house = House()
        arrivals: list[CallHandle] = []
        house.engine.receive_calls(lambda arrival: arrivals.append(house.take(arrival)))
        house.call_in()
        await house.quiet()
        await arrivals[0].reject(486)
        assert str(await arrivals[0].over()) == "BUSY(486)"

    run(answered())
    run(refused())


def test_what_is_for_inbound_calls_does_nothing_on_others() -> None:
    async def story(_: House, call: CallHandle) -> None:
        await call.answer()
        await call.open_early_media()
        await call.reject(486)
        assert call.snapshot().cause is None
        await call.hang_up()
        assert await call.over() == HUNG_UP_BY_US

    on_a_call(story)
