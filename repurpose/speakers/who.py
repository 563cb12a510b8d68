"""Vectors of windows -> which voice says each sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from repurpose.models import Ms
from repurpose.speakers.cluster import Labels, cluster
from repurpose.speakers.fbank import Floats
from repurpose.speakers.windows import Window

ALIKE = 0.60  # mean cosine within a voice; 0.50 joins two similar women, 0.70 shatters one
VOICE_AT_LEAST: Ms = 8_000  # what speaks less, in all or as a share of the speech, is no voice of its own
SHARE_AT_LEAST = 0.04
MANY = 2000  # windows; of more, those that follow each other and are alike go in together


def who_says(vectors: Floats, windows: Sequence[Window], sentences: int) -> list[int | None]:
    """For each of the sentences a voice 0.., numbered by first appearance; None where none of them is like it, or where
    there was too little to hear."""
    if not windows:
        return [None] * sentences
    weights = np.array([window.weight for window in windows], np.float32)
    at = np.array([window.sentence for window in windows])
    labels = _labels(vectors, weights, at)
    totals = np.bincount(labels, weights)
    large = np.flatnonzero(totals >= max(VOICE_AT_LEAST, SHARE_AT_LEAST * weights.sum()))
    large = large if len(large) else np.array([totals.argmax()])
    middles = np.stack([_middle(vectors[labels == label], weights[labels == label]) for label in large])
    said = np.zeros((sentences, vectors.shape[1]))
    np.add.at(said, at, vectors * weights[:, None])
    heard = np.bincount(at, weights, sentences)
    likeness = said @ middles.T / np.maximum(heard, 1)[:, None]
    return [int(likeness[number].argmax()) if heard[number] else None for number in range(sentences)]


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


def _middle(vectors: Floats, weights: Floats) -> Floats:
    middle = weights @ vectors
    return np.asarray(middle / np.linalg.norm(middle))
