"""The facts of one instance folded into its record; pure, used live and after a crash alike.

A live instance tells its facts one by one. After a crash the same ledger is told what the store
still knows, and an honest record comes out: when it started, whether it was answered, and that
it was interrupted.
"""

from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from callwright.domain.causes import EndCause
from callwright.domain.clock import UnixTime
from callwright.domain.errors import CallwrightError
from callwright.domain.facts import (
    CallAnswered,
    CallJoined,
    CallOver,
    CallParted,
    CallPlaced,
    ErrorReported,
    Fact,
    FarEndClassified,
    FeatureUsed,
    InstanceStarted,
    InstanceStopped,
    SpeechUsed,
)
from callwright.domain.far_end import FarEnd
from callwright.domain.ids import CallId, InstanceId, ServiceRef
from callwright.domain.records import (
    Adr,
    Cdr,
    ErrorReport,
    Fdr,
    InstanceRecord,
)
from callwright.records.costing import price
from callwright.records.tariff import Tariff

FEATURES_AN_INSTANCE: Final = 1_000_000
"""Numbers that the features of one instance may take: a use a second for the longest call, and
seventy times that."""


class IncompleteFacts(CallwrightError):
    """A record was asked for before the instance had begun and ended: a bug of ours."""


@dataclass(frozen=True, slots=True)
class _Call:
    placed: CallPlaced
    answered_at: UnixTime | None = None
    over_at: UnixTime | None = None
    cause: EndCause | None = None
    joined: float = 0.0
    """Seconds, of the joins that are over."""
    joined_at: UnixTime | None = None
    """While it is joined."""
    far_end: FarEnd | None = None

    def parted(self, at: UnixTime) -> "_Call":
        if self.joined_at is None:
            return self
        return replace(self, joined=self.joined + at - self.joined_at, joined_at=None)


@dataclass(slots=True)
class Ledger:
    """Takes the facts of one invocation and keeps what records need; a `FactSink`."""

    ref: ServiceRef | None
    """None for an instance that nobody asked for with a service start."""
    _started: InstanceStarted | None = field(default=None, init=False)
    _stopped: InstanceStopped | None = field(default=None, init=False)
    _calls: dict[CallId, _Call] = field(default_factory=dict, init=False)
    _tts_seconds: float = field(default=0.0, init=False)
    _tts_neural_seconds: float = field(default=0.0, init=False)
    _features: list[FeatureUsed] = field(default_factory=list, init=False)
    _errors: list[ErrorReport] = field(default_factory=list, init=False)

    def tell(self, fact: Fact) -> None:
        """Take a fact; those that no record mentions change nothing."""
        match fact:
            case InstanceStarted():
                self._started = fact
            case CallPlaced():
                self._calls[fact.call_id] = _Call(fact)
            case CallAnswered() | FarEndClassified() | CallJoined() | CallParted() | CallOver():
                self._calls[fact.call_id] = _followed(self._call(fact.call_id), fact)
            case SpeechUsed(neural=False):
                self._tts_seconds += fact.seconds
            case SpeechUsed():
                self._tts_neural_seconds += fact.seconds
            case FeatureUsed():
                self._features.append(fact)
            case ErrorReported():
                self._errors.append(ErrorReport(fact.code, fact.text))
            case InstanceStopped():
                self._stopped = fact
            case _:
                pass

    def record(self, tariff: Tariff) -> InstanceRecord:
        """Return the record, with its costs.

        Raises:
            IncompleteFacts: no start or no stop was told, or a call is not over.

        """
        adr = self._adr()
        features = enumerate(self._features, start=1)
        return price(
            InstanceRecord(
                adr=adr,
                cdrs=tuple(_cdr(call) for call in self._calls.values()),
                errors=tuple(self._errors),
                fdrs=tuple(_fdr(adr.instance_id, number, use) for number, use in features),
            ),
            tariff,
        )

    def _adr(self) -> Adr:
        started, stopped = self._started, self._stopped
        if started is None or stopped is None:
            missing = "start" if started is None else "stop"
            raise IncompleteFacts(f"{self.ref}: the {missing} of the instance was never told")
        return Adr(
            instance_id=started.instance_id,
            ref=self.ref,
            application_name=started.application_name,
            started_at=started.at,
            stopped_at=stopped.at,
            exit_status=stopped.exit_status,
            outbound_parameters=started.outbound_parameters,
            application_parameters=started.application_parameters,
            extra_channel_count=started.extra_channel_count,
            fax=started.fax,
            rest_log_filename=started.rest_log_filename,
            rest_to=started.rest_to,
            rest_from=started.rest_from,
            rest_initial_token=started.rest_initial_token,
            tts_seconds=self._tts_seconds,
            tts_neural_seconds=self._tts_neural_seconds,
        )

    def _call(self, call_id: CallId) -> _Call:
        if call_id not in self._calls:
            raise IncompleteFacts(f"{call_id}: told of a call that was never placed")
        return self._calls[call_id]


def _followed(
    call: _Call, fact: CallAnswered | FarEndClassified | CallJoined | CallParted | CallOver
) -> _Call:
    match fact:
        case CallAnswered(at=at):
            return replace(call, answered_at=at)
        case FarEndClassified(far_end=far_end):
            return replace(call, far_end=far_end)
        case CallJoined(at=at):
            return replace(call.parted(at), joined_at=at)
        case CallParted(at=at):
            return call.parted(at)
        case CallOver(at=at, cause=cause):
            # A crash leaves calls that were never parted.
            return replace(call.parted(at), over_at=at, cause=cause)
        case _:
            assert_never(fact)


def _cdr(call: _Call) -> Cdr:
    if call.over_at is None or call.cause is None:
        raise IncompleteFacts(f"{call.placed.call_id}: the end of the call was never told")
    return Cdr(
        call_id=call.placed.call_id,
        destination_address=call.placed.destination_address,
        originating_address=call.placed.originating_address,
        direction=call.placed.direction,
        channel_type=call.placed.channel_type,
        initiated_at=call.placed.at,
        connected_at=call.answered_at,
        hung_up_at=call.over_at,
        joined=call.joined,
        cause=call.cause,
        far_end=call.far_end,
    )


def _fdr(instance_id: InstanceId, number: int, use: FeatureUsed) -> Fdr:
    """Make the record of a use. Its name has the form of an instance's and is nobody else's."""
    boot_hex, _, instance = instance_id.partition(".")
    return Fdr(
        feature_id=f"{boot_hex}.{int(instance) * FEATURES_AN_INSTANCE + number}",
        audio_path=use.audio_path,
        feature_type=use.feature_type,
        started_at=UnixTime(use.at - use.seconds),
        stopped_at=use.at,
        call_id=use.call_id,
        transaction_id=use.transaction_id,
    )
