"""What those who watch the server are told."""

from pathlib import Path

import pytest

from tests.sim.front_door import FrontDoor, at_the_door


@pytest.mark.parametrize("is_ready", [True, False])
def test_up_is_told_always_and_ready_when_it_is(tmp_path: Path, *, is_ready: bool) -> None:
    async def story(door: FrontDoor) -> None:
        door.is_ready = is_ready

        up, ready = await door.ask("/healthz"), await door.ask("/readyz")

        assert (up.status, up.json) == (200, {"status": "up"})
        assert ready.status == (200 if is_ready else 503)
        assert is_ready or ready.headers["retry-after"] == "1"

    at_the_door(tmp_path, story)


def test_answers_and_starts_are_counted(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        await customer.start("s", [{"to": "sip:bob@acompany.com"}] * 3)
        await customer.start("s", "rubbish")
        await door.ask("/nowhere")

        reply = await door.ask("/metrics")
        lines = reply.body.decode().splitlines()

        assert reply.headers["content-type"].startswith("text/plain")
        for line in (
            'callwright_http_answers_total{operation="service_start",status="200"} 1.0',
            'callwright_http_answers_total{operation="service_start",status="400"} 1.0',
            'callwright_http_answers_total{operation="none",status="404"} 1.0',
            "callwright_starts_accepted_total 3.0",
        ):
            assert line in lines

    at_the_door(tmp_path, story)
