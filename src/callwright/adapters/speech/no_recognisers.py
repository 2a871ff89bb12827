"""An installation that recognises no speech."""

from callwright.runner.ports import NoRecogniser, Recognition, RecognitionOrder


class NoRecognisers:
    """`Recognisers` that refuse every language."""

    async def begin(self, order: RecognitionOrder) -> Recognition:
        """Refuse."""
        raise NoRecogniser(f"no speech is recognised here, {order.language!r} neither")
