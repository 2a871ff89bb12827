"""What is written in one turn of the event loop is sent in one piece."""

import asyncio
from collections.abc import Iterable
from typing import Any

from callwright.app.joined_writes import JoinedWrites
from callwright.app.web_server import WebServer, listen


class Line(asyncio.Transport):
    """A connection that notes what is done to it."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.7", 5061)})
        self.done: list[bytes | str] = []

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.done.append(b"".join(list_of_data))

    def is_closing(self) -> bool:
        return "close" in self.done

    def close(self) -> None:
        self.done.append("close")

    def pause_reading(self) -> None:
        self.done.append("pause")

    def resume_reading(self) -> None:
        self.done.append("resume")


def test_what_is_written_in_one_turn_is_sent_together() -> None:
    async def story() -> list[bytes | str]:
        line = Line()
        writes = JoinedWrites(line, asyncio.get_running_loop())
        writes.write(b"head ")
        writes.write(b"body")
        assert line.done == []
        await asyncio.sleep(0)
        writes.write(b"another")
        await asyncio.sleep(0)
        return line.done

    assert asyncio.run(story()) == [b"head body", b"another"]


def test_what_was_written_is_sent_before_the_end() -> None:
    async def story() -> list[bytes | str]:
        line = Line()
        writes = JoinedWrites(line, asyncio.get_running_loop())
        writes.write(b"last")
        writes.close()
        writes.write(b"too late")
        await asyncio.sleep(0)
        return line.done

    assert asyncio.run(story()) == [b"last", "close"]


def test_all_else_is_the_connections_own() -> None:
    async def story() -> None:
        line = Line()
        writes = JoinedWrites(line, asyncio.get_running_loop())
        writes.pause_reading()
        writes.resume_reading()
        assert line.done == ["pause", "resume"]
        assert writes.get_extra_info("peername") == ("192.0.2.7", 5061)
        assert writes.get_extra_info("cipher", "none") == "none"
        assert not writes.is_closing()

    asyncio.run(story())


def test_the_web_server_answers_in_one_piece() -> None:
    async def answer(_scope: Any, _receive: Any, send: Any) -> None:
        head = {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", b"2")],
        }
        await send(head)
        await send({"type": "http.response.body", "body": b"ok"})

    class Client(asyncio.Protocol):
        def __init__(self) -> None:
            self.pieces: asyncio.Queue[bytes] = asyncio.Queue()

        def data_received(self, data: bytes) -> None:
            self.pieces.put_nowait(data)

    async def story() -> bytes:
        bound = listen("127.0.0.1", 0)
        server = WebServer(answer, bound)
        await server.start()
        loop = asyncio.get_running_loop()
        transport, client = await loop.create_connection(Client, *bound.getsockname())
        transport.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        async with asyncio.timeout(5):
            piece = await client.pieces.get()
        transport.close()
        await server.stop()
        return piece

    piece = asyncio.run(story())
    assert piece.startswith(b"HTTP/1.1 200 OK\r\n")
    assert piece.endswith(b"\r\n\r\nok")
