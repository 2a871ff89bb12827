"""A small application for tests of the call that is none."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from callwright.pages import Action, Application, DeleteFile, InstanceInfo, Play
from callwright.pages.testing import TestCall

BYE: Final = Play("The list went on.")


def app_of(*actions: Action, others: Mapping[str, Sequence[Action]] | None = None) -> Application:
    """An application of a first page, `/next`, final and error page, and others by their paths."""
    app = Application()
    app.first_page("/first")(lambda _: list(actions))
    pages = {"/next": [Play("Next.")], **(others or {})}
    for path, answer in pages.items():
        app.page(path)(_always(answer))
    app.final_page("/final")(lambda _: [DeleteFile("old.wav"), Play("never said")])
    app.error_page("/error")(lambda _: Play("Sorry."))
    app.notification("/told")(lambda _: None)
    return app


def _always(answer: Sequence[Action]) -> Callable[[InstanceInfo], Sequence[Action]]:
    return lambda _: answer


def answered(*actions: Action, others: Mapping[str, Sequence[Action]] | None = None) -> TestCall:
    call = TestCall(app_of(*actions, BYE, others=others))
    call.answer()
    return call
