"""Vectors of windows -> which voice says each sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from repurpose.models import Ms
from repurpose.speakers.cluster import Labels, cluster
from repurpose.speakers.fbank import Floats
from repurpose.speakers.windows import Window

ALIKE = 0.65  # mean cosine over the windows of a cluster; at 0.60 two similar women are one, what 0.65 shatters is joined below
VOICE_AT_LEAST: Ms = (
    8_000  # a cluster of less, or of a smaller share of the speech, is a voice only if it is like no other
)
SHARE_AT_LEAST = 0.04
STRANGER_AT_LEAST: Ms = 3_000  # of less the middle says little
# The cosine of the middles of two clusters: 0.53 to 0.73 was seen across voices, 0.75 to 0.91 within one.
SAME, LIKE = 0.85, 0.76  # as much joins even long ones; as much joins a short one to a long one
MANY = 2000  # windows; of more, those that follow each other and are alike go in together


def who_says(vectors: Floats, windows: Sequence[Window], sentences: int) -> list[int | None]:
    """For each of the sentences a voice 0.., numbered by first appearance; None where there was too little to hear.

    Whoever speaks long is a voice, and so is who speaks shortly and sounds like none of those.
    """
    if not windows:
        return [None] * sentences
    weights = np.array([window.weight for window in windows], np.float32)
    at = np.array([window.sentence for window in windows])
    middles = _voices(vectors, weights, _labels(vectors, weights, at))
    said = np.zeros((sentences, vectors.shape[1]))
    np.add.at(said, at, vectors * weights[:, None])
    best = (said @ middles.T).argmax(axis=1)
    found = [
        int(voice) if heard else None for voice, heard in zip(best, np.bincount(at, weights, sentences), strict=True)
    ]
    numbers = {
        voice: number for number, voice in enumerate(dict.fromkeys(voice for voice in found if voice is not None))
    }
    return _between([None if voice is None else numbers[voice] for voice in found])


def _voices(vectors: Floats, weights: Floats, labels: Labels) -> Floats:
    """The middle of each voice, the longest first."""
    totals = np.bincount(labels, weights)
    enough = max(VOICE_AT_LEAST, SHARE_AT_LEAST * float(weights.sum()))

    def bar(length: float) -> float:
        return SAME if length >= enough else LIKE if length >= STRANGER_AT_LEAST else -1.0

    found: list[Floats] = []
    for label in np.argsort(-totals, kind="stable"):
        middle = weights[labels == label] @ vectors[labels == label]
        middle = np.asarray(middle / np.linalg.norm(middle), np.float32)
        near = max((float(middle @ other) for other in found), default=-1.0)
        if not found or near < bar(float(totals[label])):
            found.append(middle)
    return np.stack(found)


def _between(voices: Sequence[int | None]) -> list[int | None]:
    """A sentence too short to hear, between two of one voice, is that voice's."""
    ends = zip([None, *voices], [*voices[1:], None], strict=False)
    return [
        before if voice is None and before == after else voice
        for voice, (before, after) in zip(voices, ends, strict=True)
    ]


def _labels(vectors: Floats, weights: Floats, sentence_of: Labels) -> Labels:
    """A label for each window. Average linkage over the means of groups is what it would be over the windows, once those
    of a group are together."""
    groups = _groups(vectors, sentence_of) if len(vectors) > MANY else np.arange(len(vectors))
    masses = np.bincount(groups, weights).astype(np.float32)
    means = np.zeros((len(masses), vectors.shape[1]))
    np.add.at(means, groups, vectors * weights[:, None])
    return cluster((means / np.maximum(masses, 1)[:, None]).astype(np.float32), masses, ALIKE)[groups]


def _groups(vectors: Floats, sentence_of: Labels) -> Labels:
    """Windows of one sentence that follow each other and are alike have one number."""
    near = (vectors[1:] * vectors[:-1]).sum(axis=1) >= ALIKE
    return np.cumsum(np.concatenate([[True], ~near | (sentence_of[1:] != sentence_of[:-1])])) - 1
