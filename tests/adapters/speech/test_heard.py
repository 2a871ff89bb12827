"""What is handed on of a reading."""

import pytest

from callwright.adapters.speech.heard import confidence_of


@pytest.mark.parametrize(
    ("match", "confidence"), [(-2.0, 1.0), (0.0, 1.0), (-6.0, 0.5), (-4.0, 0.75), (-50.0, 0.1)]
)
def test_confidence_follows_the_match(match: float, confidence: float) -> None:
    assert confidence_of(match, least=-6.0, full=-2.0) == confidence
