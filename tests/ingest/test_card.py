"""The title card: whatever is written on it stays on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from repurpose.ingest.card import MARGIN, draw_card
from repurpose.models import TitleCard

CARDS = {
    "zh": TitleCard(
        title="如何让一场直播回放在六个月里持续带来线索", lines=("2026-11-21", "周岚 · 市场副总裁 · 某某科技")
    ),
    "en": TitleCard(title="How one replay keeps working for six months", lines=("2026-11-21", "Zhou Lan")),
    "long": TitleCard(title="线索评分与 OneID 如何一起工作，" * 20, lines=("x" * 400,) * 20),
    "one word": TitleCard(title="Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 2),
    "short": TitleCard(title="A"),
}


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize(
    "size",
    [(1920, 1080), *(pytest.param(size, marks=pytest.mark.slow) for size in ((1280, 720), (1080, 1920), (640, 640)))],
)
def test_text_stays_within_the_margins(card: str, size: tuple[int, int], tmp_path: Path) -> None:
    draw_card(CARDS[card], *size, tmp_path / "card.png")
    with Image.open(tmp_path / "card.png") as image:
        light = np.asarray(image.convert("L"), int)
    assert light.shape == size[::-1]
    rows, columns = np.nonzero(light > 60)
    edge = round(MARGIN * size[1] / 1080) - 4
    assert rows.min() >= edge
    assert rows.max() < size[1] - edge
    assert columns.min() >= edge
    assert columns.max() < size[0] - edge
    assert len(rows) > 300 or card == "short"
