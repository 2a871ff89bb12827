"""What the front door counts; exported as Prometheus text at `/metrics`."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class WebMetrics:
    """Counters of the web services.

    Bound children are kept: looking labels up costs three times the increment itself.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register the front door's metrics; once for each registry."""
        self.registry = registry
        self._answers = Counter(
            "callwright_http_answers",
            "Answers by operation and HTTP status.",
            ("operation", "status"),
            registry=registry,
        )
        self._bound: dict[tuple[str, int], Counter] = {}
        self.starts_accepted = Counter(
            "callwright_starts_accepted", "Service starts written to disk.", registry=registry
        )
        self.live_streams = Gauge(
            "callwright_live_streams", "Followers of live events.", registry=registry
        )
        self.oldest_event = Gauge(
            "callwright_webhook_oldest_event_age_seconds",
            "Age of the oldest event of callbacks that waits; 0 if none does.",
            registry=registry,
        )

    def answered(self, operation: str, status: int) -> None:
        """Count one answer."""
        counter = self._bound.get((operation, status))
        if counter is None:
            counter = self._answers.labels(operation, str(status))
            self._bound[operation, status] = counter
        counter.inc()
