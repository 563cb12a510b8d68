"""Scores of voices and names -> the pairs that are best together."""

from __future__ import annotations

from collections.abc import Mapping


def assign(scores: Mapping[tuple[int, str], float], enough: float, clear: float) -> dict[int, str]:
    """Voice -> name, each name once, so that the scores add up to the most; only pairs with at least `enough`, and only
    where no voice or name left over would have done as well within `clear`."""
    found = _matched({pair: score for pair, score in scores.items() if score >= enough})
    taken = set(found.values())

    def rivalled(voice: int, name: str) -> bool:
        score = scores[voice, name] - clear
        return any(
            other > score
            and (rival, wanted) != (voice, name)
            and ((rival == voice and wanted not in taken) or (wanted == name and rival not in found))
            for (rival, wanted), other in scores.items()
        )

    return {voice: name for voice, name in sorted(found.items()) if not rivalled(voice, name)}


def _matched(weights: Mapping[tuple[int, str], float]) -> dict[int, str]:
    """The matching of the greatest total, by augmenting along the best path until none gains (Bellman and Ford's way of
    finding it: there are few voices and few names)."""
    owner: dict[str, int] = {}
    voices = sorted({voice for voice, _ in weights})
    while True:
        gain = {voice: 0.0 for voice in voices if voice not in owner.values()}
        through: dict[int, tuple[int, str]] = {}  # a voice that would lose its name -> to whom, and which
        for _ in voices:
            for (voice, name), weight in weights.items():
                loser = owner.get(name)
                if voice not in gain or loser is None or loser == voice:
                    continue
                reached = gain[voice] + weight - weights[loser, name]
                if reached > gain.get(loser, float("-inf")) + 1e-9:
                    gain[loser], through[loser] = reached, (voice, name)
        ends = [
            (gain[voice] + weight, voice, name)
            for (voice, name), weight in weights.items()
            if name not in owner and voice in gain
        ]
        best, voice, name = max(ends, default=(0.0, -1, ""))
        if best <= 0:
            return {voice: name for name, voice in owner.items()}
        while voice in through:
            winner, lost = through[voice]
            owner[name] = voice
            voice, name = winner, lost
        owner[name] = voice
