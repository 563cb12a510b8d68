"""Where an edge may fall: on a frame of the recording, in a pause, never inside a word."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from repurpose.models import Ms, Recording, Sound, Span, Transcript, Word

LEAD: Ms = 350  # most that may stand before the first word
TAIL: Ms = 450  # most that may stand after the last word
_GOOD_LEAD: Ms = 160
_GOOD_TAIL: Ms = 300
_NOISE = 400  # an edge outside a pause is as bad as 400 ms too much or too little air
_KEYFRAME = 250  # what an edge on a keyframe is worth: nothing needs encoding there


@dataclass(frozen=True)
class Grid:
    """The times a cut may use: frames of the recording, its keyframes, its pauses."""

    rate_num: int
    rate_den: int
    duration: Ms
    keyframes: frozenset[int]  # frame numbers
    pauses: tuple[Span, ...]  # in order
    pause_starts: tuple[Ms, ...]

    def time_of(self, frame: int) -> Ms:
        """When a frame is first shown, to the millisecond; a half goes to the even one, as `round` has it."""
        whole, rest = divmod(1000 * frame * self.rate_den, self.rate_num)
        return whole + (2 * rest > self.rate_num or (2 * rest == self.rate_num and whole % 2 == 1))

    def frame_at(self, at: Ms) -> int:
        """The frame whose time lies nearest to `at`."""
        return (2 * at * self.rate_num + 1000 * self.rate_den) // (2 * 1000 * self.rate_den)

    def frames(self, low: Ms, high: Ms) -> range:
        """The frames whose times lie in low..high, both included."""
        first, last = self.frame_at(low), self.frame_at(min(high, self.duration))
        first += self.time_of(first) < low
        last -= self.time_of(last) > min(high, self.duration)
        return range(max(0, first), last + 1)

    def down(self, at: Ms) -> Ms:
        """The last frame time not after `at`."""
        frame = self.frame_at(at)
        return self.time_of(frame - (self.time_of(frame) > at))

    def up(self, at: Ms) -> Ms:
        """The first frame time not before `at`, or the end of the recording."""
        frame = self.frame_at(at)
        return self.time_of(frame + (self.time_of(frame) < at))

    def silent(self, at: Ms) -> bool:
        """Whether `at` lies in a pause; always true when no pauses are known."""
        if not self.pauses:
            return True
        k = bisect_right(self.pause_starts, at) - 1
        return k >= 0 and at <= self.pauses[k].end

    def entry(self, before: Ms, start: Ms) -> Ms | None:
        """Where a span that opens with a word at `start` may begin, after the word that ends at `before`.

        At most LEAD earlier than `start`; None when no frame lies between the two words.
        """
        return self._best(self.frames(max(before, start - LEAD), start), start - _GOOD_LEAD)

    def exit(self, end: Ms, after: Ms) -> Ms | None:
        """Where a span that closes with a word ending at `end` may end, not later than `after`; at most TAIL later."""
        return self._best(self.frames(end, min(after, end + TAIL)), end + _GOOD_TAIL)

    def _best(self, frames: range, wanted: Ms) -> Ms | None:
        def cost(frame: int) -> int:
            at = self.time_of(frame)
            return abs(at - wanted) + _NOISE * (not self.silent(at)) - _KEYFRAME * (frame in self.keyframes)

        return self.time_of(min(frames, key=cost)) if frames else None


def grid_of(recording: Recording, sound: Sound) -> Grid:
    """The grid of a recording."""
    video = recording.video
    bare = Grid(video.rate_num, video.rate_den, recording.duration, frozenset(), (), ())
    keyframes = frozenset(bare.frame_at(at) for at in recording.keyframes)
    pauses = tuple(sorted(sound.pauses, key=lambda pause: pause.start))
    return Grid(
        video.rate_num, video.rate_den, recording.duration, keyframes, pauses, tuple(pause.start for pause in pauses)
    )


def words_in(transcript: Transcript) -> tuple[tuple[Word, ...], ...]:
    """The words of each sentence; a sentence without word times counts as one word."""
    return tuple(
        sentence.words or (Word(start=sentence.start, end=sentence.end, text=sentence.text),)
        for sentence in transcript.sentences
    )


@dataclass(frozen=True)
class Edges:
    """For each sentence where a span may begin with it, and where one may end with it; None where neither may."""

    starts: tuple[Ms | None, ...]
    stops: tuple[Ms | None, ...]


def edges(words: Sequence[Sequence[Word]], grid: Grid, *, nearest: bool = False) -> Edges:
    """The edges of every sentence, each on a frame between its outer word and its neighbour's.

    A sentence's stop never lies after the start of the next, so spans of neighbours never overlap. Where two words
    follow so closely that no frame lies between them there is no edge; with `nearest` it is the nearest frame, at most
    half a frame inside a word.
    """
    reach = 0  # the end of every word so far, though words may overlap
    ends = [reach := max(reach, *(word.end for word in sentence)) for sentence in words]
    starts = [min(word.start for word in sentence) for sentence in words]
    for i in range(len(starts) - 2, -1, -1):
        starts[i] = min(starts[i], starts[i + 1])
    opens = [grid.entry(ends[i - 1] if i else 0, start) for i, start in enumerate(starts)]
    stops: list[Ms | None] = []
    for i, end in enumerate(ends):
        later = opens[i + 1] if i + 1 < len(words) else grid.duration
        stops.append(None if later is None else grid.exit(end, later))
        if nearest and stops[i] is None and i + 1 < len(words) and end <= starts[i + 1]:
            stops[i] = opens[i + 1] = grid.time_of(grid.frame_at(end))
    return Edges(
        # Both sides of a boundary must be cuttable, else its two sentences stay together.
        tuple(open_ if i == 0 or stops[i - 1] is not None else None for i, open_ in enumerate(opens)),
        tuple(stops),
    )
