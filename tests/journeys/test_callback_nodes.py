"""Callbacks on two servers that share a database: whoever is asked, whoever has the call."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.sim.callbacks import CallbackClient
from tests.sim.installation import AccountClient, Installation
from tests.sim.page_server import Answer, PageServer
from tests.sim.postgres import Postgres
from tests.sim.queue_events import QueueEvents

pytestmark = pytest.mark.journey


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[list[Installation]]:
    with ExitStack() as stack:
        url = stack.enter_context(Postgres.shared().database())
        settings = {"database": url, "secret_file": str(tmp_path / "secret.key")}
        yield [
            stack.enter_context(Installation(tmp_path / name, settings=settings))
            for name in ("one", "two")
        ]


def test_a_forced_delete_hangs_up_wherever_the_call_is(nodes: list[Installation]) -> None:
    first = nodes[0].create_account("bob@example.com")
    clients = [
        CallbackClient(AccountClient(node, first.cloud_id, first.username, first.key))
        for node in nodes
    ]
    extension = clients[0].extension("Desk", "200", "sip:hello@example.com")
    queue_id = clients[0].queue(concurrent_task_limit=2)
    with PageServer() as pages:
        # One node has both calls, and each node is asked to end one.
        for name in ("one", "two"):
            pages.page(f"/{name}/success", Answer())
            pages.page(f"/{name}/after", Answer())
        ids = clients[0].add(
            queue_id,
            *(
                {
                    "name": name,
                    "a_number": "200",
                    "b_number": "443069990102",
                    "extension_id": extension,
                    "url_success": pages.url(f"/{name}/success"),
                    "url_after": pages.url(f"/{name}/after"),
                }
                for name in ("one", "two")
            ),
        )
        for name in ("one", "two"):
            pages.wait_for(f"/{name}/success")
        for client, task_id in zip(clients, ids, strict=True):
            path = f"/task_scheduler/{queue_id}/task/{task_id}"
            assert client.request("DELETE", path, force="true").status == 204
        for name in ("one", "two"):
            told = pages.wait_for(f"/{name}/after").info["task"]
            # They talked: that is a success, whoever ended it.
            assert (told["status"], told["finish_result"]) == ("finished", "success")
        assert clients[1].tasks(queue_id) == []


def test_a_queue_is_watched_on_any_node(nodes: list[Installation]) -> None:
    first = nodes[0].create_account("bob@example.com")
    clients = [
        CallbackClient(AccountClient(node, first.cloud_id, first.username, first.key))
        for node in nodes
    ]
    extension = clients[0].extension("Desk", "200", "sip:hello@example.com")
    queue_id = clients[0].queue(concurrent_task_limit=3)
    task = {"a_number": "200", "b_number": "443069990186", "extension_id": extension}
    with QueueEvents(clients[0], queue_id) as one, QueueEvents(clients[1], queue_id) as other:
        clients[0].add(queue_id, *[task] * 6)
        for watched in (one, other):
            last = watched.wait_for("progress", failed=6)
            assert last["waiting"] == last["executed"] == 0
        # Steps are told by the node that made the calls.
        assert sorted(len(watched.all("task")) for watched in (one, other)) == [0, 12]
