"""A survey: three questions with marks from 1 to 5, whose answers travel in the token.

Run it with `python examples/survey_app.py`. Make a service whose first page is
`http://127.0.0.1:8090/first` and final page `/final`, and start a call to it:
`callwright call start survey 443069990100 --from 443069999876`.
"""

from callwright.pages import Action, Application, GetNumber, InstanceInfo, Play, Response
from callwright.pages.wsgi import run

QUESTIONS = (
    "How friendly were we?",
    "How fast were we?",
    "How likely will you come again?",
)

app = Application()


def ask(marks: str) -> Response:
    """Ask the next question; the token keeps a digit for each mark so far."""
    question = f"{QUESTIONS[len(marks)]} Press a key from one to five."
    actions: list[Action] = [
        GetNumber(marked, prompt=question, digit_count=1, end_digit="", valid_digits="12345"),
        Play("Never mind. Goodbye."),
    ]
    return Response(actions, token=marks)


@app.first_page("/first")
def first(_info: InstanceInfo) -> Response:
    """Greet, and ask the first question."""
    questions = ask("")
    return Response([Play("Hello! Have you got a minute?"), *questions.listed], token="")


@app.page("/marked")
def marked(info: InstanceInfo) -> Response:
    """A mark is here: ask the next question, or say thank you."""
    marks = (info.token or "") + info.entered_number
    if len(marks) < len(QUESTIONS):
        return ask(marks)
    return Response(Play("Thank you very much. Goodbye."), token=marks)


@app.final_page("/final")
def final(info: InstanceInfo) -> None:
    """Count what was answered, also when somebody hung up in between."""
    print("marks:", " ".join(info.token or "") or "none", flush=True)


if __name__ == "__main__":
    run(app)
