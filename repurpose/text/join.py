"""Words -> text, by the rules of the language."""

from __future__ import annotations

from collections.abc import Sequence

from repurpose.text.signs import CLOSING, OPENING, is_wide


def join_words(words: Sequence[str], language: str) -> str:
    """The words as running text: a space between Latin words, none beside Chinese, none before closing marks.

    `language` is a Whisper code; it decides nothing today because the signs themselves do, and mixed text is common.
    """
    text = ""
    for word in words:
        word = word.strip()
        if text and word and _apart(text[-1], word[0]):
            text += " "
        text += word
    return text


def _apart(left: str, right: str) -> bool:
    if is_wide(left) or is_wide(right):
        return False
    return right not in CLOSING and left not in OPENING
