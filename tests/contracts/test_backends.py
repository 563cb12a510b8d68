"""Every listening backend keeps the same contract, on real speech and on none."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from repurpose.context import Context
from repurpose.media.audio import pcm
from repurpose.media.flac import write_flac
from repurpose.models import Sound, Span, Transcript
from repurpose.presets import TranscribePreset
from repurpose.store import FolderStore
from repurpose.text.join import join_words
from repurpose.text.signs import bare
from repurpose.transcribe.backend import BACKENDS, RATE, Backend, Samples, open_backend
from repurpose.transcribe.transcribe import listen
from repurpose.transcribe.weights import resolve

SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "media"
NEEDS = {"faster_whisper": "faster_whisper", "openai_whisper": "whisper"}


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return resolve("base", tmp_path_factory.mktemp("weights"))


@cache
def opened(name: str, folder: Path) -> Backend:
    return open_backend(TranscribePreset(backend=name, model=str(folder)), 2)


@pytest.fixture(params=list(BACKENDS))
def backend(request: pytest.FixtureRequest, weights: Path) -> Backend:
    name: str = request.param
    if importlib.util.find_spec(NEEDS[name]) is None:
        pytest.skip(f"{NEEDS[name]} is not installed: pip install openai-whisper")
    return opened(name, weights)


def clip(name: str) -> Samples:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return np.concatenate([block[:, 0] for block in pcm(path, RATE)])


def transcript(
    backend: Backend, samples: Samples, tmp_path: Path, language: str = "", pauses: Sequence[Span] = ()
) -> Transcript:
    store = FolderStore(tmp_path / "store")
    write_flac([samples[:, None]], tmp_path / "speech.flac", RATE, 1)
    sound = Sound(
        speech=store.put_file(tmp_path / "speech.flac"),
        loudness=(-20.0,) * (len(samples) * 10 // RATE),
        integrated=-20.0,
        pauses=tuple(pauses),
    )
    assert sound.speech is not None
    ctx = Context(tmp_path, store)
    return listen(backend, store.path(sound.speech), sound, language, (), 60_000, ctx)


def whole(found: Transcript, length: int) -> None:
    """What holds for every transcript."""
    words = [word for sentence in found.sentences for word in sentence.words]
    assert all(before.end <= after.start for before, after in pairwise(words))
    assert all(before.end <= after.start for before, after in pairwise(found.sentences))
    assert not words or words[-1].end <= length
    for sentence in found.sentences:
        assert sentence.words and (sentence.start, sentence.end) == (sentence.words[0].start, sentence.words[-1].end)
        assert sentence.text == join_words([word.text for word in sentence.words], found.language)


@pytest.mark.shared
def test_a_sentence_in_english(backend: Backend, tmp_path: Path) -> None:
    samples = clip("en_jfk_11s.flac")
    found = transcript(backend, samples, tmp_path)
    whole(found, len(samples) * 1000 // RATE)
    assert found.language == "en" and found.backend == backend.name
    text = bare("".join(sentence.text for sentence in found.sentences))
    assert "asknotwhatyourcountrycandoforyou" in text and "whatyoucandoforyourcountry" in text
    country = next(word for sentence in found.sentences for word in sentence.words if bare(word.text) == "country")
    assert 3800 < country.start < 5800


@pytest.mark.shared
@pytest.mark.slow
def test_mandarin_is_simplified_with_marks(backend: Backend, tmp_path: Path) -> None:
    samples = clip("zh_azure_continuous_53s.wav")
    found = transcript(backend, samples, tmp_path)
    whole(found, len(samples) * 1000 // RATE)
    assert found.language == "zh"
    text = "".join(sentence.text for sentence in found.sentences)
    assert len(found.sentences) >= 3 and text.count("。") >= 2 and not set("這個們說來會") & set(text)
    assert all(
        len(word.text.rstrip("，。？！、")) <= 4 for s in found.sentences for word in s.words if not word.text.isascii()
    )


@pytest.mark.shared
def test_one_answer_for_each_clip(backend: Backend) -> None:
    samples = clip("en_jfk_11s.flac")
    clips = [samples, np.zeros(RATE, np.float32), samples[: 5 * RATE]]
    heard = list(backend.listen(clips, "en", ""))
    assert len(heard) == 3
    for parts, given in zip(heard, clips, strict=True):
        for part in parts:
            assert all(0 <= word.start < word.end <= len(given) * 1000 // RATE + 1 for word in part.words)
    said = [bare("".join(word.text for part in parts for word in part.words)) for parts in heard]
    assert "askwhatyoucando" in said[0] and "fellow" in said[2] and "fellow" not in said[1]


@pytest.mark.shared
def test_listening_again(backend: Backend) -> None:
    heard = backend.listen_again(clip("en_jfk_11s.flac"), "en")
    assert "asknotwhat" in bare("".join(word.text for part in heard for word in part.words))


@pytest.mark.parametrize("kind", ["silence", "noise"])
def test_nobody_speaks(backend: Backend, kind: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    level = {"silence": 0.0, "noise": 0.003}[kind]
    samples = (rng.standard_normal(RATE * 20) * level).astype(np.float32)
    found = transcript(backend, samples, tmp_path)
    assert found.language == "" and found.sentences == ()


def test_no_clips(backend: Backend) -> None:
    assert list(backend.listen([], "en", "")) == []
