"""Numbers for Prometheus: calls, SIP messages, and how punctual the media workers' ticks are."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field

from prometheus_client import CollectorRegistry, disable_created_metrics
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from callwright.protocol.sip.endpoint import Counters
from callwright.worker import rpc


@dataclass(slots=True)
class TickTotals:
    """What one worker's tick reports add up to."""

    late_counts: list[int] = field(
        default_factory=lambda: [0] * (len(rpc.TICK_LATENESS_BOUNDS_MS) + 1)
    )
    worst_ms: float = 0.0
    busy_ratio: float = 0.0
    legs: int = 0
    stray_packets: int = 0

    def add(self, report: rpc.TickReport) -> None:
        """Take one report."""
        for index, count in enumerate(report.late_counts):
            self.late_counts[index] += count
        self.worst_ms = max(self.worst_ms, report.worst_ms)
        self.busy_ratio = report.busy_ratio
        self.legs = report.legs
        self.stray_packets += report.stray_packets


@dataclass(slots=True, eq=False)
class NodeMetrics(Collector):
    """Collects from the parts of a node when Prometheus asks."""

    calls: Callable[[], int]
    running: Callable[[], int]
    sip: Callable[[], Counters]
    ticks: dict[int, TickTotals] = field(default_factory=dict)

    def take_report(self, worker: int, report: rpc.TickReport) -> None:
        """Take a worker's report of its last second."""
        self.ticks.setdefault(worker, TickTotals()).add(report)

    def register(self, registry: CollectorRegistry) -> None:
        """Join the numbers of the web services; when each began to count interests nobody."""
        disable_created_metrics()  # type: ignore[no-untyped-call]  # theirs
        registry.register(self)

    def collect(self) -> Iterable[Metric]:
        """Return the numbers as they are now."""
        yield GaugeMetricFamily("callwright_calls", "Calls in progress", value=self.calls())
        yield GaugeMetricFamily(
            "callwright_invocations_running", "Service starts being run", value=self.running()
        )
        messages = CounterMetricFamily(
            "callwright_sip_messages", "SIP messages by what became of them", labels=["kind"]
        )
        for kind, count in asdict(self.sip()).items():
            messages.add_metric([kind], count)
        yield messages
        yield from self._tick_metrics()

    def _tick_metrics(self) -> Iterable[Metric]:
        lateness = HistogramMetricFamily(
            "callwright_media_tick_lateness_seconds",
            "How late the media workers' 20 ms ticks began",
            labels=["worker"],
        )
        busy = GaugeMetricFamily(
            "callwright_media_busy_ratio",
            "Share of the last second that a media worker spent in ticks",
            labels=["worker"],
        )
        strays = CounterMetricFamily(
            "callwright_media_stray_packets",
            "Packets on RTP ports that belonged to no leg's peer",
            labels=["worker"],
        )
        for worker, totals in sorted(self.ticks.items()):
            labels = [str(worker)]
            lateness.add_metric(labels, _buckets(totals.late_counts), sum_value=None)
            busy.add_metric(labels, totals.busy_ratio)
            strays.add_metric(labels, totals.stray_packets)
        yield from (lateness, busy, strays)


def _buckets(late_counts: list[int]) -> list[tuple[str, float]]:
    """Prometheus counts each bucket with all those below it; bounds in seconds."""
    bounds = [str(bound / 1000) for bound in rpc.TICK_LATENESS_BOUNDS_MS] + ["+Inf"]
    total = 0
    buckets: list[tuple[str, float]] = []
    for bound, count in zip(bounds, late_counts, strict=True):
        total += count
        buckets.append((bound, total))
    return buckets
