"""The view PySceneDetect gets of a recording, and where it is asked to look."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from repurpose.media.glance import Glance, Packets, packets
from repurpose.slides.stream import GlanceStream, at_key, moments, unrest
from tests.slides.drawn import film, page, show

ONE, TWO = page("Growth", "Replays work for months"), page("Costs", "Hosting is cheap", "Editing is not")


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("stream") / "talk.mp4", show([(7, ONE), (5, TWO)]), 12, gop=40)


def test_the_stream_keeps_the_contract_of_video_streams(talk: Path) -> None:
    with Glance(talk, packets(talk)) as glance:
        stream = GlanceStream(glance, [0, 4000, 6000, 8000], 160, 12_000)
        assert (stream.frame_size, stream.frame_rate, stream.frame_number) == ((160, 90), 1000, 0)
        seen = []
        while (image := stream.read()) is not False:
            assert isinstance(image, np.ndarray)
            assert image.shape == (90, 160, 3)
            seen.append((stream.frame_number, stream.position.frame_num, stream.position_ms))
        assert [at for at, _, _ in seen] == [0, 4000, pytest.approx(6000, abs=300), 8000]
        assert all(at == position == milliseconds for at, position, milliseconds in seen)
        stream.seek(4000)
        assert stream.read(decode=False) is True
        assert stream.frame_number == 4000
        stream.reset()
        assert stream.frame_number == 0
        assert stream.duration.frame_num == 12_000


def test_a_still_is_the_frame_on_show(talk: Path) -> None:
    with Glance(talk, packets(talk)) as glance:
        assert [glance.still(at).at for at in (0, 50, 3990, 4000, 6950, 7010, 99_000, 120)] == [
            0,
            0,
            3900,
            4000,
            6900,
            7000,
            11_900,
            100,
        ]


def test_packets_say_when_the_picture_changed(talk: Path) -> None:
    cost = packets(talk)
    assert cost.at[cost.key].tolist() == [0, 4000, 8000]
    found = unrest(cost, 4000, 8000)
    assert found is not None
    assert found.peak == pytest.approx(7000, abs=300)
    assert unrest(cost, 8000, 12_000) is None


def test_a_key_frame_that_comes_early_after_quiet_is_where_it_changed() -> None:
    at = np.arange(0, 30_000, 100)
    keys = np.isin(at, (0, 10_000, 16_000, 26_000))
    cost = Packets(at, np.where(keys, 50_000, 100), keys)
    assert at_key(cost, 10_000, 16_000)
    assert not at_key(cost, 0, 10_000)  # as late as the encoder ever sets one
    busy = Packets(at, np.where(at == 13_000, 9000, cost.size_bytes), keys)
    assert not at_key(busy, 10_000, 16_000)


def test_looks_are_at_key_frames_and_between_them_only_where_they_are_far_apart() -> None:
    at = np.arange(0, 200_000, 100)
    every_ten = Packets(at, np.full(len(at), 100), at % 10_000 == 0)
    assert moments(every_ten, 200_000) == list(range(0, 200_000, 10_000))
    every_half = Packets(at, np.full(len(at), 100), at % 500 == 0)
    assert moments(every_half, 200_000) == list(range(0, 200_000, 2000))
    one = moments(Packets(at, np.full(len(at), 100), at == 0), 200_000)
    assert one[0] == 0
    assert max(np.diff(one)) <= 2100
