"""A smart-cut file plays through in a real browser, seams and all, without a decoding error."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from repurpose.media.smartcut import smart_cut
from repurpose.models import EditDecisionList, Span
from repurpose.presets import RenderPreset
from tests.media import context, make_clock, recording_of

PAGE = """<!doctype html><title>waiting</title><video id=v muted width=160></video><script>
const video = document.getElementById('v')
video.onerror = () => { document.title = 'error ' + video.error.code + ' ' + video.error.message }
video.onended = () => {
  const seen = video.getVideoPlaybackQuality()
  document.title = ['ended', video.currentTime, video.duration, seen.totalVideoFrames, seen.corruptedVideoFrames].join(' ')
}
video.src = 'cut.mp4'
video.play().catch(error => { document.title = 'refused ' + error })
</script>"""


@pytest.mark.browser
@pytest.mark.parametrize(("bframes", "gop"), [(0, 12), (3, 48)])
def test_chromium_plays_it_to_the_end(tmp_path: Path, chromium: Any, bframes: int, gop: int) -> None:
    source = make_clock(tmp_path / "in.mp4", 500, Fraction(25), gop=gop, bframes=bframes, x264="b-pyramid=normal")
    ctx = context(tmp_path)
    edges = sorted(random.Random(4).sample(range(0, 20_000, 40), 12))
    spans = tuple(Span(start=a, end=b) for a, b in zip(edges[::2], edges[1::2], strict=True))
    cut = smart_cut(
        recording_of(source, ctx),
        EditDecisionList(cut="x", spans=spans),
        tmp_path / "cut.mp4",
        gain_db=0,
        render=RenderPreset(name="landscape"),
        ctx=ctx,
    )
    assert cut.copied > 0.3
    (tmp_path / "page.html").write_text(PAGE)
    page = chromium.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_function("document.title !== 'waiting'", timeout=90_000)
    said = page.title()
    page.close()
    assert said.startswith("ended "), said
    at, length, _, corrupt = map(float, said.split()[1:])
    assert at == pytest.approx(cut.frames / 25, abs=0.1)
    assert length == pytest.approx(cut.frames / 25, abs=0.1)
    assert corrupt == 0
