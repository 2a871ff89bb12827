"""Multipart forms as clients send them."""

from collections.abc import Iterable

BOUNDARY = "a-boundary"
FORM = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}

Part = tuple[str, str | bytes]
"""Its name, and a text or a file."""


def form_of(parts: Iterable[Part]) -> bytes:
    """Write a form; a part of bytes is sent as a file."""
    pieces = []
    for name, value in parts:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, bytes):
            head += '; filename="C:\\any thing.bin"\r\nContent-Type: application/octet-stream'
        pieces += [
            f"{head}\r\n\r\n".encode(),
            value if isinstance(value, bytes) else value.encode(),
        ]
        pieces.append(b"\r\n")
    return b"".join([*pieces, f"--{BOUNDARY}--\r\n".encode()])
