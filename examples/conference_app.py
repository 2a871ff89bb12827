"""A conference with a PIN: whoever knows it is let in; the pound key leaves, one mutes.

Run it with `python examples/conference_app.py`. Make an inbound service with one extra channel,
first page `http://127.0.0.1:8090/first`, and call it from several telephones.
"""

from callwright.pages import (
    Action,
    Application,
    ConferenceParticipant,
    ConnectResult,
    ConnectToConference,
    GetNumber,
    HangUp,
    InstanceInfo,
    Play,
    Response,
)
from callwright.pages.wsgi import run

PINS = {"1234": "weekly", "9876": "board"}
MOST_TRIES = 3

app = Application()


@app.first_page("/first")
def first(_info: InstanceInfo) -> list[Action]:
    """Somebody calls: ask for the PIN."""
    return ask("Welcome. Please enter your PIN.")


def ask(prompt: str) -> list[Action]:
    """Ask for four keys."""
    return [GetNumber(entered, prompt=prompt, digit_count=4, end_digit=""), Play("Goodbye.")]


@app.page("/entered")
def entered(info: InstanceInfo) -> Response | list[Action]:
    """Let in whoever knows the PIN; the token counts the others' tries."""
    room = PINS.get(info.entered_number)
    tries = len(info.token or "") + 1
    if room is not None:
        return [Play(f"You join the {room} conference."), join(room), Play("It is full. Goodbye.")]
    if tries == MOST_TRIES:
        return [Play("That was not it either. Goodbye."), HangUp()]
    return Response(ask("That is not a PIN. Please try again."), token="x" * tries)


def join(room: str) -> ConnectToConference:
    """Take part: music until a second one comes."""
    how = ConferenceParticipant(
        exit_digit="#",
        mute_digit="1",
        while_stopped_media="You are the first. Please wait.",
        has_left_message="Somebody has left.",
    )
    return ConnectToConference(room, conference_participant=how, next_page=left)


@app.page("/left")
def left(info: InstanceInfo) -> list[Action]:
    """The caller pressed pound, or the conference is over."""
    minutes = round(info.result(ConnectResult).seconds_connected_duration / 60)
    return [Play(f"You were with us for {minutes} minutes. Goodbye."), HangUp()]


if __name__ == "__main__":
    run(app)
