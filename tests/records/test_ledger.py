"""Facts become a record; those of a call that was interrupted become an honest one."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest

from callwright.domain.causes import FAILED_HERE, HUNG_UP_BY_THEM, cause_of_sip_failure
from callwright.domain.clock import UnixTime
from callwright.domain.facts import (
    ActionStarted,
    CallAnswered,
    CallJoined,
    CallOver,
    CallParted,
    CallPlaced,
    CallRinging,
    DigitPressed,
    ErrorReported,
    Fact,
    FarEndClassified,
    FeatureUsed,
    InstanceStarted,
    InstanceStopped,
    PageAnswered,
    SpeechUsed,
    StartQueued,
)
from callwright.domain.far_end import FarEnd, FarEndType, Heard
from callwright.domain.ids import CallId, InstanceId, ServiceRef
from callwright.domain.records import (
    Adr,
    CallDirection,
    Cdr,
    ErrorCode,
    ErrorReport,
    Fdr,
    InstanceRecord,
)
from callwright.records.ledger import IncompleteFacts, Ledger
from callwright.records.tariff import Tariff

REF = ServiceRef("2e891aea_0.1366641192.77832")
INSTANCE = InstanceId("100d73cb12cbf845.8089")
CALL = CallId("100d73cb12cbf845.106285.246346213")
TO, ORIGIN = "tel:443069990123", "443069999876@sip-0-0-0.example.net"
TARIFF = Tariff(platform=Decimal("0.01"), telephone={"": Decimal("0.016")})


def at(seconds: float) -> UnixTime:
    return UnixTime(1552572916.0 + seconds)


STARTED = InstanceStarted(
    at=at(0.2),
    instance_id=INSTANCE,
    application_name="outbound_test",
    rest_to=TO,
    rest_from="443069999876",
    rest_initial_token="9176280",
    outbound_parameters="floor=2",
    application_parameters="night",
    rest_log_filename="2019/03/14/rest.log",
    extra_channel_count=1,
    fax=True,
)
PLACED = CallPlaced(at(0.4), CALL, TO, ORIGIN, "sim")
STOPPED = InstanceStopped(at(33.4), 0)


def adr(*, exit_status: int = 0, tts: float = 0.0, neural: float = 0.0, pstn: str = "0") -> Adr:
    return Adr(
        instance_id=INSTANCE,
        ref=REF,
        application_name="outbound_test",
        started_at=STARTED.at,
        stopped_at=STOPPED.at,
        exit_status=exit_status,
        outbound_parameters="floor=2",
        application_parameters="night",
        extra_channel_count=1,
        fax=True,
        rest_log_filename="2019/03/14/rest.log",
        rest_to=TO,
        rest_from="443069999876",
        rest_initial_token="9176280",
        tts_seconds=tts,
        tts_neural_seconds=neural,
        platform_cost=Decimal("0.01"),
        pstn_cost=Decimal(pstn),
        tts_unit_cost=Decimal("0.0072"),
        tts_cost=Decimal(tts) / 60 * Decimal("0.0072"),
        tts_neural_unit_cost=Decimal("0.0192"),
        tts_neural_cost=Decimal(neural) / 60 * Decimal("0.0192"),
    )


def cdr(placed: CallPlaced, answered_at: UnixTime | None, over: CallOver) -> Cdr:
    return Cdr(
        call_id=placed.call_id,
        destination_address=placed.destination_address,
        originating_address=placed.originating_address,
        direction=CallDirection.OUT,
        channel_type="p",
        initiated_at=placed.at,
        connected_at=answered_at,
        hung_up_at=over.at,
        joined=0.0,
        cause=over.cause,
    )


BYE = CallOver(at(33.0), CALL, HUNG_UP_BY_THEM)
BUSY = CallOver(at(2.0), CALL, cause_of_sip_failure(486))
LOST = CallOver(at(33.0), CALL, FAILED_HERE)
SIP_PLACED = CallPlaced(at(1.0), CallId("c.2"), "sip:ann@example.com", "", "sim")
SIP_OVER = CallOver(at(5.0), CallId("c.2"), HUNG_UP_BY_THEM)

CAME_IN = CallPlaced(at(0.4), CALL, TO, ORIGIN, "", CallDirection.IN)
BESIDE = CallPlaced(at(1.0), CallId("c.3"), "sip:ann@example.com", "", "sim", channel_type="x")
BESIDE_OVER = CallOver(at(11.0), CallId("c.3"), HUNG_UP_BY_THEM)
HUMAN = FarEnd(FarEndType.HUMAN, 1.2, ("short",), (Heard(0.0, 0.8, "speech"),))

STORIES: dict[str, tuple[list[Fact], InstanceRecord]] = {
    "a call that was answered, with speech": (
        [
            StartQueued(at(0), TO),
            STARTED,
            PLACED,
            CallRinging(at(0.5), CALL, 180),
            CallAnswered(at(0.9), CALL),
            PageAnswered(at(1), "first", "http://a/first", 200, ("play",)),
            ActionStarted(at(1), "play"),
            SpeechUsed(at(2), 10.0),
            SpeechUsed(at(3), 5.0),
            SpeechUsed(at(4), 15.0, neural=True),
            DigitPressed(at(5), CALL, "5"),
            BYE,
            STOPPED,
        ],
        InstanceRecord(adr(tts=15.0, neural=15.0, pstn="0.016"), (cdr(PLACED, at(0.9), BYE),)),
    ),
    "busy: no answer, so nothing to pay for": (
        [STARTED, PLACED, BUSY, STOPPED],
        InstanceRecord(adr(), (cdr(PLACED, None, BUSY),)),
    ),
    "a caller who was connected twice to another call": (
        [
            STARTED,
            CAME_IN,
            CallAnswered(at(0.9), CALL),
            BESIDE,
            FarEndClassified(at(1.5), BESIDE.call_id, HUMAN),
            CallJoined(at(2), CALL),
            CallJoined(at(2), BESIDE.call_id),
            CallParted(at(5), CALL),
            CallParted(at(5), BESIDE.call_id),
            CallJoined(at(6), CALL),
            CallJoined(at(6), BESIDE.call_id),
            CallParted(at(10.5), CALL),
            CallParted(at(10.5), BESIDE.call_id),
            CallParted(at(10.5), CALL),
            BESIDE_OVER,
            BYE,
            STOPPED,
        ],
        InstanceRecord(
            adr(),
            (
                replace(cdr(CAME_IN, at(0.9), BYE), direction=CallDirection.IN, joined=7.5),
                replace(
                    cdr(BESIDE, None, BESIDE_OVER), channel_type="x", joined=7.5, far_end=HUMAN
                ),
            ),
        ),
    ),
    "a crash in the middle of a connection": (
        [STARTED, PLACED, CallAnswered(at(1), CALL), CallJoined(at(3), CALL), LOST, STOPPED],
        InstanceRecord(adr(pstn="0.016"), (replace(cdr(PLACED, at(1), LOST), joined=30.0),)),
    ),
    "interrupted": (
        [
            STARTED,
            PLACED,
            CallAnswered(at(0.9), CALL),
            LOST,
            ErrorReported(at(33.4), ErrorCode.INTERNAL, "interrupted"),
            InstanceStopped(at(33.4), -9),
        ],
        InstanceRecord(
            adr(exit_status=-9, pstn="0.016"),
            (cdr(PLACED, at(0.9), LOST),),
            (ErrorReport(ErrorCode.INTERNAL, "interrupted"),),
        ),
    ),
    "two calls, of which one goes through a telephone provider": (
        [
            STARTED,
            PLACED,
            CallAnswered(at(0.9), CALL),
            SIP_PLACED,
            CallAnswered(at(2), CallId("c.2")),
            SIP_OVER,
            BYE,
            STOPPED,
        ],
        InstanceRecord(
            adr(pstn="0.016"), (cdr(PLACED, at(0.9), BYE), cdr(SIP_PLACED, at(2), SIP_OVER))
        ),
    ),
    "no call at all": ([STARTED, STOPPED], InstanceRecord(adr())),
}


def told(facts: Iterable[Fact]) -> Ledger:
    ledger = Ledger(REF)
    for fact in facts:
        ledger.tell(fact)
    return ledger


@pytest.mark.parametrize(("facts", "record"), STORIES.values(), ids=STORIES)
def test_folds(facts: list[Fact], record: InstanceRecord) -> None:
    assert told(facts).record(TARIFF) == record


def test_each_use_of_a_feature_is_a_record_of_its_own() -> None:
    uses = [
        FeatureUsed(at(12), CALL, "sr_get_input", "in", 10.5, "b7c1"),
        FeatureUsed(at(30), CALL, "sr_play", "mixed", 15.0, "b7c2"),
    ]
    tariff = Tariff(features={"": Decimal(0), "sr": Decimal("0.04")})
    record = told([STARTED, PLACED, *uses, BYE, STOPPED]).record(tariff)
    assert record.fdrs == (
        Fdr(
            feature_id="100d73cb12cbf845.8089000001",
            audio_path="in",
            feature_type="sr_get_input",
            started_at=at(1.5),
            stopped_at=at(12),
            call_id=CALL,
            transaction_id="b7c1",
            duration_for_cost=15.0,
            unit_cost=Decimal("0.04"),
            cost=Decimal("0.01"),
        ),
        Fdr(
            feature_id="100d73cb12cbf845.8089000002",
            audio_path="mixed",
            feature_type="sr_play",
            started_at=at(15),
            stopped_at=at(30),
            call_id=CALL,
            transaction_id="b7c2",
            duration_for_cost=15.0,
            unit_cost=Decimal("0.04"),
            cost=Decimal("0.01"),
        ),
    )
    assert (record.adr.feature_seconds, record.adr.feature_cost) == (25.5, Decimal("0.02"))


def test_nothing_costs_anything_unless_the_operator_says_so() -> None:
    costs = told([STARTED, PLACED, CallAnswered(at(1), CALL), BYE, STOPPED]).record(Tariff()).adr
    assert (costs.platform_cost, costs.pstn_cost) == (Decimal(0), Decimal(0))
    assert (costs.tts_unit_cost, costs.tts_neural_unit_cost) == (
        Decimal("0.0072"),
        Decimal("0.0192"),
    )


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ([], "the start of the instance"),
        ([PLACED, BYE, STOPPED], "the start of the instance"),
        ([STARTED], "the stop of the instance"),
        ([STARTED, PLACED, STOPPED], "the end of the call"),
        ([STARTED, BYE], "never placed"),
        ([STARTED, CallAnswered(at(1), CALL)], "never placed"),
    ],
)
def test_a_story_with_a_hole_is_our_bug(facts: list[Fact], missing: str) -> None:
    with pytest.raises(IncompleteFacts, match=missing):
        told(facts).record(TARIFF)
