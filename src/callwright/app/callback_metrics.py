"""Numbers of the callback scheduler for Prometheus."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from callwright.domain.callback import AttemptOutcome, FinishResult
from callwright.scheduler.live.counters import LAG_BOUNDS, TaskCounters
from callwright.scheduler.webhooks.counters import EventCounters


@dataclass(slots=True, eq=False)
class CallbackMetrics(Collector):
    """Collects from the parts of the scheduler when Prometheus asks."""

    executed: Callable[[], int]
    tasks: TaskCounters = field(default_factory=TaskCounters)
    events: EventCounters = field(default_factory=EventCounters)

    def register(self, registry: CollectorRegistry) -> None:
        """Join the numbers of the web services."""
        registry.register(self)

    def collect(self) -> Iterable[Metric]:
        """Return the numbers as they are now."""
        tasks = self.tasks
        yield GaugeMetricFamily(
            "callwright_callback_tasks_executed",
            "Callbacks whose attempt runs",
            value=self.executed(),
        )
        yield CounterMetricFamily(
            "callwright_callback_attempts_begun",
            "Attempts of callbacks that began",
            value=tasks.attempts_begun,
        )
        ended = CounterMetricFamily(
            "callwright_callback_attempts_ended",
            "Attempts of callbacks by their outcome",
            labels=["outcome"],
        )
        for outcome in AttemptOutcome:
            ended.add_metric([outcome], tasks.attempts_ended[outcome])
        finished = CounterMetricFamily(
            "callwright_callback_tasks_finished",
            "Callbacks that are finished by their result",
            labels=["result"],
        )
        for result in FinishResult:
            finished.add_metric([result], tasks.tasks_finished[result])
        events = CounterMetricFamily(
            "callwright_webhook_events", "Events by what became of their try", labels=["fate"]
        )
        for fate, count in asdict(self.events).items():
            events.add_metric([fate], count)
        yield from (ended, finished, self._lag(), events)

    def _lag(self) -> Metric:
        """Prometheus counts each bucket with all those below it."""
        total = 0
        buckets: list[tuple[str, float]] = []
        for bound, count in zip([*map(str, LAG_BOUNDS), "+Inf"], self.tasks.lags, strict=True):
            total += count
            buckets.append((bound, total))
        lag = HistogramMetricFamily(
            "callwright_callback_due_lag_seconds",
            "From the moment a callback is due to the beginning of its attempt",
        )
        lag.add_metric([], buckets, sum_value=self.tasks.lag_total)
        return lag
