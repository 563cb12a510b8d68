"""What a listener imagines and what it misses: loops, lines nobody said, lines swallowed. Decisions only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from repurpose.models import Ms, Span, Word
from repurpose.text.signs import bare
from repurpose.transcribe.backend import Heard

REPEATS = 4  # a phrase said this often in a row is a loop, not speech ("对对对" is)
PACKED = 2.4  # openai/whisper's compression_ratio_threshold
SILENT, SURE = 0.6, -1.0  # its no_speech_threshold and logprob_threshold
SWALLOWED: Ms = 3000  # speech this long without a word was not heard
SANE = 0.35  # mean confidence below which a second hearing is not believed

# Credits from the subtitles Whisper learnt from. Nobody says these in a talk.
_credits = re.compile(
    r"字幕(?:由|by|志愿者|组|提供|製作|制作)|amara|明镜与点点|明鏡與點點|点赞订阅转发|不吝点赞|打赏支持|优优独播|中文字幕"
    r"|subtitlesby|captionsby|transcribedby|subtitlescreated"
)
# Said in talks as well: imagined only where the sound does not bear them out.
_farewells = re.compile(
    r"^(?:(?:谢谢|感谢)(?:大家|您|你们)?(?:的)?(?:观看|收看|收听|聆听)?(?:再见)?|请订阅.{0,8}|thank(?:s|you)(?:so|very)?(?:much)?(?:forwatching|forlistening)?"
    r"|pleasesubscribe.{0,20}|seeyou.{0,20}|you|bye(?:bye)?|music|音乐|掌声|applause)$"
)


def loop_in(words: Sequence[Word]) -> tuple[int, int, int] | None:
    """The first loop: (index of its first word, words in the phrase, how often it is said); None when there is none.

    A phrase of up to three letters must come twice as often: people do say 对对对对.
    """
    texts = [bare(word.text) for word in words]
    for first in range(len(texts)):
        for size in range(1, min(20, (len(texts) - first) // REPEATS) + 1):
            phrase = texts[first : first + size]
            count = 1
            while texts[first + count * size : first + (count + 1) * size] == phrase:
                count += 1
            if count >= (REPEATS if sum(map(len, phrase)) > 3 else 2 * REPEATS):
                return first, size, count
    return None


def unloop(words: Sequence[Word]) -> list[Word]:
    """The words with each loop said once."""
    kept = list(words)
    while loop := loop_in(kept):
        first, size, count = loop
        del kept[first + size : first + size * count]
    return kept


def doubtful(heard: Sequence[Heard]) -> bool:
    """Whether a clip should be listened to again: it loops or repeats itself."""
    return any(part.packed > PACKED or loop_in(part.words) is not None for part in heard)


def sane(heard: Sequence[Heard], length: Ms) -> bool:
    """Whether a second hearing may be believed: sure enough, no loop, no credits, a pace people can speak at."""
    words = [word for part in heard for word in part.words]
    if not words or doubtful(heard):
        return False
    said = bare("".join(word.text for word in words))
    pace = len(said) * 1000 / max(1, length)
    confidence = sum(word.confidence for word in words) / len(words)
    return confidence >= SANE and 0.3 <= pace <= 30 and not _credits.search(said) and not _farewells.match(said)


def imagined(part: Heard, words: Sequence[Word], pauses: Sequence[Span]) -> bool:
    """Whether a part was not said: nobody speaks and it is unsure, subtitle credits, or a farewell into silence.

    `words` are the part's with the recording's times.
    """
    if part.silent > SILENT and part.sure < SURE:
        return True
    said = bare("".join(word.text for word in words))
    if _credits.search(said):
        return True
    if not _farewells.match(said):
        return False
    confidence = sum(word.confidence for word in words) / max(1, len(words))
    quiet = sum(pause.overlap(word) for word in words for pause in pauses if pause.overlap(word))
    long = sum(word.length for word in words)
    return part.silent > SILENT or confidence < SANE or quiet > long // 2


def swallowed(speech: Sequence[Span], words: Sequence[Word], pauses: Sequence[Span]) -> list[Span]:
    """Stretches of speech without words, each with at least 3 s of sound in it."""
    found: list[Span] = []
    for stretch in speech:
        at = stretch.start
        inside = [word for word in words if word.overlap(stretch)]
        for edge, resume in [*((word.start, word.end) for word in inside), (stretch.end, stretch.end)]:
            if edge - at >= SWALLOWED:
                gap = Span(start=at, end=edge)
                if gap.length - sum(pause.overlap(gap) for pause in pauses) >= SWALLOWED:
                    found.append(gap)
            at = max(at, resume)
    return found
