"""Voices told apart: the features, the clusters, the windows, and real voices."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repurpose.models import Sentence, Span, Word
from repurpose.speakers.cluster import cluster
from repurpose.speakers.fbank import BANDS, RATE, Floats, fbank
from repurpose.speakers.who import MANY, who_says
from repurpose.speakers.windows import HOP, LONG, PAUSE, SHORT, Window, windows_of


def cloud(*sizes: int, likeness: float = 0.75, seed: int = 5) -> Floats:
    """Unit vectors around as many centres as there are sizes, the mean cosine within about `likeness`, across about 0."""
    dice = np.random.default_rng(seed)
    noise = np.sqrt(1 / likeness - 1)
    made = []
    for size in sizes:
        centre = dice.standard_normal(192)
        made.append(centre / np.linalg.norm(centre) + dice.standard_normal((size, 192)) * noise / np.sqrt(192))
    rows = np.concatenate(made)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def plain(vectors: Floats, weights: Floats, alike: float) -> list[int]:
    """Average linkage as the book has it: the closest two clusters become one until none are close enough."""
    clusters = [[at] for at in range(len(vectors))]

    def closeness(one: list[int], other: list[int]) -> float:
        pairs = [(a, b) for a in one for b in other]
        mass = sum(weights[a] * weights[b] for a, b in pairs)
        return float(sum(weights[a] * weights[b] * (vectors[a] @ vectors[b]) for a, b in pairs) / mass)

    while len(clusters) > 1:
        best, one, other = max(
            (closeness(clusters[i], clusters[j]), i, j) for i, j in itertools.combinations(range(len(clusters)), 2)
        )
        if best < alike:
            break
        clusters[one] += clusters.pop(other)
    label = {at: number for number, members in enumerate(sorted(clusters, key=min)) for at in members}
    return [label[at] for at in range(len(vectors))]


def test_features_are_blind_to_loudness_and_see_pitch() -> None:
    dice = np.random.default_rng(1)
    noise = dice.standard_normal(RATE).astype(np.float32) * np.float32(0.1)
    assert fbank(noise).shape == (98, BANDS)
    assert np.abs(fbank(noise) - fbank(noise * np.float32(0.2))).max() < 1e-3
    at = np.arange(RATE) / RATE
    sweep = 0.1 * np.sin(2 * np.pi * (200 + 1500 * at) * at)
    rising = fbank(np.asarray(sweep + noise / 100, np.float32))
    assert rising[5].argmax() < rising[40].argmax() < rising[90].argmax()
    assert np.isfinite(fbank(np.zeros(RATE, np.float32))).all()
    assert fbank(np.zeros(399, np.float32)).shape == (0, BANDS)


@pytest.mark.slow
@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.integers(0, 1000), st.floats(0.2, 0.9))
def test_clusters_are_those_of_average_linkage(sizes: list[int], seed: int, alike: float) -> None:
    vectors = cloud(*sizes, likeness=0.6, seed=seed)
    weights = np.random.default_rng(seed).integers(1, 9, len(vectors)).astype(np.float32)
    assert cluster(vectors, weights, alike).tolist() == plain(vectors, weights, alike)


def test_windows_lie_in_words_and_outside_pauses() -> None:
    words = (
        Word(start=1000, end=1600, text="一"),
        Word(start=1600, end=5000, text="二"),
        Word(start=5000 + PAUSE, end=9000, text="三"),
        Word(start=12_000, end=12_000 + SHORT - 1, text="四"),
    )
    sentences = [
        Sentence(start=1000, end=13_000, text="一二三四", words=words),
        Sentence(start=13_000, end=13_800, text="五"),
    ]
    pauses = [Span(start=0, end=1100), Span(start=2000, end=2000 + PAUSE), Span(start=6000, end=6000 + PAUSE - 1)]
    windows = windows_of(sentences, pauses)
    assert [window.start for window in windows] == sorted(window.start for window in windows)
    assert all(SHORT <= window.end - window.start <= LONG for window in windows)
    assert {window.sentence for window in windows} == {0, 1}
    inside = [(1100, 2000), (2000 + PAUSE, 5000), (5000 + PAUSE, 9000), (13_000, 13_800)]
    for low, high in inside:
        mine = [window for window in windows if low <= window.start and window.end <= high]
        assert (mine[0].start, mine[-1].end) == (low, high)
        assert all(after.start - before.start <= HOP for before, after in itertools.pairwise(mine))
        assert abs(sum(window.weight for window in mine) - (high - low)) < len(mine)
    assert sum(window.weight for window in windows) <= sum(high - low for low, high in inside)
    assert windows_of([], pauses) == []


def windows(*voices: int) -> list[Window]:
    """A sentence of two windows for each, 2 s long."""
    return [Window(at // 2, at * 1000, at * 1000 + 1000, 1000) for at in range(2 * len(voices))]


def test_a_sentence_gets_the_voice_that_says_it() -> None:
    first, second = cloud(20, 20)[:20], cloud(20, 20)[20:]
    order = [0, 0, 1, 0, 1, 1, 0, 1, 1, 0]
    voices = [iter(first), iter(second)]
    vectors = np.stack([next(voices[who]) for who in order for _ in range(2)])
    assert who_says(vectors, windows(*order), len(order)) == order


def test_a_sentence_too_short_to_hear_is_that_of_its_neighbours_if_they_agree() -> None:
    vectors = cloud(8, 8)
    heard = [window._replace(sentence=2 * window.sentence) for window in windows(*[0] * 8)]
    assert who_says(vectors, heard, 16) == [0] * 7 + [None] + [1] * 7 + [None]
    assert who_says(vectors[:0], [], 3) == [None] * 3


def test_a_short_cluster_is_part_of_a_voice_it_is_like_and_else_a_stranger() -> None:
    """Of 200 s the guest speaks 4: more than nothing, less than a voice's share."""
    order = [0] * 60 + [1] * 2 + [0] * 38
    clouds = cloud(196, 4)
    vectors = np.concatenate([clouds[:120], clouds[196:], clouds[120:196]])
    assert who_says(vectors, windows(*order), len(order)) == order
    near = 0.8 * clouds[:4] + 0.6 * vectors[120:124]  # the same voice through another microphone
    vectors[120:124] = near / np.linalg.norm(near, axis=1, keepdims=True)
    assert who_says(vectors, windows(*order), len(order)) == [0] * 100


def test_long_recordings_are_told_apart_as_short_ones() -> None:
    order = [0] * 500 + [1] * 400 + [0] * 300 + [2] * 300
    clouds = cloud(1600, 800, 600)
    parts = [iter(clouds[:1600]), iter(clouds[1600:2400]), iter(clouds[2400:])]
    vectors = np.stack([next(parts[who]) for who in order for _ in range(2)])
    assert len(vectors) > MANY
    assert who_says(vectors, windows(*order), len(order)) == order
