"""jieba without its noise: no log lines, no import warnings, no dictionary cache in a shared temporary folder."""

from __future__ import annotations

import copy
import threading
import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Any


class _Also(dict[str, int]):
    """A few words of our own in front of a dictionary that is shared: half a million entries are held once, not per event."""

    def __init__(self, shared: dict[str, int]) -> None:
        super().__init__()
        self._shared = shared

    def __missing__(self, word: str) -> int:
        return self._shared[word]

    def __contains__(self, word: object) -> bool:
        return super().__contains__(word) or word in self._shared

    def get(self, word: str, default: Any = None) -> Any:
        own = super().get(word)
        return self._shared.get(word, default) if own is None else own


@lru_cache(maxsize=1)
def _plain() -> tuple[Any, int]:
    """jieba's Tokenizer with its own dictionary, and how often its commonest word is.

    jieba caches its dictionary as a marshal file under a name anyone can guess in the temporary folder; reading it back
    would trust whoever wrote it, so the dictionary is read from the package itself (0.6 s, once a process).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes and pkg_resources inside jieba
        import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer, max(tokenizer.FREQ.values())


@lru_cache(maxsize=64)
def segmenter(terms: tuple[str, ...] = ()) -> Any:
    """A jieba Tokenizer that keeps each of `terms` whole."""
    plain, commonest = _plain()
    if not terms:
        return plain
    tokenizer = copy.copy(plain)
    tokenizer.lock = threading.RLock()
    tokenizer.FREQ = _Also(plain.FREQ)
    for term in terms:
        tokenizer.add_word(term, freq=commonest // 100)
    return tokenizer


def cut(text: str, terms: Sequence[str] = ()) -> list[str]:
    """Every piece of the text in order; joined again they are the text."""
    return list(segmenter(tuple(terms)).cut(text))
