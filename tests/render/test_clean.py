"""A noisy room cleaned up (`denoise = true`): the noise is lower in pauses, the voice is as it was, nothing moves or clicks."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
from numpy.typing import NDArray

from repurpose import presets
from repurpose.media.audio import pcm
from repurpose.media.denoise import RUMBLE_HZ, denoised
from repurpose.media.smartcut import smart_cut
from repurpose.media.soundcut import Stretch, taken
from repurpose.models import Bumpers, Chapters, EditDecisionList, Faces, Layout, Span, Translation
from repurpose.presets import RenderPreset
from repurpose.render.drawing import draw
from tests.matrix import quick_first
from tests.media import RATE, SHARED, context, make_clock, read_clock, recording_of
from tests.media.test_soundcut import decoded, in_blocks, peak_db, speech
from tests.render.test_drawing import BRAND, EVENT, TAKE, TALL, layout, said

Samples = NDArray[np.float32]
SECONDS = 16
FADE = 576  # samples: 12 ms


def place() -> NDArray[np.float64]:
    """Where in its four seconds each sample lies, in seconds: the voice pauses in the last."""
    return np.arange(SECONDS * RATE) / RATE % 4


def voice() -> Samples:
    """Someone who talks for three seconds and pauses for one [n, 1]."""
    made = np.tanh(4 * speech(SECONDS, seed=3)) * 0.2  # with as little between its peaks and its mean as talk has
    return (made * (place() < 3)).astype(np.float32)[:, None]


def noise(below_db: float, kind: str = "hiss") -> Samples:
    """A room's noise so far below the voice [n, 1]: even over all frequencies, or falling as that of a fan with its hum."""
    made = np.random.default_rng(7).standard_normal(SECONDS * RATE)
    if kind == "fan":
        spectrum = np.fft.rfft(made)
        hertz = np.fft.rfftfreq(len(made), 1 / RATE)
        made = np.fft.irfft(spectrum / (1 + hertz / 150), len(made))
        made += made.std() * np.sin(2 * np.pi * 100 * np.arange(len(made)) / RATE)
    return (made / made.std() * voice().std() * 10 ** (-below_db / 20)).astype(np.float32)[:, None]


def level(samples: Samples) -> float:
    return float(20 * np.log10(np.sqrt(np.square(samples.astype(np.float64)).mean()) + 1e-12))


def clean(samples: Samples) -> Samples:
    return np.concatenate(list(denoised(in_blocks(samples, [9001, 700, 48_000]), samples.shape[1])))


@pytest.mark.parametrize("kind", quick_first(["hiss", "fan"]))
@pytest.mark.parametrize("below", quick_first([10, 15, 20, 30]))
def test_pauses_get_quiet_and_the_voice_stays(below: int, kind: str) -> None:
    room = noise(below, kind)
    made = clean(voice() + room)
    pause, talk = (place() > 3.1) & (place() < 3.9), place() < 3
    assert made.shape == room.shape
    assert level(made[pause]) <= level(room[pause]) - 10
    assert level(made[talk]) == pytest.approx(level(voice()[talk]), abs=1)
    if below <= 15:  # and is nearer to what was said than before
        assert level(made[talk] - voice()[talk]) < level(room[talk])
    assert lag(made, voice()) == 0


def lag(made: Samples, meant: Samples) -> int:
    """By how many samples `made` comes late, second by second the same."""
    found = set()
    for at in range(RATE, len(meant) - RATE, RATE):
        if level(meant[at : at + RATE]) < -60:
            continue
        fits = [
            float(made[at + k : at + k + RATE].sum(axis=1) @ meant[at : at + RATE].sum(axis=1)) for k in range(-9, 10)
        ]
        found.add(int(np.argmax(fits)) - 9)
    assert len(found) == 1, found
    return found.pop()


@pytest.mark.parametrize("count", quick_first([0, 961, 48_001, 1, 500, 960, 4800, 48_000, 240_960, 300_001], 3))
def test_not_a_sample_more_or_less_however_it_comes(count: int) -> None:
    noisy = np.repeat((voice() + noise(20))[:count], 2, axis=1)
    made = [np.zeros((0, 2), np.float32), *denoised(in_blocks(noisy, [333, 70_000]), 2)]
    again = [np.zeros((0, 2), np.float32), *denoised(iter([noisy]), 2)]
    assert np.concatenate(made).shape == noisy.shape
    assert np.array_equal(np.concatenate(made), np.concatenate(again))


@pytest.mark.slow
def test_both_sides_are_turned_down_alike() -> None:
    noisy = (voice() + noise(20)) * np.array([1.0, 0.25], np.float32)
    made = clean(noisy)
    assert np.abs(made[:, 0] * np.float32(0.25) - made[:, 1]).max() < 1e-6


def test_silence_and_a_voice_in_a_quiet_room_stay_as_they_are() -> None:
    assert np.abs(clean(np.zeros((3 * RATE, 1), np.float32))).max() == 0
    made = clean(voice())
    assert level(made) == pytest.approx(level(voice()), abs=0.2)
    assert level(made[(place() > 3.1) & (place() < 3.9)]) < -100


def test_rumble_is_gone_and_a_low_voice_is_not() -> None:
    at = np.arange(6 * RATE) / RATE
    for hertz, least, most in ((25.0, -200, -20), (90.0, -1.5, 0.1), (RUMBLE_HZ * 2, -0.3, 0.1)):
        pulsed = (0.3 * np.sin(2 * np.pi * hertz * at) * (0.5 - 0.5 * np.cos(np.pi * at))).astype(np.float32)[:, None]
        assert least < level(clean(pulsed)) - level(pulsed) < most, hertz


@pytest.mark.slow
def test_joints_do_not_click() -> None:
    """Cut in the middle of words and of noise: no step at a joint is larger than those inside the sound."""
    cuts = [Stretch(7000, 50_000), Stretch(61_777, 33_333), Stretch(140_000, 2000), Stretch(150_001, 300_001)]
    for below in (10, 30):
        faded = taken(in_blocks(voice() + noise(below), [5000]), cuts, 1, FADE)
        made = np.concatenate(list(denoised(faded, 1)))[:, 0]
        assert len(made) == sum(each.count for each in cuts)
        steps, bends = np.abs(np.diff(made)), np.abs(np.diff(made, 2))
        for joint in list(accumulate(each.count for each in cuts))[:-1]:
            near = slice(joint - 48, joint + 48)
            assert steps[near].max() < np.quantile(steps, 0.95)
            assert bends[near].max() < np.quantile(bends, 0.95)
        assert np.abs(made[[0, -1]]).max() < 0.002


SPANS = (Span(start=400, end=6200), Span(start=8040, end=15_200))
EDL = EditDecisionList(cut="1min", take=2, title="The point", spans=SPANS)


@pytest.mark.slow
@pytest.mark.parametrize("drawn", [False, True], ids=["plain", "drawn"])
def test_a_file_is_cleaned_where_its_render_asks_for_it(drawn: bool, tmp_path: Path) -> None:
    heard = {}
    for denoise in (False, True):
        path = whole_file(tmp_path / str(denoise), drawn, denoise)
        heard[denoise] = decoded(path)
        assert drawn or len(read_clock(path)) == 324
    noisy, made = heard[False], heard[True]
    assert made.shape == noisy.shape
    where = np.concatenate([place()[each.start * 48 : each.end * 48] for each in SPANS])
    where = np.pad(where, (0, max(0, len(made) - len(where))), constant_values=2.0)[: len(made)]
    pause, talk = (where > 3.1) & (where < 3.9), where < 3
    assert level(made[pause]) - level(made[talk]) <= level(noisy[pause]) - level(noisy[talk]) - 10
    assert level(made[talk]) == pytest.approx(level(noisy[talk]), abs=1)
    assert lag(made, noisy) == 0
    assert pyloudnorm.Meter(RATE).integrated_loudness(made) == pytest.approx(-16, abs=1)
    assert peak_db(made) <= -1.5


def whole_file(folder: Path, drawn: bool, denoise: bool) -> Path:
    """A cut of a noisy recording, plain or drawn."""
    folder.mkdir()
    ctx = context(folder)
    source = make_clock(folder / "in.mp4", SECONDS * 25, gop=50, sound_of=(voice() + noise(15))[:, 0])
    recording = recording_of(source, ctx)
    if not drawn:
        gain = -16.0 - pyloudnorm.Meter(RATE).integrated_loudness(voice() + noise(15))
        render = RenderPreset(name="landscape", denoise=denoise)
        smart_cut(recording, EDL, folder / "cut.mp4", gain_db=gain, render=render, ctx=ctx)
        return folder / "cut.mp4"
    first = layout().scenes[0]
    scenes = tuple(first.model_copy(update={"start": each.start, "end": each.end}) for each in SPANS)
    render = TALL.model_copy(update={"denoise": denoise, "intro": 0, "outro": 0})
    film = draw(
        EVENT, BRAND, Translation(), recording, said(), Chapters(), EDL,
        Layout(width=320, height=480, scenes=scenes), Faces(), Bumpers(), TAKE, render, ctx,
    )  # fmt: skip
    return ctx.store.path(film.video)


def test_it_is_off_unless_asked_for() -> None:
    assert not any(render.denoise for render in presets.load().render.values())


@pytest.mark.shared
def test_a_real_voice_in_noise(tmp_path: Path) -> None:
    path = SHARED / "media" / "en_jfk_11s.flac"
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    spoken = np.concatenate(list(pcm(path, RATE, 1)))
    room = (np.random.default_rng(7).standard_normal(spoken.shape) * spoken.std() * 10 ** (-15 / 20)).astype(np.float32)
    made = clean(spoken + room)
    tenths = len(spoken) // 4800
    loud = np.array([level(part) for part in spoken[: tenths * 4800].reshape(tenths, -1)])
    result = np.array([level(part) for part in made[: tenths * 4800].reshape(tenths, -1)])
    talk, pause = loud > level(spoken) - 3, loud < level(room) - 12
    assert talk.sum() > 10
    assert np.abs(np.mean(result[talk] - loud[talk])) < 1
    assert np.mean(result[pause]) <= level(room) - 10, (pause.sum(), result[pause])
    assert lag(made, spoken) == 0
