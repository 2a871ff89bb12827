"""Results on their way to a page that is slow."""

from dataclasses import replace
from typing import Any

import pytest

from callwright.runner.results_feed import MAX_TOLD, MAX_WAITING
from tests.sim.call import FarEnd
from tests.sim.instance import APPLICATION, Says, Story, says

BEGIN = 3.0


def told(texts: list[str], *, delays: list[float]) -> tuple[list[list[str]], Story]:
    """Say these, ten a second, and return what each request told."""
    said = tuple((BEGIN + n / 10, text) for n, text in enumerate(texts))
    start: dict[str, Any] = {
        "results_page": "results",
        "transcription_mode": "inbound",
        "enable_interim_results": True,
    }
    story = Story(
        {
            "first": says({"start_transcription": start}, {"sleep": {"seconds": 86_400}}),
            "results": Says(status=204),
        },
        FarEnd(says=said, hangs_up_at=BEGIN + len(texts) / 10 + 1.0),
        replace(APPLICATION, speech_streams=1),
        slow={"results": delays},
    )
    requests = [
        [phrase["alternatives"][0]["text"] for phrase in result["transcription"]]
        for info in (info for page, info in story.web.asked if page == "results")
        for result in [info["action_result"]["result"]]
    ]
    return requests, story


def test_a_quick_page_is_told_of_each_at_once() -> None:
    requests, _ = told(["a", "b", "c"], delays=[])
    assert requests == [["a"], ["b"], ["c"], []]


def test_a_slow_one_is_told_of_many_in_order() -> None:
    requests, _ = told([str(n) for n in range(12)], delays=[0.5, 0.5])

    assert [text for request in requests for text in request] == [str(n) for n in range(12)]
    assert len(requests) < 8


@pytest.mark.parametrize("kind", ["interim", "final"])
def test_beyond_a_thousand_the_oldest_interim_ones_are_dropped_first(kind: str) -> None:
    more = 7
    texts = [f"f{n}" for n in range(MAX_WAITING + more)]
    if kind == "interim":
        texts[100:110] = [f"~i{n}" for n in range(10)]
    # The first is on its way while all the others come.
    requests, story = told(["first", *texts], delays=[102.0])

    assert requests[0] == ["first"]
    rest = [text for request in requests[1:] for text in request]
    assert all(len(request) <= MAX_TOLD for request in requests)
    interim_dropped = [*texts[:100], "i7", "i8", "i9", *texts[110:]]
    assert rest == (interim_dropped if kind == "interim" else texts[more:])
    assert story.logs.text.count("the results page is slow") == 1
