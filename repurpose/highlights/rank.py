"""Every sentence scored by the weighted signals, each with its reasons."""

from __future__ import annotations

from collections.abc import Mapping

from repurpose.context import Context
from repurpose.highlights.kinds import kinds_of
from repurpose.highlights.signals import SIGNALS
from repurpose.highlights.talk import Talk, contents
from repurpose.models import (
    Chapters,
    Choices,
    Highlight,
    Highlights,
    Live,
    Reason,
    Retention,
    Sentence,
    Slides,
    Sound,
    Transcript,
)
from repurpose.presets import HighlightsPreset

_OPENS = 0.75  # of the stands_alone signal: leans on nothing, and is whole or of a sane length
_NOISE = 0.8  # how much of its score a greeting or housekeeping loses


def rank(
    transcript: Transcript,
    sound: Sound,
    slides: Slides,
    chapters: Chapters,
    live: Live,
    choices: Choices,
    retention: Retention,
    preset: HighlightsPreset,
    ctx: Context,
) -> Highlights:
    """Every sentence in order with a score of 0..1: the weighted mean of the signals, bent by a person's choices.

    A sentence a person kept scores 1, a dropped one 0. The reasons' shares sum to the score.
    """
    words = contents(transcript)
    talk = Talk(transcript.sentences, transcript.language, words, preset, sound, slides, chapters, live, retention)
    values = {}
    for k, name in enumerate(SIGNALS):
        ctx.beat(k / len(SIGNALS))
        values[name] = SIGNALS[name](talk)
    weights = _telling(preset.weights, values)
    whole = sum(weights.values()) or 1.0
    kinds = kinds_of(talk)
    items = []
    for i, sentence in enumerate(transcript.sentences):
        shares = {name: weight * values[name][i] / whole for name, weight in weights.items()}
        if kinds[i] in ("greeting", "housekeeping"):
            shares[kinds[i]] = -_NOISE * sum(shares.values())
        shares = {name: round(share, 4) for name, share in shares.items()}
        target = _chosen(sentence, choices)
        if target is not None:
            shares["choice"] = round(target - sum(shares.values()), 4)
        because = [Reason(signal=name, share=share) for name, share in shares.items() if share]
        items.append(
            Highlight(
                start=sentence.start,
                end=sentence.end,
                sentence=i,
                score=round(min(1.0, max(0.0, sum(reason.share for reason in because))), 4),
                stands_alone=values["stands_alone"][i] >= _OPENS,
                kind=kinds[i],
                because=tuple(sorted(because, key=lambda reason: -reason.share)),
            )
        )
    return Highlights(items=tuple(items), fillers=preset.fillers.get(transcript.language, ()))


def _telling(weights: Mapping[str, float], values: Mapping[str, list[float]]) -> dict[str, float]:
    """The weights of the signals that tell sentences apart; all of them when none does (a talk of one sentence)."""
    known = {name: weight for name, weight in weights.items() if name in values and weight > 0}
    return {name: weight for name, weight in known.items() if len(set(values[name])) > 1} or known


def _chosen(sentence: Sentence, choices: Choices) -> float | None:
    """What a person's choice makes of a sentence; None when there is none. Dropping is the stronger."""
    if any(drop.overlap(sentence) for drop in choices.drop):
        return 0.0
    if any(2 * keep.overlap(sentence) >= sentence.length for keep in choices.keep):
        return 1.0
    return None
