"""Subtitles handed in -> a transcript: nobody listens, the words' times are shared out by length."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from repurpose.errors import UserError
from repurpose.models import Ms, Said, Sentence, Transcript, Word
from repurpose.text.join import join_words
from repurpose.text.script import simplify
from repurpose.text.signs import CLOSING, STOPS, is_cjk, wraps_by_sign
from repurpose.text.subtitles import decode, parse
from repurpose.transcribe.divide import divide
from repurpose.transcribe.pieces import spell

JOIN: Ms = 1000  # entries closer than this may hold one sentence together
NAME = "subtitles"


def imported(path: Path, language: str, name: str = NAME) -> Transcript:
    """The subtitle file as a transcript: entries without a stop at their end run on into the next, the sentences are
    divided anew. Raises UserError when the file holds no entries."""
    entries = _apart(parse(decode(path.read_bytes(), name)))
    if not entries:
        raise UserError(f"{name}: no subtitles in it. Hand in a .srt or .vtt file with times, or leave it out.")
    language = language or _language(entries)
    sentences: list[Sentence] = []
    for run in _runs(entries):
        words = [word for entry in run for word in _words(entry, language)]
        speaker = run[0].speaker
        sentences += [sentence.model_copy(update={"speaker": speaker}) for sentence in divide(words, (), language)]
    return Transcript(language=language, sentences=tuple(sentences), backend=NAME)


def _apart(entries: Sequence[Said]) -> list[Said]:
    """The entries without overlaps: each ends where the next begins; repeated ones are left out."""
    kept: list[Said] = []
    for entry in entries:
        if kept and entry.text == kept[-1].text and entry.start < kept[-1].end + JOIN // 4:
            kept[-1] = kept[-1].model_copy(update={"end": max(kept[-1].end, entry.end)})
        elif not kept or entry.start > kept[-1].start:
            kept.append(entry)
        else:
            kept[-1] = kept[-1].model_copy(update={"text": join_words([kept[-1].text, entry.text], "")})
    ends = [*(min(before.end, after.start) for before, after in pairwise(kept)), *(entry.end for entry in kept[-1:])]
    return [entry.model_copy(update={"end": end}) for entry, end in zip(kept, ends, strict=True)]


def _runs(entries: Sequence[Said]) -> list[list[Said]]:
    """Entries that may share sentences: close to each other, of one speaker; in Chinese without marks, each alone."""
    marked = sum(entry.text[-1] in CLOSING for entry in entries) * 5 >= len(entries)
    runs: list[list[Said]] = []
    for entry in entries:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and marked
            and last.text[-1] not in STOPS
            and entry.start - last.end < JOIN
            and entry.speaker == last.speaker
        ):
            runs[-1].append(entry)
        else:
            runs.append([entry])
    return runs


def _words(entry: Said, language: str) -> list[Word]:
    text = simplify(entry.text) if language in {"zh", "yue"} else entry.text
    if wraps_by_sign(language):
        return spell([Word(start=entry.start, end=entry.end, text=text)], language)
    parts = text.split()
    total = sum(len(part) for part in parts)
    words: list[Word] = []
    said = 0
    for part in parts:
        start = entry.start + entry.length * said // total
        said += len(part)
        words.append(Word(start=start, end=max(start + 1, entry.start + entry.length * said // total), text=part))
    return words


def _language(entries: Sequence[Said]) -> str:
    letters = [sign for entry in entries[:500] for sign in entry.text if sign.isalpha()]
    return "zh" if sum(is_cjk(sign) for sign in letters) * 3 > len(letters) else "en"
