"""Number verification: a call reads a code, and the person types it on a web page.

Run it with `python examples/verification_app.py`. Make a service whose first page is
`http://127.0.0.1:8090/first`, and start a call with the code as its token:
`callwright call start verify 443069990100 --from 443069999876 --token 4711`.
"""

from callwright.pages import (
    Action,
    Application,
    HangUp,
    InstanceInfo,
    MenuOption,
    Play,
    RunMenu,
    Sleep,
    Text,
)
from callwright.pages.wsgi import run

app = Application()


@app.first_page("/first")
def first(info: InstanceInfo) -> list[Action]:
    """Wait for the telephone to reach the ear, then read the code."""
    if not (info.token or "").isdigit():
        return [Play("There is no code for you. Goodbye."), HangUp()]
    return [Sleep(1), Play("Hello. Here is your code."), *read(info)]


@app.page("/again")
def again(info: InstanceInfo) -> list[Action]:
    """Read it once more."""
    return read(info)


def read(info: InstanceInfo) -> list[Action]:
    """Read the code slowly; it is private, so that no log has it."""
    slowly = ", ".join(info.token or "")
    code = Play([Text(f"{slowly}.", text_is_private=True)], barge_in_on_digit=False)
    menu = RunMenu(
        [MenuOption("1", again)],
        prompt="To hear it again, press one. Otherwise just hang up.",
        on_digit_timeout_messages=[],
        on_invalid_digit_messages=[],
    )
    return [code, menu, Play("Goodbye.")]


@app.final_page("/final")
def final(info: InstanceInfo) -> None:
    """Whether somebody answered is all there is to know: the code itself is typed elsewhere."""
    print("code heard" if info.this_call.call_cause != "no_answer" else "nobody there", flush=True)


if __name__ == "__main__":
    run(app)
