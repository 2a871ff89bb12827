"""Learns how telephone sound fits the acoustic model, and writes `telephone.npz`.

espeak-ng says words and digits with twelve voices, through both laws of G.711, at several levels
and over lines of several noises. None of these voices, and no string of digits but by chance, is
among those that `speech_recognition.py` reports on. Takes some five minutes of one core.

    .venv/bin/python bench/speech_learn.py [--sayings 24] [--seed 5]
"""

import argparse
import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pathlib import Path
from typing import Final

import numpy as np
from speech.fitting import Fitting, learnt_widening, phrases_of
from speech.texts import to_learn

from callwright.adapters.speech.acoustic_model import AcousticModel
from callwright.adapters.speech.decoder import MODEL
from callwright.adapters.speech.model_files import STREAMS, VALUES, Floats
from callwright.adapters.speech.pronunciation import Pronunciations
from callwright.adapters.speech.telephone_features import (
    LEARNT,
    TelephoneFit,
)

MATRICES: Final = 8
SHIFTS: Final = 3
"""Steps of each kind; more change nothing."""


def main() -> None:
    """Learn, and tell how likely the speech has become."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sayings", type=int, default=24, help="of each voice")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--into", type=Path, default=LEARNT)
    arguments = parser.parse_args(sys.argv[1:])
    sayings = list(to_learn(arguments.sayings, arguments.seed))
    model = AcousticModel(MODEL / "en-us", np.zeros((_PHONES, STREAMS, VALUES), np.float32))
    fit = _beginning(learnt_widening(sayings))
    phrases, usual = phrases_of(sayings, fit)
    fitting = Fitting(model, Pronunciations(MODEL / "cmudict-en-us.dict"), fit)
    for step in range(MATRICES):
        print(f"matrix {step + 1}: {fitting.improve_matrix(phrases):.2f} a frame", flush=True)
    for _ in range(SHIFTS):
        fitting.improve_shifts(phrases)
    np.savez_compressed(
        arguments.into,
        widening=fitting.fit.widening,
        matrix=fitting.fit.matrix,
        shifts=fitting.fit.shifts,
        usual=usual,
    )


def _beginning(widening: Floats) -> TelephoneFit:
    """Change nothing but the width."""
    return TelephoneFit(
        widening,
        np.eye(VALUES, VALUES + 1, dtype=np.float32),
        np.zeros((_PHONES, STREAMS, VALUES), np.float32),
        np.zeros(VALUES, np.float32),
    )


_PHONES: Final = 42

if __name__ == "__main__":
    main()
