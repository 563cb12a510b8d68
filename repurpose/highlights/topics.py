"""Where the topic shifts: how unlike the words before and after each boundary are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log, sqrt

_BLOCK = 150  # meaningful words on each side, about a minute of speech


def shifts(words: Sequence[Sequence[str]]) -> list[float]:
    """For each sentence how much the topic shifts where it begins: 0..1, the first one 0.

    Cohesion of the blocks before and after is the cosine of their tf-idf; a shift is how deep a valley of cohesion
    lies below the hills on both sides (Hearst, TextTiling, 1997).
    """
    size = len(words)
    spread = Counter(word for sentence in words for word in set(sentence))
    rarity = {word: log(1 + size / n) for word, n in spread.items()}
    cohesion = [1.0] * size
    for i in range(1, size):
        cohesion[i] = _cosine(_block(words, i, -1), _block(words, i, 1), rarity)
    return _depths(cohesion)


def _block(words: Sequence[Sequence[str]], at: int, step: int) -> Counter[str]:
    """The words before (step -1) or from `at` on, nearer ones counting more."""
    out: Counter[str] = Counter()
    seen, i = 0, at if step > 0 else at - 1
    while 0 <= i < len(words) and seen < _BLOCK:
        out.update(words[i])
        seen += len(words[i])
        i += step
    return out


def _cosine(left: Counter[str], right: Counter[str], rarity: dict[str, float]) -> float:
    def weigh(block: Counter[str]) -> dict[str, float]:
        return {word: (1 + log(n)) * rarity[word] for word, n in block.items()}

    a, b = weigh(left), weigh(right)
    dot = sum(value * b[word] for word, value in a.items() if word in b)
    norm = sqrt(sum(value * value for value in a.values()) * sum(value * value for value in b.values()))
    return dot / norm if norm else 0.0


def _depths(cohesion: Sequence[float]) -> list[float]:
    out = [0.0] * len(cohesion)
    for i in range(1, len(cohesion)):
        left = right = cohesion[i]
        for k in range(i - 1, 0, -1):
            if cohesion[k] < left:
                break
            left = cohesion[k]
        for k in range(i + 1, len(cohesion)):
            if cohesion[k] < right:
                break
            right = cohesion[k]
        out[i] = left + right - 2 * cohesion[i]
    top = max(out, default=0.0)
    return [value / top for value in out] if top else out
