"""A media worker on its end of the socket: frames in, frames out, and the loop between."""

import asyncio
import gc
import os
import socket
from typing import Final

from callwright.domain.clock import Clock
from callwright.worker import rpc
from callwright.worker.loop import MediaLoop
from callwright.worker.ports import Entropy
from callwright.worker.socket_dial import report_all_but_connections

READ_BYTES: Final = 1 << 16
"""What is taken from the socket at once: hundreds of commands."""

MAX_UNSENT_BYTES: Final = 8 << 20
"""Events that the control process has not read, before we give up on it: a minute of a full
worker's events. It hangs, and calls that nobody controls must end."""


async def serve(
    connection: socket.socket,
    *,
    rtp_host: str,
    rtp_ports: range,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Work until the control process closes the socket, breaks the framing, or hangs."""
    reader, writer = await asyncio.open_connection(sock=connection)

    def emit(event: rpc.Event) -> None:
        if writer.transport.get_write_buffer_size() > MAX_UNSENT_BYTES:
            loop.stop()
        elif not writer.is_closing():
            writer.write(rpc.encode(event))

    loop = MediaLoop(
        emit=emit, rtp_host=rtp_host, rtp_ports=rtp_ports, clock=clock, entropy=entropy
    )
    emit(rpc.Ready(os.getpid()))
    # What lives now lives as long as the process: the collector need never look at it again.
    gc.collect()
    gc.freeze()
    asyncio.get_running_loop().set_exception_handler(report_all_but_connections)
    ticking = asyncio.create_task(loop.run())
    ticking.add_done_callback(lambda _: reader.feed_eof())
    try:
        await _obey(reader, loop)
    finally:
        loop.stop()
        await ticking
        writer.close()


async def _obey(reader: asyncio.StreamReader, loop: MediaLoop) -> None:
    """Carry out commands until the socket closes.

    Raises:
        rpc.FrameError: the control process sent what is no command.

    """
    frames = rpc.Frames()
    try:
        while data := await reader.read(READ_BYTES):
            for frame in frames.feed(data):
                loop.execute(rpc.decode_command(frame))
    except ConnectionResetError:
        pass  # the control process was killed
