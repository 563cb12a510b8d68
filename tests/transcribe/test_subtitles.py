"""Subtitles handed in become a transcript; nobody listens."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from repurpose.context import Context
from repurpose.errors import UserError
from repurpose.models import Sound, Source, Transcript, Vocabulary
from repurpose.presets import TranscribePreset
from repurpose.store import FolderStore
from repurpose.transcribe.transcribe import transcribe

SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "media"


def read(data: bytes, tmp_path: Path, language: str = "") -> Transcript:
    store = FolderStore(tmp_path / "store")
    blob = store.put_bytes(data, ".srt")
    source = Source(files=(blob,), names=("talk.mp4",), subtitles=blob)
    ctx = Context(tmp_path, store)
    return transcribe(source, Sound(speech=None), Vocabulary(language=language), TranscribePreset(), ctx)


def test_entries_run_on_until_a_stop(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:03,000\n供應鏈預測讓\n\n2\n00:00:03,000 --> 00:00:05,000\n庫存降低了40%。下一\n\n"
        "3\n00:00:05,100 --> 00:00:06,000\n個問題。\n\n4\n00:00:20,000 --> 00:00:21,000\n好的。\n"
    )
    found = read(text.encode("gb18030"), tmp_path)
    assert found.language == "zh" and found.backend == "subtitles"
    assert [sentence.text for sentence in found.sentences] == ["供应链预测让库存降低了40%。", "下一个问题。", "好的。"]
    assert found.sentences[0].start == 1000
    assert all(before.end <= after.start for before, after in pairwise(found.sentences))
    words = [word for sentence in found.sentences for word in sentence.words]
    assert all(before.end <= after.start for before, after in pairwise(words))


def test_english_with_speakers(tmp_path: Path) -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ann>We saved\n\n00:03.000 --> 00:04.000\n<v Ann>20 percent.\n\n"
        "00:04.000 --> 00:05.000\n<v Bob>Really?\n"
    )
    found = read(text.encode(), tmp_path)
    assert [(one.text, one.speaker) for one in found.sentences] == [("We saved 20 percent.", "Ann"), ("Really?", "Bob")]
    assert [word.text for word in found.sentences[0].words] == ["We", "saved", "20", "percent."]


def test_overlapping_and_rolling_entries(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:04,000\nOne two.\n\n2\n00:00:03,000 --> 00:00:05,000\nThree four.\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\nThree four.\n"
    )
    found = read(text.encode(), tmp_path)
    assert [(one.start, one.end, one.text) for one in found.sentences] == [
        (1000, 3000, "One two."),
        (3000, 6000, "Three four."),
    ]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no subtitles"):
        read(b"hello", tmp_path)


@pytest.mark.shared
def test_a_real_srt(tmp_path: Path) -> None:
    path = SHARED / "autocut_test_zh.srt"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    found = read(path.read_bytes(), tmp_path)
    assert found.sentences and all(sentence.words for sentence in found.sentences)
