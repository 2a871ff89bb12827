"""Voicemail: calls that come in leave a message.

Run it with `python examples/voicemail_app.py`. Make an inbound service whose first page is
`http://127.0.0.1:8090/first`, and call `sip:<service>@<domain>` with any SIP telephone.
"""

from callwright.pages import (
    Action,
    Application,
    DeleteFile,
    HangUp,
    InstanceInfo,
    MenuOption,
    Play,
    Record,
    RecordResult,
    Response,
    RunMenu,
)
from callwright.pages.wsgi import run

app = Application()


@app.first_page("/first")
def first(_info: InstanceInfo) -> list[Action]:
    """Somebody calls: greet and record."""
    return [Play("Nobody is here. Please leave a message after the beep."), message()]


def message() -> Record:
    """Record up to two minutes; a message is told of even when the caller just hangs up."""
    return Record(
        recorded, seconds_max_duration=120, beep_on_start=True, recording_available_page=available
    )


@app.page("/recorded")
def recorded(info: InstanceInfo) -> Response | Action:
    """Play the message back, and let the caller think again."""
    result = info.result(RecordResult)
    if not result.contains_sound:
        return Play("We did not hear anything. Goodbye.")
    ask = "To keep your message press one. To record it again press two."
    menu = RunMenu([MenuOption("1", kept), MenuOption("2", again)], prompt=ask)
    return Response([menu, Play("Your message is kept.")], token=result.filename)


@app.page("/kept")
def kept(_info: InstanceInfo) -> list[Action]:
    """That was it."""
    return [Play("Thank you. Goodbye."), HangUp()]


@app.page("/again")
def again(info: InstanceInfo) -> list[Action]:
    """Throw the message away, and record another."""
    return [DeleteFile(info.token or ""), Play("Please speak after the beep."), message()]


@app.notification("/available")
def available(info: InstanceInfo) -> None:
    """A recording can be fetched from the media files now."""
    print("message:", info.result(RecordResult).filename, flush=True)


if __name__ == "__main__":
    run(app)
