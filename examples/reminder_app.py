"""An appointment reminder: the web application that Callwright asks what to say and do next.

Run it with `python examples/reminder_app.py --port 8090`. Then make a service whose first page is
`http://127.0.0.1:8090/first`, final page `/final` and error page `/error`, and start a call:
`callwright call start reminder 443069990100 --from 443069999876`.
"""

from callwright.pages import (
    Action,
    Application,
    GetNumber,
    HangUp,
    InstanceInfo,
    Play,
    Record,
    RecordResult,
)
from callwright.pages.wsgi import run

app = Application()


@app.first_page("/first")
def first(_info: InstanceInfo) -> list[Action]:
    """The call was answered: greet, and ask for four keys."""
    ask = "Please enter the last four digits of your customer number."
    return [
        Play("Hello. This is the dental practice, with a reminder of your appointment tomorrow."),
        GetNumber(digits, prompt=ask, digit_count=4),
        Play("We did not get your number. Goodbye."),  # only when no next page was asked for
    ]


@app.page("/digits")
def digits(info: InstanceInfo) -> list[Action]:
    """The keys are here: repeat them, and record an answer of up to five seconds."""
    number = " ".join(info.entered_number)
    return [
        Play(f"Thank you. You entered {number}. Will you come? Speak after the beep."),
        Record(recorded, seconds_max_duration=5, beep_on_start=True),
    ]


@app.page("/recorded")
def recorded(info: InstanceInfo) -> list[Action]:
    """The recording is in the account's media files, under the name that the page is told."""
    print("recorded:", info.result(RecordResult).filename, flush=True)
    return [Play("Thank you, and goodbye."), HangUp()]


@app.final_page("/final")
def final(info: InstanceInfo) -> None:
    """The call is over, or never came about: busy, no answer, rejected end up here at once."""
    print("call ended:", info.this_call.call_cause, info.this_call.call_raw_cause, flush=True)


@app.error_page("/error")
def error(info: InstanceInfo) -> Action:
    """An answer of ours could not be carried out: say so to the called party."""
    if info.error_result is not None:
        print("error:", info.error_result.result, flush=True)
    return Play("Sorry, something went wrong. Goodbye.")


if __name__ == "__main__":
    run(app)
