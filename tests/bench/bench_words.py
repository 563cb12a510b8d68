"""How well and how fast we listen, beside plain faster-whisper in the same run: same weights, same settings, same sound.

python -m tests.bench.bench_words                 # both talks, whole
python -m tests.bench.bench_words zh --minutes 5  # the start of one
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import jiwer
import numpy as np

from repurpose.context import Context
from repurpose.ingest.sound import listen as prepare_sound
from repurpose.media.audio import pcm
from repurpose.media.flac import write_flac
from repurpose.models import Recording, Sound, VideoFacts
from repurpose.presets import TranscribePreset
from repurpose.store import FolderStore
from repurpose.transcribe.backend import RATE
from repurpose.transcribe.faster_whisper import FasterWhisper, load
from repurpose.transcribe.transcribe import listen
from tests.bench.folding import fold_en, fold_zh

MEDIA = Path(__file__).parent.parent.parent.parent / "shared" / "media"
TALKS = {"zh": "zh_talk_35min", "en": "en_talk_19min"}
THREADS = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("languages", nargs="*", default=list(TALKS), help="zh, en")
    parser.add_argument("--minutes", type=float, default=0, help="only the start of each talk")
    chosen = parser.parse_args()
    if not MEDIA.exists():
        print(f"  {MEDIA} is not there: nothing is measured")
        return
    preset = TranscribePreset()
    backend = load(preset, THREADS)
    with tempfile.TemporaryDirectory() as folder:
        for language in chosen.languages:
            measure(backend, preset, language, chosen.minutes * 60, Path(folder))


def measure(backend: FasterWhisper, preset: TranscribePreset, language: str, seconds: float, folder: Path) -> None:
    segments = json.loads((MEDIA / f"{TALKS[language]}.segments.json").read_text("utf-8"))
    if seconds:
        segments = [segment for segment in segments if segment["end"] <= seconds]
    length = segments[-1]["end"] + 0.2
    reference = (" " if language == "en" else "").join(segment["text"] for segment in segments)
    sound, ctx = sound_of(TALKS[language], length, folder)
    assert sound.speech is not None
    speech = ctx.store.path(sound.speech)
    samples = np.concatenate([block[:, 0] for block in pcm(speech, RATE)])

    began, spent = time.perf_counter(), time.process_time()
    plain, _ = backend._batched.transcribe(
        samples, language=language, batch_size=preset.batch, beam_size=preset.beam, word_timestamps=True
    )
    plain_text = "".join(segment.text for segment in plain)
    plain_wall, plain_cpu = time.perf_counter() - began, time.process_time() - spent

    began, spent = time.perf_counter(), time.process_time()
    ours = listen(backend, speech, sound, language, (), preset.window, ctx)
    ours_text = (" " if language == "en" else "").join(sentence.text for sentence in ours.sentences)
    ours_wall, ours_cpu = time.perf_counter() - began, time.process_time() - spent

    kind = "CER" if language == "zh" else "WER"
    print(f"{TALKS[language]}, {length / 60:.1f} min, {THREADS} threads, {preset.model}, batch {preset.batch}")
    for name, text, wall, cpu in (
        ("plain", plain_text, plain_wall, plain_cpu),
        ("ours", ours_text, ours_wall, ours_cpu),
    ):
        print(
            f"  {name:6} {kind} {rate(reference, text, language):.4f}   wall {wall:6.1f} s ({length / wall:5.1f}x)   cpu {cpu:6.1f} s"
        )
    print(f"  ratio wall {ours_wall / plain_wall:.3f}, cpu {ours_cpu / plain_cpu:.3f}; {len(ours.sentences)} sentences")
    for note in ours.notes:
        print(f"  note: {note}")


def rate(reference: str, heard: str, language: str) -> float:
    """Character error rate for Chinese, word error rate for English, both sides folded alike."""
    if language == "zh":
        found: Any = jiwer.cer(fold_zh(reference), fold_zh(heard))
    else:
        found = jiwer.wer(fold_en(reference), fold_en(heard))
    return float(found)


def sound_of(talk: str, seconds: float, folder: Path) -> tuple[Sound, Context]:
    """The start of a talk as the pipeline hands it to the listener."""
    store = FolderStore(folder / "store")
    ctx = Context(folder, store, threads=THREADS)
    track = folder / f"{talk}.flac"
    left = round(seconds * 48_000)

    def start() -> Any:
        nonlocal left
        for block in pcm(MEDIA / f"{talk}.mp4", 48_000):
            yield block[:left]
            left -= len(block)
            if left <= 0:
                return

    write_flac(start(), track, 48_000, 1)
    facts = VideoFacts(codec="h264", width=2, height=2, rate_num=25, rate_den=1, smart_cut=False)
    recording = Recording(media=store.put_file(track), duration=round(seconds * 1000), video=facts, has_audio=True)
    return prepare_sound(recording, ctx), ctx


if __name__ == "__main__":
    main()
