"""Far ends that call: from the ports that they take to the last word."""

import pytest

from callwright.carrier.call import PlacedCall
from callwright.carrier.exchange import CODECS, RINGS_FOR
from callwright.carrier.far_end import LONGEST_CALL
from callwright.carrier.scripts import CALLERS
from callwright.protocol.sdp.offer_answer import make_answer
from callwright.protocol.sip import events as sip
from callwright.worker import rpc
from tests.sim.town import Town
from tests.sim.wire import CALLER_AT


@pytest.fixture
def town() -> Town:
    return Town()


def test_an_answered_caller_speaks_when_it_is_his_turn_and_greets_nobody(town: Town) -> None:
    invited = _call(town, "speech")
    assert str(invited.request.from_.uri) == "sip:441632960961@192.0.2.2"
    _answer(town, invited)
    assert town.told() == ["calling", "answered"]
    town.sound(rpc.SpeechStarted(1))
    town.sound(rpc.SpeechEnded(1, 3.0))
    town.run_until(1.0)
    assert town.entries[-1].details == {"text": "Sales."}
    town.do(lambda: town.caller.hang_up(invited.call, town.now))
    town.run_until(50.0)
    assert town.told() == ["calling", "answered", "heard", "said", "hung_up", "sound"]
    assert town.entries[-2].details["by"] == "callee"
    assert town.exchange.is_idle


def test_sound_goes_where_the_answer_says(town: Town) -> None:
    _answer(town, _call(town, "keys"))
    (connected,) = town.workers.sent(rpc.ConnectLeg)
    assert isinstance(connected, rpc.ConnectLeg)
    assert (connected.host, connected.port, connected.encoding) == ("192.0.2.1", 4000, "PCMA")


def test_sound_before_the_answer_is_heard_and_not_listened_to(town: Town) -> None:
    invited = _call(town, "keys")
    town.do(lambda: town.caller.ring(invited.call, town.now, status=183, body=_answer_to(invited)))
    assert len(town.workers.sent(rpc.ConnectLeg)) == 1
    assert town.entries[-1].details == {"sip_status": 183, "early_media": True}
    town.sound(rpc.SpeechStarted(1))
    town.sound(rpc.SpeechEnded(1, 3.0))
    _answer(town, invited)
    town.run_until(5.0)
    assert "pressed" not in town.told()


def test_a_refused_caller_is_told_so(town: Town) -> None:
    invited = _call(town, "keys")
    town.do(lambda: town.caller.reject(invited.call, 486, town.now))
    town.run_until(50.0)
    assert town.told() == ["calling", "call_failed", "sound"]
    assert town.entries[1].details["sip_status"] == 486
    assert town.exchange.is_idle


def test_a_caller_gives_up_when_nobody_answers(town: Town) -> None:
    invited = _call(town, "keys")
    town.do(lambda: town.caller.ring(invited.call, town.now))
    town.run_until(RINGS_FOR - 1.0)
    assert town.told() == ["calling", "progress"]
    town.run_until(RINGS_FOR + 50.0)
    assert town.told() == ["calling", "progress", "call_failed", "sound"]


def test_an_answer_that_no_phone_understands_ends_the_call(town: Town) -> None:
    invited = _call(town, "keys")
    town.do(lambda: town.caller.accept(invited.call, b"v=0", town.now))
    town.run_until(50.0)
    assert town.told() == ["calling", "failed", "hung_up", "sound"]
    assert town.exchange.is_idle


def test_no_ports_for_sound_is_a_call_that_failed(town: Town) -> None:
    town.workers.is_alive = False
    town.do(lambda: town.exchange.place(_placed("keys")))
    assert town.told() == ["call_failed"]
    assert town.exchange.is_idle
    assert town.heard == []


@pytest.mark.parametrize("is_answered", [True, False])
def test_sound_that_fails_ends_the_call(town: Town, *, is_answered: bool) -> None:
    invited = _call(town, "keys")
    if is_answered:
        _answer(town, invited)
    else:
        town.do(lambda: town.caller.ring(invited.call, town.now))
    town.sound(rpc.CommandFailed(1, "ConnectLeg", "no route"))
    town.run_until(50.0)
    assert isinstance(town.heard[-1], sip.HungUp if is_answered else sip.Cancelled)
    assert town.exchange.is_idle


def test_a_far_end_whose_script_hangs_up_does_so(town: Town) -> None:
    _answer(town, _call(town, "hangup"))
    town.run_until(50.0)
    assert isinstance(town.heard[-1], sip.HungUp)
    assert town.told()[-2:] == ["hung_up", "sound"]
    assert town.entries[-2].details["by"] == "far_end"


@pytest.mark.parametrize("user", CALLERS)
def test_nobody_calls_for_ever(town: Town, user: str) -> None:
    _answer(town, _call(town, user))
    assert not _is_idle(town)
    town.run_until(2 * LONGEST_CALL)
    assert _is_idle(town)
    assert town.exchange.deadline() is None


def _placed(user: str) -> PlacedCall:
    return PlacedCall(
        target="sip:desk@192.0.2.1",
        next_hop=CALLER_AT,
        script=CALLERS[user],
        caller="441632960961",
    )


def _call(town: Town, user: str) -> sip.Invited:
    """Let one of the far ends call; the call as it reached the other side."""
    town.do(lambda: town.exchange.place(_placed(user)))
    (invited,) = [event for event in town.heard if isinstance(event, sip.Invited)]
    return invited


def _answer(town: Town, invited: sip.Invited) -> None:
    body = _answer_to(invited)
    town.do(lambda: town.caller.accept(invited.call, body, town.now))


def _answer_to(invited: sip.Invited) -> bytes:
    offer = invited.request.body
    return make_answer(offer, host="192.0.2.1", port=4000, supported=CODECS, session_id=1)[0]


def _is_idle(town: Town) -> bool:
    return town.exchange.is_idle
