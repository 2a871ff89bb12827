"""A recogniser's process: `python -m callwright.adapters.speech.recogniser --fd N`.

The control process starts it and hands it one end of a Unix stream socket. It decodes the streams
by turns, a piece of each, and ends as soon as the socket does.
"""

import os

# One thread, as in media workers; numpy's libraries read this once, while they are loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import select
import signal
import socket
import sys
from collections.abc import Iterable
from typing import Final

from callwright.adapters.speech import recogniser_frames as frames
from callwright.adapters.speech.decoder import Models, StreamDecoder
from callwright.adapters.speech.grammar import grammar_of
from callwright.adapters.speech.phrase_decoder import PhraseDecoder
from callwright.adapters.speech.recogniser_stream import Decoding, RecogniserStream
from callwright.runner.ports import SpeechFault
from callwright.worker.framing import Frames

NICENESS: Final = 10
"""Below the media workers, whose ticks must not wait, and below the control process."""

_READ_BYTES: Final = 1 << 18


class Recogniser:
    """All streams of this process."""

    def __init__(self) -> None:
        """Begin with none."""
        self._models = Models()
        self._streams: dict[int, RecogniserStream] = {}

    @property
    def has_work(self) -> bool:
        """Whether any stream has something to decode."""
        return any(stream.has_work for stream in self._streams.values())

    def obey(self, command: frames.Command) -> Iterable[frames.Event]:
        """Do what the control process says."""
        match command:
            case frames.Begin(stream=number):
                return [self._begin(number, command)]
            case frames.Forget(stream=number):
                self._streams.pop(number, None)
            case frames.Sound(stream=number):
                if number in self._streams:
                    return self._streams[number].feed(command.sound)
            case frames.Finish(stream=number):
                if number in self._streams:
                    self._streams[number].finish()
        return ()

    def work(self) -> Iterable[frames.Event]:
        """Decode a piece of each stream that has one."""
        for number, stream in list(self._streams.items()):
            if stream.has_work:
                yield from stream.work()
            if stream.is_finished:
                del self._streams[number]

    def _begin(self, number: int, order: frames.Begin) -> frames.Begun:
        try:
            grammar = grammar_of(order.phrases, [text for text, _ in order.hints])
            decoder: Decoding = (
                StreamDecoder(self._models, order.hints)
                if grammar is None
                else PhraseDecoder(self._models.phrases(), grammar)
            )
        except (SpeechFault, RuntimeError, ValueError) as problem:
            # pocketsphinx raises the last two; its texts name files and words of the grammar.
            told = str(problem) if isinstance(problem, SpeechFault) else type(problem).__name__
            return frames.Begun(number, told)
        self._streams[number] = RecogniserStream(order, decoder)
        return frames.Begun(number)


def serve(connection: socket.socket) -> None:
    """Work until the socket closes."""
    recogniser, incoming = Recogniser(), Frames()
    connection.sendall(frames.encode(frames.Started()))
    while True:
        patience = 0.0 if recogniser.has_work else None
        if select.select([connection], [], [], patience)[0]:
            data = connection.recv(_READ_BYTES)
            if not data:
                return
            for frame in incoming.feed(data):
                _tell(connection, recogniser.obey(frames.decode_command(frame)))
        else:
            _tell(connection, recogniser.work())


def main() -> None:
    """Run until the control process is gone."""
    parser = argparse.ArgumentParser(description="A recogniser.")
    parser.add_argument("--fd", type=int, required=True, help="the inherited socket")
    arguments = parser.parse_args(sys.argv[1:])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.nice(NICENESS)
    try:
        serve(socket.socket(fileno=arguments.fd))
    except ConnectionError:
        # The control process was killed.
        return


def _tell(connection: socket.socket, events: Iterable[frames.Event]) -> None:
    for event in events:
        connection.sendall(frames.encode(event))


if __name__ == "__main__":
    main()
