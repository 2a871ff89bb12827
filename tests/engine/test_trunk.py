"""The trunk setting, and what each of several nodes may use of the trunk."""

import math
from sys import maxsize

import pytest

from callwright.engine.trunk import (
    NO_LIMITS,
    BadTrunk,
    Trunk,
    TrunkClaim,
    TrunkLimits,
    parse_trunk,
)


def test_the_simulated_carrier_has_no_address_yet() -> None:
    assert parse_trunk("sim:") is None


@pytest.mark.parametrize(
    ("setting", "host", "port"),
    [
        ("sip:trunk.example.com", "trunk.example.com", 5060),
        ("sip:192.0.2.7:5070", "192.0.2.7", 5070),
    ],
)
def test_reads_host_and_port(setting: str, host: str, port: int) -> None:
    assert parse_trunk(setting) == Trunk(setting, host, port)


@pytest.mark.parametrize(
    "setting",
    ["", "sim", "trunk.example.com", "sip:", "sip:a:0", "sip:a:65536", "sip:a b", "tel:1"],
)
def test_refuses_what_is_no_trunk(setting: str) -> None:
    with pytest.raises(BadTrunk, match="was expected"):
        parse_trunk(setting)


@pytest.mark.parametrize(
    ("limits", "starts", "most_nodes"),
    [
        (NO_LIMITS, 0, maxsize),
        (TrunkLimits(maximum_cps=10.0), 10, 10),
        (TrunkLimits(maximum_cps=2.3), 3, 3),
        (TrunkLimits(maximum_cps=0.5), 1, 1),
        (TrunkLimits(channels=2), 0, 2),
        (TrunkLimits(channels=2, maximum_cps=10.0), 10, 2),
    ],
)
def test_whole_starts_and_channels_say_how_many_nodes_dispatch(
    limits: TrunkLimits, starts: int, most_nodes: int
) -> None:
    assert limits.claim(0) == TrunkClaim(starts, 0, most_nodes)


@pytest.mark.parametrize("maximum_cps", [0.1, 0.5, 1.0, 2.3, 3.0, 9.9, 10.0, 20.7, 100.0])
@pytest.mark.parametrize("nodes", [1, 2, 3, 7])
def test_nodes_together_have_what_the_window_holds(maximum_cps: float, nodes: int) -> None:
    limits = TrunkLimits(maximum_cps=maximum_cps)
    claim = limits.claim(0)
    fair = [claim.fair_starts(nodes=nodes, rank=rank) for rank in range(nodes)]
    assert sum(fair) == claim.starts
    assert max(fair) - min(fair) <= 1
    for rank, starts in enumerate(fair):
        share = limits.share(nodes=nodes, rank=rank, starts=starts).maximum_cps
        assert share is not None
        # The same window holds as many of them: capacity.StartWindow.
        assert math.ceil(share) == starts
        if starts:
            assert starts / share == pytest.approx(claim.starts / maximum_cps)


@pytest.mark.parametrize("starts", range(12))
def test_further_nodes_never_mean_a_larger_share(starts: int) -> None:
    claim = TrunkClaim(starts, 0, most_nodes=9)
    for nodes in range(1, 12):
        for rank in range(nodes):
            share = claim.fair_starts(nodes=nodes, rank=rank)
            assert claim.fair_starts(nodes=nodes + 1, rank=rank) <= share
            assert claim.fair_starts(nodes=nodes + 1, rank=rank + 1) <= share


@pytest.mark.parametrize(
    ("kept", "elsewhere", "granted"),
    [
        (0, 0, 5),  # all that is fair
        (0, 10, 0),  # the other has not given up anything yet
        (0, 7, 3),
        (10, 0, 5),  # gives up half; it may be had by others when it says so
        (5, 5, 5),
        (4, 9, 4),  # nothing that it has is taken from it
        (0, 12, 0),  # the other knows a larger maximum
    ],
)
def test_only_what_nobody_has_is_granted(kept: int, elsewhere: int, granted: int) -> None:
    claim = TrunkClaim(10, kept)
    assert claim.granted(nodes=2, rank=1, kept=kept, elsewhere=elsewhere) == granted


def test_channels_are_divided_among_those_that_dispatch() -> None:
    limits = TrunkLimits(channels=7)
    assert [limits.share(nodes=3, rank=rank, starts=0).channels for rank in range(3)] == [2] * 3
    few = TrunkLimits(channels=2)
    assert [few.share(nodes=3, rank=rank, starts=0).channels for rank in range(3)] == [1, 1, 0]
