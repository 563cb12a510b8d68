"""What kind of speech a sentence is: greeting, housekeeping, question, answer, or plain speech."""

from __future__ import annotations

from typing import Literal

from repurpose.highlights.signals import answer, question
from repurpose.highlights.talk import Talk

Kind = Literal["speech", "greeting", "housekeeping", "question", "answer"]

_EDGE = 0.12  # greetings count in the first and last part of a talk, or when short
_SHORT = {"zh": 18, "en": 50}
_LONG = 2.2  # housekeeping is said in short sentences, but for the first and last part of a talk


def kinds_of(talk: Talk) -> list[Kind]:
    """The kind of each sentence. A phrase of the preset makes a greeting or housekeeping of it."""
    greetings, chores = talk.phrases(talk.preset.greetings), talk.phrases(talk.preset.housekeeping)
    asked, answered = question(talk), answer(talk)
    size, short = len(talk.sentences), _SHORT.get(talk.language, 50)
    out: list[Kind] = []
    for i, sentence in enumerate(talk.sentences):
        text = sentence.text.lower()
        at_edge = not _EDGE * size <= i < (1 - _EDGE) * size
        if (at_edge or len(text) <= short) and any(phrase in text for phrase in greetings):
            out.append("greeting")
        elif (at_edge or len(text) <= _LONG * short) and any(phrase in text for phrase in chores):
            out.append("housekeeping")
        elif asked[i]:
            out.append("question")
        else:
            out.append("answer" if answered[i] >= 0.6 else "speech")
    return out
