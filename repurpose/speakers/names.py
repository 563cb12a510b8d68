"""Which voice is whose: what is said about who speaks, the agenda and the host's part, weighed together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from repurpose.models import AgendaItem, Event, Ms, Sentence, Speaker
from repurpose.speakers.assign import assign
from repurpose.speakers.called import called
from repurpose.speakers.evidence import hints
from repurpose.text.signs import bare

Voices = Sequence[int | None]  # of each sentence; None where it could not be told
Scores = dict[tuple[int, str], float]

ENOUGH = 1.5  # evidence that names a voice: one clear call or thanks, or several faint ones
CLEAR = 0.5  # by so much it must be better than for any other voice or name that is free
_REACH: Ms = 60_000  # who is called up answers within
_OPENING = 2  # sentences of a turn in which one thanks who spoke before
_MOST = 5.0  # what calls, thanks and mentions of one name may add up to for one voice
_AGENDA, _AGENDA_MOST = 2.0, 4.0
_HOST = 1.0  # for opening, and for closing
_PART = 0.1  # of the speech: a voice that may be named by being the only one left


def name_voices(sentences: Sequence[Sentence], voices: Voices, event: Event) -> dict[int, str]:
    """Voice -> the name of one of the event's speakers, each name once; voices without evidence are left out.

    One voice and one speaker belong together unless something speaks against it. So do the last voice and the last speaker,
    once all others are named, where the event names its host (an event that does names everyone) or a little speaks for it.
    """
    spoken: Counter[int] = Counter()
    for sentence, voice in zip(sentences, voices, strict=True):
        if voice is not None:
            spoken[voice] += sentence.length
    names = list(dict.fromkeys(speaker.name for speaker in event.speakers))
    scores = weigh(sentences, voices, event)
    found = assign(scores, ENOUGH, CLEAR)
    left = [voice for voice, time in spoken.items() if voice not in found and time >= _PART * spoken.total()]
    free = [name for name in names if name not in found.values()]
    if len(left) == len(free) == 1:
        claim = scores.get((left[0], free[0]), 0.0)
        complete = len(names) == 1 or any(speaker.role == "host" for speaker in event.speakers)
        if claim > 0 or (claim == 0 and complete):
            found[left[0]] = free[0]
    return found


def weigh(sentences: Sequence[Sentence], voices: Voices, event: Event) -> Scores:
    """How much speaks for each voice and name, positive or negative."""
    said: Scores = defaultdict(float)
    own: Scores = defaultdict(float)
    people = called(event.speakers)
    begins = _turns(voices)
    for number, (sentence, voice) in enumerate(zip(sentences, voices, strict=True)):
        if voice is None:
            continue
        for hint in hints(sentence.text, people):
            if hint.whose == "own":
                own[voice, hint.name] += hint.weight
                continue
            said[voice, hint.name] -= 0.5  # one does not call, thank or mention oneself
            meant: list[int | None] = []
            if hint.whose in ("next", "near"):
                meant.append(_after(sentences, voices, number))
            if hint.whose in ("before", "near") and number - begins[number] < _OPENING:
                meant.append(_before(voices, begins[number]))
            for other in meant:
                if other is not None:
                    said[other, hint.name] += hint.weight
    total: Scores = defaultdict(float)
    for scores in (
        own,
        {key: max(-_MOST, min(_MOST, score)) for key, score in said.items()},
        _told(sentences, voices, event.speakers),
        _agenda(sentences, voices, event),
        _hosting(voices, event.speakers),
    ):
        for key, score in scores.items():
            total[key] += score
    return dict(total)


def _turns(voices: Voices) -> list[int]:
    """For each sentence the first one of its turn: the same voice, with nobody else between."""
    begins: list[int] = []
    before: int | None = None
    for number, voice in enumerate(voices):
        if voice is None or voice == before:
            begins.append(begins[-1] if begins else 0)
        else:
            begins.append(number)
            before = voice
    return begins


def _after(sentences: Sequence[Sentence], voices: Voices, number: int) -> int | None:
    """The next voice that is not this one, when it speaks soon."""
    for later in range(number + 1, len(voices)):
        if sentences[later].start - sentences[number].end > _REACH:
            return None
        if voices[later] not in (None, voices[number]):
            return voices[later]
    return None


def _before(voices: Voices, begin: int) -> int | None:
    """The voice of the turn before the one that begins here."""
    return next((voice for voice in reversed(voices[:begin]) if voice is not None), None)


def _told(sentences: Sequence[Sentence], voices: Voices, speakers: Sequence[Speaker]) -> Scores:
    """What subtitles say about who speaks, where they name a speaker of the event."""
    names = {bare(speaker.name): speaker.name for speaker in speakers}
    times: dict[int, Counter[str]] = defaultdict(Counter)
    for sentence, voice in zip(sentences, voices, strict=True):
        if voice is not None and sentence.speaker:
            times[voice][names.get(bare(sentence.speaker), "")] += sentence.length
    return {
        (voice, name): _MOST * time / counted.total()
        for voice, counted in times.items()
        for name, time in counted.items()
        if name
    }


def _agenda(sentences: Sequence[Sentence], voices: Voices, event: Event) -> Scores:
    """Who speaks for most of the time of an agenda item is likely to be its speaker."""
    items = sorted((item for item in event.agenda if item.at is not None), key=_at)
    names = {bare(speaker.name): speaker.name for speaker in event.speakers}
    found: Scores = defaultdict(float)
    ends = [*map(_at, items[1:]), max((sentence.end for sentence in sentences), default=0)]
    for item, until in zip(items, ends, strict=False):  # without items there is an end too many
        name = names.get(bare(item.speaker))
        if name is None:
            continue
        times: Counter[int] = Counter()
        for sentence, voice in zip(sentences, voices, strict=True):
            if voice is not None and _at(item) <= sentence.start < until:
                times[voice] += sentence.length
        if times:
            voice, time = times.most_common(1)[0]
            if time * 2 > times.total():
                found[voice, name] += _AGENDA * time / times.total()
    return {key: min(_AGENDA_MOST, score) for key, score in found.items()}


def _at(item: AgendaItem) -> Ms:
    return item.at or 0


def _hosting(voices: Voices, speakers: Sequence[Speaker]) -> Scores:
    """The host, where there is one, opens and closes."""
    hosts = [speaker.name for speaker in speakers if speaker.role == "host"]
    heard = [voice for voice in voices if voice is not None]
    if len(hosts) != 1 or not heard:
        return {}
    found: Scores = defaultdict(float)
    for voice in (heard[0], heard[-1]):
        found[voice, hosts[0]] += _HOST
    return found
