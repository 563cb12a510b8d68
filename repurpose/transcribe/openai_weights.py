"""The reference backend's model from the weights we already have: CTranslate2 tensors, renamed and unfused.

openai-whisper reads its own checkpoints, which need a download. The tensors of a CTranslate2 folder are the same numbers
in another order (query, key and value of an attention are stacked in one matrix), so the model can be built from them
offline.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from repurpose.errors import UserError

if TYPE_CHECKING:
    import whisper

# CTranslate2's number for each storage type (its python/ctranslate2/specs/model_spec.py, binary version 6).
_TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
Tensors = dict[str, NDArray[Any]]


def load(folder: Path) -> whisper.Whisper:
    """An openai-whisper model with the weights of a CTranslate2 folder. Raises UserError when they are of another kind."""
    import torch
    import whisper

    tensors = read_tensors(folder / "model.bin")
    state = {name: torch.from_numpy(np.ascontiguousarray(value, dtype=np.float32)) for name, value in rename(tensors)}
    audio_layers, text_layers = _layers(tensors, "encoder"), _layers(tensors, "decoder")
    mels, width = state["encoder.conv1.weight"].shape[1], state["encoder.conv1.weight"].shape[0]
    words, text_width = state["decoder.token_embedding.weight"].shape
    dimensions = whisper.model.ModelDimensions(
        n_mels=mels,
        n_audio_ctx=state["encoder.positional_embedding"].shape[0],
        n_audio_state=width,
        n_audio_head=width // 64,  # every Whisper size has heads of 64
        n_audio_layer=audio_layers,
        n_vocab=words,
        n_text_ctx=state["decoder.positional_embedding"].shape[0],
        n_text_state=text_width,
        n_text_head=text_width // 64,
        n_text_layer=text_layers,
    )
    model = whisper.Whisper(dimensions)
    model.load_state_dict(state, strict=True)
    heads = json.loads((folder / "config.json").read_text("utf-8")).get("alignment_heads")
    if heads:  # which cross-attention heads follow the words
        chosen = torch.zeros(text_layers, text_width // 64, dtype=torch.bool)
        for layer, head in heads:
            chosen[layer, head] = True
        model.register_buffer("alignment_heads", chosen.to_sparse(), persistent=False)
    return model.eval()


def read_tensors(path: Path) -> Tensors:
    """Every tensor of a CTranslate2 model file by its name, aliases left out."""
    with path.open("rb") as file:
        version = _number(file, "I")
        if version != 6:
            raise UserError(
                f"{path}: CTranslate2 binary version {version} is not known here. Convert the weights with CTranslate2 4."
            )
        kind = _text(file)
        if kind != "WhisperSpec":
            raise UserError(f"{path}: holds {kind}, not a Whisper model. Name a folder of Whisper weights.")
        _number(file, "I")  # revision
        found: Tensors = {}
        for _ in range(_number(file, "I")):
            name = _text(file)
            shape = [_number(file, "I") for _ in range(_number(file, "B"))]
            number = _number(file, "B")
            data = file.read(_number(file, "I"))
            if number not in _TYPES:
                raise UserError(
                    f"{path}: {name} is stored in a type openai-whisper cannot read. Use float16 or float32 weights."
                )
            found[name] = np.frombuffer(data, _TYPES[number]).reshape(shape)
    return found


def rename(tensors: Tensors) -> Iterator[tuple[str, NDArray[Any]]]:
    """The tensors under openai-whisper's names, stacked projections taken apart."""
    for name, value in tensors.items():
        if not name.startswith(("encoder/", "decoder/")):
            continue
        side, *path, last = name.split("/")
        if last in {"num_heads", "scale_embeddings", "pre_norm", "activation"} or not value.shape:
            continue
        yield from _place(side, path, last, value)


def _place(side: str, path: list[str], last: str, value: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    kind = {"gamma": "weight", "beta": "bias", "encodings": ""}.get(last, last)
    match path:
        case ["position_encodings"]:
            yield f"{side}.positional_embedding", value
        case ["embeddings"]:
            yield "decoder.token_embedding.weight", value
        case ["conv1" | "conv2" as conv]:
            yield f"{side}.{conv}.{kind}", value
        case ["layer_norm"]:
            yield f"{side}.{'ln_post' if side == 'encoder' else 'ln'}.{kind}", value
        case [layer, "ffn", part]:
            yield (
                f"{_block(side, layer)}.{ {'layer_norm': 'mlp_ln', 'linear_0': 'mlp.0', 'linear_1': 'mlp.2'}[part] }.{kind}",
                value,
            )
        case [layer, "self_attention" | "attention" as which, part]:
            ours = "attn" if which == "self_attention" else "cross_attn"
            if part == "layer_norm":
                yield f"{_block(side, layer)}.{ours}_ln.{kind}", value
                return
            for name, piece in _unstacked(which, part, value):
                if not (name == "key" and kind == "bias"):  # Whisper's keys have no bias; the stacked one holds zeros
                    yield f"{_block(side, layer)}.{ours}.{name}.{kind}", piece


def _unstacked(which: str, part: str, value: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    stacked = {
        ("self_attention", "linear_0"): ("query", "key", "value"),
        ("self_attention", "linear_1"): ("out",),
        ("attention", "linear_0"): ("query",),
        ("attention", "linear_1"): ("key", "value"),
        ("attention", "linear_2"): ("out",),
    }[which, part]
    yield from zip(stacked, np.split(value, len(stacked)), strict=True)


def _block(side: str, layer: str) -> str:
    return f"{side}.blocks.{layer.removeprefix('layer_')}"


def _layers(tensors: Tensors, side: str) -> int:
    return len(
        {
            name.split("/")[1]
            for name in tensors
            if name.startswith(f"{side}/layer_") and not name.startswith(f"{side}/layer_norm")
        }
    )


def _number(file: BinaryIO, kind: str) -> int:
    value: int = struct.unpack(f"<{kind}", file.read(struct.calcsize(f"<{kind}")))[0]
    return value


def _text(file: BinaryIO) -> str:
    return file.read(_number(file, "H")).rstrip(b"\0").decode()
