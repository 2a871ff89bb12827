"""How many events are on their way, and to whom."""

from callwright.domain.callback import CallbackEvent, TaskId
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.values import NOBODY, Busy, EventToTell
from callwright.scheduler.webhooks.lanes import AT_ONCE, OF_ACCOUNT, OF_RECEIVER, Lanes


def event(task: int, host: str = "x", account: int = 1) -> EventToTell:
    return EventToTell(
        f"evt_{task}",
        TaskId(task),
        AccountId(account),
        f"https://{host}/hook?task={task}",
        CallbackEvent.AFTER,
        b"{}",
        UnixTime(0.0),
    )


def test_a_receiver_has_so_many_and_no_more() -> None:
    lanes = Lanes()
    assert [lanes.take(event(n)) for n in range(OF_RECEIVER + 1)] == [True] * OF_RECEIVER + [False]
    assert lanes.busy() == Busy(receivers=frozenset({"1 https://x"}))
    assert lanes.take(event(100, "y"))
    assert lanes.take(event(101, account=2)), "another client's events go to the same host"
    lanes.leave(event(0))
    assert lanes.busy() == NOBODY
    assert lanes.take(event(102))


def test_an_account_has_so_many_and_no_more() -> None:
    lanes = Lanes()
    taken = [lanes.take(event(n, f"host-{n}")) for n in range(OF_ACCOUNT + 1)]
    assert taken == [True] * OF_ACCOUNT + [False]
    assert lanes.busy() == Busy(accounts=frozenset({AccountId(1)}))
    assert lanes.take(event(100, account=2))


def test_a_node_has_so_many_and_no_more() -> None:
    lanes = Lanes()
    for n in range(AT_ONCE):
        assert not lanes.are_full
        assert lanes.take(event(n, account=n))
    assert lanes.are_full
    assert not lanes.take(event(AT_ONCE, account=AT_ONCE))


def test_a_task_has_one_on_its_way() -> None:
    lanes = Lanes()
    assert lanes.take(event(1))
    assert not lanes.take(event(1, "elsewhere"))
    assert len(lanes) == 1


def test_receivers_are_told_apart_by_host_and_port_not_by_name_or_path() -> None:
    urls = ["https://ann:pw@X.example:8443/a", "https://x.example:8443/b?c", "http://[bad"]
    hooks = [
        EventToTell("e", TaskId(1), AccountId(7), url, CallbackEvent.AFTER, b"", UnixTime(0.0))
        for url in urls
    ]
    assert [hook.receiver for hook in hooks] == [
        "7 https://x.example:8443",
        "7 https://x.example:8443",
        "7",
    ]
