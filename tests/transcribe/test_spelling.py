"""The transcript is spelled as the slides of that moment show it; times and words stay."""

from __future__ import annotations

from pathlib import Path

from repurpose.context import Context
from repurpose.models import Blob, Sentence, Slide, Slides, Transcript, Vocabulary, Word
from repurpose.store import FolderStore
from repurpose.transcribe.spelling import as_shown

PAGES = Slides(
    pages=(
        Slide(start=0, end=10_000, image=Blob(digest="0" * 64, suffix=".jpg", size=1), text="回放不是录像，回放是资产"),
        Slide(start=10_000, end=60_000, image=Blob(digest="1" * 64, suffix=".jpg", size=1), text="谢谢"),
    )
)


def sentence(start: int, *texts: str) -> Sentence:
    words = tuple(
        Word(start=start + 500 * at, end=start + 500 * at + 400, text=text, confidence=0.6)
        for at, text in enumerate(texts)
    )
    return Sentence(start=start, end=words[-1].end, text="".join(texts), words=words)


def shown(tmp_path: Path, heard: Transcript) -> Transcript:
    return as_shown(heard, PAGES, Vocabulary(), Context(tmp_path, FolderStore(tmp_path / "store")))


def test_only_while_the_slide_is_there(tmp_path: Path) -> None:
    said = sentence(1000, "回放", "不是", "路向，", "OK"), sentence(40_000, "回放", "不是", "路向。")
    found = shown(tmp_path, Transcript(language="zh", sentences=said, backend="faster-whisper base"))
    first, last = found.sentences
    assert first.text == "回放不是录像，OK"
    assert [word.text for word in first.words] == ["回放", "不是", "录像，", "OK"]
    assert [(word.start, word.end, word.confidence) for word in first.words] == [
        (word.start, word.end, word.confidence) for word in said[0].words
    ]
    assert last == said[1]
    assert found.notes == ("spelled as shown on the slides: 路向， → 录像，",)


def test_what_somebody_wrote_or_said_in_another_language_stays(tmp_path: Path) -> None:
    said = (sentence(1000, "回放", "不是", "路向"),)
    for language, backend in (("zh", "subtitles"), ("yue", "faster-whisper base"), ("en", "faster-whisper base")):
        heard = Transcript(language=language, sentences=said, backend=backend)
        assert shown(tmp_path, heard) == heard
