"""`callwright number …`: which telephone numbers are an account's own."""

from typing import Final

import click

from callwright.cli.number_lists import ListWords, number_list_commands

_WORDS: Final = ListWords(
    name="number",
    add_help="Make NUMBER, a full international number, USERNAME's own.",
    added="{} owns {}.",
    remove_help=(
        "Take NUMBER from USERNAME. An inbound service of that name stays, and gets no calls."
    ),
    removed="{} owns {} no longer.",
    list_help="Print the numbers that USERNAME owns.",
    empty="{} has no number yet: callwright number add",
)


@click.group()
def number() -> None:
    """Keep the lists of telephone numbers that accounts own.

    An account names an inbound service after a number of its own, in digits, to take the calls to
    it; and it may show the number as a caller ID. These commands are for the operator: they open
    the database in the data folder; a server may run on it meanwhile, and takes changes up at
    once. A number is one account's.
    """


number_list_commands(number, _WORDS, lambda world, data: world.open_numbers(data))
