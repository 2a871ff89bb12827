"""The numbers of the callback scheduler as Prometheus reads them."""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from callwright.app.callback_metrics import CallbackMetrics
from callwright.domain.callback import AttemptOutcome, FinishResult


def samples(metrics: CallbackMetrics) -> dict[str, float]:
    """Return what is printed: a name with its labels, and a value."""
    registry = CollectorRegistry()
    metrics.register(registry)
    text = generate_latest(registry).decode()
    return {
        " ".join([one.name, *one.labels.values()]): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_every_number_is_there_before_anything_happened() -> None:
    printed = samples(CallbackMetrics(executed=lambda: 0))
    assert set(printed.values()) == {0.0}
    for outcome in AttemptOutcome:
        assert f"callwright_callback_attempts_ended_total {outcome}" in printed
    for fate in ("sent", "failed", "given_up", "redelivered"):
        assert f"callwright_webhook_events_total {fate}" in printed


def test_what_was_counted_is_printed() -> None:
    metrics = CallbackMetrics(executed=lambda: 7)
    metrics.tasks.attempts_begun = 9
    metrics.tasks.attempts_ended[AttemptOutcome.B_BUSY] = 3
    metrics.tasks.tasks_finished[FinishResult.SUCCESS] = 2
    metrics.tasks.lags[0], metrics.tasks.lags[3], metrics.tasks.lags[-1] = 5, 2, 1
    metrics.tasks.lag_total = 4000.5
    metrics.events.given_up = 4
    printed = samples(metrics)
    assert {name: value for name, value in printed.items() if value} == {
        "callwright_callback_tasks_executed": 7.0,
        "callwright_callback_attempts_begun_total": 9.0,
        "callwright_callback_attempts_ended_total b_busy": 3.0,
        "callwright_callback_tasks_finished_total success": 2.0,
        "callwright_webhook_events_total given_up": 4.0,
        "callwright_callback_due_lag_seconds_sum": 4000.5,
        "callwright_callback_due_lag_seconds_count": 8.0,
        "callwright_callback_due_lag_seconds_bucket +Inf": 8.0,
        **{
            f"callwright_callback_due_lag_seconds_bucket {bound}": 5.0 for bound in (0.1, 0.25, 0.5)
        },
        **{
            f"callwright_callback_due_lag_seconds_bucket {bound}": 7.0
            for bound in (1.0, 2.5, 5.0, 10.0, 60.0, 600.0, 3600.0)
        },
    }
