"""How records print a moment."""

from callwright.domain.clock import UnixTime, print_datetime


def test_prints_the_published_sample() -> None:
    assert print_datetime(UnixTime(1552572916.21)) == "2019-03-14_14:15:16"
