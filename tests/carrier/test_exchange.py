"""Calls to the exchange over SIP, in virtual time: what callers see, and what is left behind."""

import pytest

from callwright.carrier.far_end import LONGEST_CALL
from callwright.protocol.sdp.offer_answer import read_answer
from callwright.protocol.sip import events as sip
from callwright.worker import rpc
from tests.sim.town import OFFER, PCMA, Town


@pytest.fixture
def town() -> Town:
    return Town()


REFUSALS = [
    ("441632960003", 603),
    ("441632960004", 404),
    ("441632960053", 503),
    ("441632960086", 486),
    ("busy", 486),
]


@pytest.mark.parametrize(("user", "sip_status"), REFUSALS)
def test_a_far_end_that_refuses_does_so_with_its_status(
    town: Town, user: str, sip_status: int
) -> None:
    town.call(user)
    town.run_until(5.0)
    assert [(type(event), event.status) for event in _failures(town)] == [
        (sip.CallFailed, sip_status)
    ]
    assert town.entries[0].details["number"] == user
    assert town.told()[-1] == "refused"


def test_the_human_answers_says_something_listens_and_presses_keys(town: Town) -> None:
    call = town.call("441632960100")
    town.run_until(1.0)
    assert [type(event) for event in town.heard] == [sip.Progress]
    town.run_until(2.2)
    answered = town.heard[-1]
    assert isinstance(answered, sip.Answered)
    assert read_answer(OFFER, answered.body).codec == PCMA

    (spoken,) = town.workers.sent(rpc.Play)
    assert isinstance(spoken, rpc.Play)
    assert all(isinstance(item, rpc.PlayTone) for item in spoken.items)
    town.sound(rpc.PlayEnded(1, spoken.play, finished=True, duration=1.0))
    town.sound(rpc.SpeechStarted(1))
    town.run_until(5.0)
    town.sound(rpc.SpeechEnded(1, 2.0))
    town.run_until(6.0)
    pressed = town.workers.sent(rpc.Play)[-1]
    assert isinstance(pressed, rpc.Play)
    assert pressed.items == (rpc.PlayDigits("4711"),)

    town.do(lambda: town.caller.hang_up(call, town.now))
    town.run_until(50.0)
    assert isinstance(town.heard[-1], sip.CallEnded)
    assert town.told() == [
        *("invited", "ringing", "answered", "said", "heard", "pressed", "hung_up", "sound")
    ]
    assert town.entries[-2].details["by"] == "caller"


def test_sound_goes_where_the_offer_says(town: Town) -> None:
    town.call("hello")
    town.run_until(2.0)
    assert town.workers.sent(rpc.ConnectLeg) == [
        rpc.ConnectLeg(1, "192.0.2.1", 16384, 16385, "PCMA", 8, 101, sends=True, receives=True)
    ]


def test_a_caller_who_only_sends_is_heard_and_not_spoken_to(town: Town) -> None:
    town.call("hello", offer=OFFER.replace(b"a=sendrecv", b"a=sendonly"))
    town.run_until(2.0)
    assert _directions(town) == [(False, True)]


def test_a_hold_and_its_end_are_followed(town: Town) -> None:
    town.call("hello")
    town.run_until(2.0)
    town.reinvite(OFFER.replace(b"a=sendrecv", b"a=inactive"), cseq=2)
    town.reinvite(OFFER, cseq=3)
    assert _directions(town) == [(True, True), (False, False), (True, True)]
    assert b"o=- 7 3 " in town.from_exchange[-1]


def test_a_new_offer_that_no_phone_speaks_leaves_the_call_as_it_was(town: Town) -> None:
    town.call("hello")
    town.run_until(2.0)
    town.reinvite(b"v=0", cseq=2)
    assert town.from_exchange[-1].startswith(b"SIP/2.0 488 ")
    assert _directions(town) == [(True, True)]


def test_a_far_end_hangs_up_early(town: Town) -> None:
    town.call("hangup")
    town.run_until(40.0)
    assert [type(event) for event in town.heard] == [sip.Progress, sip.Answered, sip.HungUp]
    assert town.told()[-2:] == ["hung_up", "sound"]
    assert town.entries[-2].details["by"] == "far_end"


def test_nobody_answers_and_the_caller_gives_up(town: Town) -> None:
    town.call("noanswer", ring_timeout=30.0)
    town.run_until(29.9)
    assert [type(event) for event in town.heard] == [sip.Progress]
    town.run_until(100.0)
    (failed,) = _failures(town)
    assert failed.timed_out
    assert town.told() == ["invited", "ringing", "cancelled"]


def test_nobody_answers_and_the_network_gives_up(town: Town) -> None:
    town.call("noanswer", ring_timeout=1000.0)
    town.run_until(200.0)
    assert [event.status for event in _failures(town)] == [480]


def test_an_offer_with_nothing_that_a_phone_speaks_is_refused(town: Town) -> None:
    town.call("hello", offer=OFFER.replace(b"PCM", b"XYZ").replace(b" 8 0 ", b" 97 98 "))
    town.run_until(5.0)
    assert [event.status for event in _failures(town)] == [488]
    assert town.told()[-2:] == ["refused", "sound"]


def test_no_ports_for_sound_is_a_refusal_too(town: Town) -> None:
    town.workers.is_alive = False
    town.call("hello")
    town.run_until(5.0)
    assert [event.status for event in _failures(town)] == [503]
    assert "no ports" in str(town.entries[-1].details["problem"])


def test_a_caller_who_gives_up_while_ports_are_taken_leaves_none_behind(town: Town) -> None:
    town.workers.answers = False
    call = town.call("hello")
    town.run_until(2.0)
    town.do(lambda: town.caller.cancel(call, town.now))
    town.workers.answers = True
    town.sound(rpc.LegOpened(1, 10_000))
    assert town.workers.sent(rpc.CloseLeg) == [rpc.CloseLeg(1)]
    town.run_until(100.0)
    assert town.told() == ["invited", "ringing", "cancelled", "sound"]


def test_sound_that_fails_ends_its_call(town: Town) -> None:
    town.call("hello")
    town.run_until(2.0)
    town.sound(rpc.CommandFailed(1, "ConnectLeg", "no route"))
    town.run_until(100.0)
    assert isinstance(town.heard[-1], sip.HungUp)
    assert town.told()[-3:] == ["failed", "hung_up", "sound"]


def test_a_caller_who_died_does_not_keep_a_far_end_for_ever(town: Town) -> None:
    town.call("hello")
    town.run_until(2.0)
    town.run_until(LONGEST_CALL + 100.0)
    assert isinstance(town.heard[-1], sip.HungUp)


def test_keys_are_written_down(town: Town) -> None:
    town.call("hello")
    town.run_until(2.0)
    town.sound(rpc.DigitReceived(1, "5", 100, in_band=False))
    assert town.entries[-1].details == {"digit": "5", "in_band": False}


@pytest.mark.parametrize("event", [rpc.Ready(1), rpc.TickReport(0, 50, (50,), 0.1, 0.1, 0)])
def test_what_concerns_no_leg_is_left_alone(town: Town, event: rpc.Event) -> None:
    town.sound(event)
    town.sound(rpc.SpeechStarted(99))
    assert town.entries == []


@pytest.mark.parametrize(
    ("user", "end"),
    [("noanswer", sip.CallFailed), ("hello", sip.HungUp), ("voicemail", sip.HungUp)],
)
def test_a_carrier_that_leaves_ends_every_call(
    town: Town, user: str, end: type[sip.SipEvent]
) -> None:
    town.call(user)
    town.run_until(2.0)
    town.do(lambda: town.exchange.end_all(town.now))
    town.run_until(50.0)
    assert isinstance(town.heard[-1], end)
    assert town.exchange.is_idle


def test_many_calls_at_once_leave_nothing_behind(town: Town) -> None:
    for ending in range(100):
        town.call(f"4416329600{ending:02}", ring_timeout=20.0)
    town.run_until(30.0)
    town.run_until(2 * LONGEST_CALL)
    invited = [entry.sip_call_id for entry in town.entries if entry.event == "invited"]
    ended = [
        entry.sip_call_id
        for entry in town.entries
        if entry.event in {"refused", "cancelled", "hung_up"}
    ]
    assert sorted(ended) == sorted(set(invited))
    assert len(invited) == 100
    assert town.exchange.deadline() is None
    opened, closed = town.workers.sent(rpc.OpenLeg), town.workers.sent(rpc.CloseLeg)
    assert len(opened) == len(closed) > 0


def _failures(town: Town) -> list[sip.CallFailed]:
    return [event for event in town.heard if isinstance(event, sip.CallFailed)]


def _directions(town: Town) -> list[tuple[bool, bool]]:
    """Whether the far end sends and receives, after each offer."""
    return [
        (command.sends, command.receives)
        for command in town.workers.commands
        if isinstance(command, rpc.ConnectLeg)
    ]
