"""A landscape cut by us and by one ffmpeg command that encodes the same EDL: wall and processor time, and the ratio.

python -m tests.bench.bench_cut                        # both kinds of recording, a 30-minute cut of the 35-minute talk
python -m tests.bench.bench_cut --kind live --minutes 6   # the first 6 minutes only
python -m tests.bench.bench_cut --edl 30min.json       # an EDL of your own

`live` is a live-stream recording, a key frame every 2 s (made from the talk once, kept in the temporary folder); `long`
is the talk as it is, a key frame every 250 frames.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import av

from repurpose.context import Context
from repurpose.media import ffmpeg
from repurpose.media.gate import gate
from repurpose.media.smartcut import Cut, smart_cut
from repurpose.models import EditDecisionList, Recording, Span
from repurpose.presets import RenderPreset
from repurpose.store import FolderStore
from tests.media import SHARED, recording_of

TALK = SHARED / "media" / "zh_talk_35min.mp4"
SPOKEN = SHARED / "media" / "zh_talk_35min.segments.json"
KEPT = 30 / 35  # of the recording
NEAR_MS = 6000  # how far an edge may look for a pause near a key frame
BEFORE_S = {"live": 15.0, "long": 4.0}  # how many times faster ours must be


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--kind", choices=["live", "long", "both"], default="both")
    asked.add_argument("--minutes", type=float, default=0, help="only so much of the recording; 0 is all of it")
    asked.add_argument("--spans", type=int, default=24, help="how many stretches the cut has")
    asked.add_argument("--edl", type=Path, help="an EDL instead of the one made here")
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--alone", action="store_true", help="ours only, without the peer")
    given = asked.parse_args()
    if not TALK.exists():
        print(f"  {TALK} is not there: nothing is measured")
        return
    folder = Path(tempfile.gettempdir()) / "repurpose-bench"
    folder.mkdir(exist_ok=True)
    for kind in ("live", "long") if given.kind == "both" else (given.kind,):
        source = source_for(kind, given.minutes, folder)
        with tempfile.TemporaryDirectory(dir=folder) as work:
            compare(kind, source, given, Path(work))


def compare(kind: str, source: Path, given: Any, work: Path) -> None:
    (work / "scratch").mkdir()
    ctx = Context(work / "scratch", FolderStore(work / "store"), threads=given.threads)
    recording = recording_of(source, ctx)
    edl = (
        EditDecisionList.model_validate_json(given.edl.read_text())
        if given.edl
        else edl_for(source, recording, given.spans)
    )
    print(f"{kind}: {len(edl.spans)} stretches, {edl.length / 1000:.0f} s of {recording.duration / 1000:.0f} s")
    target = work / "ours.mp4"

    def ours() -> Cut:
        cut = smart_cut(recording, edl, target, gain_db=4.0, render=RenderPreset(name="landscape"), ctx=ctx)
        gate(target, duration=cut.edl.length, video=True, audio=True)
        return cut

    cut, our_s, our_cpu = timed(ours)
    print(f"{kind}: ours {our_s:.1f} s ({our_cpu:.1f} s of processor), {cut.copied:.1%} copied {cut.note}")
    if given.alone:
        return
    _, peer_s, peer_cpu = timed(lambda: encode(source, edl, work / "peer.mp4", given.threads))
    print(
        f"{kind}: peer {peer_s:.1f} s, ours {our_s:.1f} s, ratio {peer_s / our_s:.1f} (wanted {BEFORE_S[kind]:.0f}); "
        f"processor {peer_cpu:.1f} s, {our_cpu:.1f} s, ratio {peer_cpu / our_cpu:.1f}"
    )


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What `work` returns, its wall time, and the processor time of this process and those it started."""
    before, began = os.times(), time.perf_counter()
    found = work()
    after = os.times()
    return found, time.perf_counter() - began, sum(after[:4]) - sum(before[:4])


def encode(source: Path, edl: EditDecisionList, target: Path, threads: int) -> None:
    """The peer: one ffmpeg command, x264 veryfast and AAC, the picture and the sound of the same stretches."""
    inside = "+".join(f"between(t,{span.start / 1000},{(span.end - 1) / 1000})" for span in edl.spans)
    ffmpeg.run(
        *("-threads", str(threads), *ffmpeg.opened(source)),
        *("-vf", f"select='{inside}',setpts=N/FRAME_RATE/TB", "-af", f"aselect='{inside}',asetpts=N/SR/TB"),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-c:a", "aac", "-b:a", "96k"),
        *("-threads", str(threads), "-movflags", "+faststart", target),
        stall_s=600,
    )


def source_for(kind: str, minutes: float, folder: Path) -> Path:
    """The recording, or its first minutes; the live kind encoded anew with a key frame every 2 s."""
    if kind == "long" and not minutes:
        return TALK
    path = folder / f"{kind}-{minutes or 'all'}.mp4"
    if not path.exists():
        print(f"making {path}", flush=True)
        draft = path.with_name(f"draft-{path.name}")
        length = ("-t", str(minutes * 60)) if minutes else ()
        pictures = (
            (
                "-c:v",
                "libx264",
                "-preset",
                "veryfast",
                "-crf",
                "23",
                "-g",
                "50",
                "-keyint_min",
                "50",
                "-sc_threshold",
                "0",
            )
            if kind == "live"
            else ("-c:v", "copy")
        )
        ffmpeg.run(*ffmpeg.opened(TALK), *length, *pictures, "-c:a", "copy", draft, stall_s=600)
        draft.rename(path)
    return path


def edl_for(source: Path, recording: Recording, count: int) -> EditDecisionList:
    """`count` stretches of whole sentences that keep 30 of 35 minutes, each begun in the pause nearest a key frame."""
    said = [(round(one["start"] * 1000), round(one["end"] * 1000)) for one in json.loads(SPOKEN.read_text())]
    pauses = [(a[1] + b[0]) // 2 for a, b in pairwise(said) if b[0] < recording.duration]
    with av.open(str(source)) as container:
        stream = container.streams.video[0]
        keys = [
            round(packet.pts * packet.time_base * 1000)
            for packet in container.demux(stream)
            if packet.is_keyframe and packet.pts is not None
        ]
    step = recording.duration // count
    spans, free = [], 0
    for k in range(count):
        wanted = max(free, k * step)
        near = [at for at in pauses if wanted <= at < wanted + NEAR_MS] or [wanted]
        start = min(near, key=lambda at: min((key - at for key in keys if key >= at), default=1 << 40))
        end = min([at for at in pauses if at > start + step * KEPT] or [recording.duration])
        if start < end <= recording.duration:
            spans.append(Span(start=start, end=end))
            free = end
    return EditDecisionList(cut="30min", spans=tuple(spans))


if __name__ == "__main__":
    main()
