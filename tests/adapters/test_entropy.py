"""Randomness has the bounds and the sizes asked for."""

from callwright.adapters.entropy import SystemEntropy


def test_numbers_stay_below_their_limit_and_reach_all_below_it() -> None:
    entropy = SystemEntropy()
    assert {entropy.below(3) for _ in range(1000)} == {0, 1, 2}


def test_tokens_have_their_size_and_differ() -> None:
    entropy = SystemEntropy()
    tokens = {entropy.token(16) for _ in range(100)}
    assert {len(token) for token in tokens} == {16}
    assert len(tokens) == 100
