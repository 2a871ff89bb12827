"""A call-back menu: by key or by word, and then somebody is called and the two are connected.

Run it with `python examples/callback_menu_app.py`. Make a service with one extra channel and one
speech stream, first page `http://127.0.0.1:8090/first` and final page `/final`; start a call:
`callwright call start callback 443069990100 --from 443069999876`.
"""

from callwright.pages import (
    Action,
    Application,
    Connect,
    ConnectResult,
    HangUp,
    InstanceInfo,
    MenuOption,
    Play,
    RunMenu,
    RunSpeechMenu,
    SecondaryCall,
    SpeechMenuOption,
)
from callwright.pages.wsgi import run

SALES, SUPPORT = "443069990201", "443069990202"

app = Application()


@app.first_page("/first")
def first(_info: InstanceInfo) -> list[Action]:
    """You asked to be called back: with whom?"""
    options = [
        SpeechMenuOption(word="sales", digit="1", next_page=sales),
        SpeechMenuOption(word="technical support", digit="2", next_page=support),
        SpeechMenuOption(word="nobody", digit="3", next_page=nobody),
    ]
    ask = "You wanted to be called back. Say sales, technical support, or nobody."
    return [RunSpeechMenu(options, prompt=ask, language="en-GB"), Play("Goodbye.")]


@app.page("/sales")
def sales(_info: InstanceInfo) -> list[Action]:
    """Connect with sales."""
    return connect(SALES)


@app.page("/support")
def support(_info: InstanceInfo) -> list[Action]:
    """Connect with technical support."""
    return connect(SUPPORT)


@app.page("/nobody")
def nobody(_info: InstanceInfo) -> list[Action]:
    """That is fine too."""
    return [Play("We will not call again. Goodbye."), HangUp()]


def connect(number: str) -> list[Action]:
    """Call a colleague, who may decline before the two are connected."""
    whisper = SecondaryCall(first_page=announced)
    return [
        Play("One moment, please."),
        Connect([number], secondary_call=whisper, next_page=parted, seconds_answer_timeout=20),
        Play("Nobody is there right now. Goodbye."),
    ]


@app.page("/announced")
def announced(_info: InstanceInfo) -> list[Action]:
    """On the colleague's telephone: a key takes the call, everything else does not."""
    take = RunMenu([MenuOption("1", taken)], prompt="A call-back. Press one to take it.")
    return [take, HangUp()]


@app.page("/taken")
def taken(_info: InstanceInfo) -> None:
    """Nothing more to do on the colleague's telephone: the calls are joined."""


@app.page("/parted")
def parted(info: InstanceInfo) -> Action:
    """The colleague has hung up."""
    print("talked for", info.result(ConnectResult).seconds_connected_duration, "s", flush=True)
    return Play("Thank you for talking to us. Goodbye.")


if __name__ == "__main__":
    run(app)
