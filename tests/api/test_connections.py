"""So many requests of an address are answered at a time, and a place is given back in any case."""

from contextlib import ExitStack, suppress

from callwright.api.connections import Connections


def test_places_are_counted_by_address_and_given_back() -> None:
    connections = Connections(2)
    with ExitStack() as held:
        assert held.enter_context(connections.place("a"))
        with connections.place("a") as second, connections.place("a") as third:
            assert (second, third) == (True, False)
        # The one that was refused took no place, and gave none back.
        assert held.enter_context(connections.place("a"))
        assert not held.enter_context(connections.place("a"))
        assert held.enter_context(connections.place("b"))
    with connections.place("a") as again:
        assert again


def test_a_request_that_fails_gives_its_place_back() -> None:
    connections = Connections(1)
    with suppress(ValueError), connections.place("a"):
        raise ValueError
    with connections.place("a") as again:
        assert again
