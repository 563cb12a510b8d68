"""jieba without its noise: no log lines, no import warnings, no dictionary cache in a shared temporary folder."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=4)
def segmenter(terms: tuple[str, ...] = ()) -> Any:
    """A jieba Tokenizer that keeps each of `terms` whole.

    jieba caches its dictionary as a marshal file under a name anyone can guess in the temporary folder; reading it back
    would trust whoever wrote it, so the dictionary is read from the package itself (0.6 s, once a process).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes and pkg_resources inside jieba
        import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for term in terms:
        tokenizer.add_word(term, freq=max(tokenizer.FREQ.values()) // 100)
    return tokenizer


def cut(text: str, terms: Sequence[str] = ()) -> list[str]:
    """Every piece of the text in order; joined again they are the text."""
    return list(segmenter(tuple(terms)).cut(text))
