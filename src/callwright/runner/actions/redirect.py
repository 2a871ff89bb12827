"""`redirect`: another page at once."""

from callwright.protocol.pages.actions import Redirect
from callwright.runner.context import AskPage


def run_redirect(action: Redirect) -> AskPage:
    """Ask the page, with no result."""
    return AskPage(action.next_page, result=None)
