"""A window -> the words said in it: listened to in batches, what looks wrong listened to again, what was imagined dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from repurpose.models import Ms, Span, Word
from repurpose.transcribe import guards
from repurpose.transcribe.backend import Backend, Heard
from repurpose.transcribe.clips import Clip, pack, speech_in
from repurpose.transcribe.windows import Window

MARGIN: Ms = 200  # sound kept around a stretch that is listened to again


@dataclass
class Listener:
    """One backend with what it should know, what it may still spend on second hearings, and what was done."""

    backend: Backend
    language: str
    expect: str
    pauses: Sequence[Span]  # of the recording
    again: Ms  # sound that may still be listened to twice
    notes: list[str] = field(default_factory=list)

    def hear(self, window: Window, beat: Callable[[Ms], None]) -> list[Word]:
        """The words of the window in order of time, on the recording's clock; `beat` is told how far it is."""
        speech = speech_in(window.samples)
        pauses = _within(self.pauses, window)
        clips = pack(speech)
        words: list[Word] = []
        beat(window.start)
        for clip, heard in zip(clips, self._listen(window, clips), strict=True):
            words += chain.from_iterable(self._checked(window, clip, heard, pauses))
            beat(window.start + clip.pieces[-1].end)
        stretches = [Span(start=part.start + window.start, end=part.end + window.start) for part in speech]
        for gap in guards.swallowed(stretches, words, pauses):
            words += self._recovered(window, gap)
        return sorted(words, key=lambda word: (word.start, word.end))

    def _listen(self, window: Window, clips: Sequence[Clip]) -> Iterator[tuple[Heard, ...]]:
        return self.backend.listen([clip.samples(window.samples) for clip in clips], self.language, self.expect)

    def _checked(
        self, window: Window, clip: Clip, heard: tuple[Heard, ...], pauses: Sequence[Span]
    ) -> Iterator[list[Word]]:
        """The words of each part that was said; a clip that loops is listened to again, else its loops are cut."""
        start = window.start + clip.pieces[0].start
        if guards.doubtful(heard):
            better = self._second(window, clip)
            if better and not guards.doubtful(better):
                self.notes.append(f"{clock(start)} listened again: it repeated itself")
                heard = better
        for part in heard:
            words = [_placed(word, clip, window.start) for word in part.words]
            if not words:
                continue
            if guards.imagined(part, words, pauses):
                self.notes.append(f"{clock(words[0].start)} left out, nobody said it: {_text(words)}")
                continue
            kept = guards.unloop(words)
            if len(kept) < len(words):
                self.notes.append(f"{clock(words[0].start)} a loop of {len(words) - len(kept)} words cut")
            yield kept

    def _recovered(self, window: Window, gap: Span) -> list[Word]:
        """What a second hearing finds in a stretch of speech without words; nothing when it cannot be believed."""
        low, high = max(window.start, gap.start - MARGIN), min(window.end, gap.end + MARGIN)
        found: list[Word] = []
        for start in range(low, high, 30_000):
            piece = Span(start=start - window.start, end=min(high, start + 30_000) - window.start)
            clip = Clip((piece,))
            heard = self._second(window, clip)
            if guards.sane(heard, clip.length):
                found += [_placed(word, clip, window.start) for part in heard for word in part.words]
        inside = [word for word in found if gap.start <= (word.start + word.end) // 2 < gap.end]
        if inside:
            self.notes.append(f"{clock(gap.start)} a swallowed line recovered: {_text(inside)}")
        return inside

    def _second(self, window: Window, clip: Clip) -> tuple[Heard, ...]:
        if self.again < clip.length:
            return ()
        self.again -= clip.length
        return self.backend.listen_again(clip.samples(window.samples), self.language)


def clock(at: Ms) -> str:
    """`1:02:03` or `2:03`."""
    seconds = at // 1000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02d}:{seconds % 60:02d}" if hours else f"{minutes}:{seconds % 60:02d}"


def _placed(word: Word, clip: Clip, offset: Ms) -> Word:
    start, end = clip.in_window(word)
    return word.model_copy(update={"start": start + offset, "end": end + offset})


def _within(pauses: Sequence[Span], window: Window) -> list[Span]:
    return [pause for pause in pauses if pause.end > window.start and pause.start < window.end]


def _text(words: Sequence[Word]) -> str:
    text = "".join(word.text for word in words).strip()
    return text if len(text) <= 40 else f"{text[:39]}…"
