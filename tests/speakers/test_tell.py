"""The stage on real sound: who says what, by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from repurpose.ingest.event import read_event
from repurpose.media.audio import Samples, pcm
from repurpose.media.flac import write_flac
from repurpose.models import Event, Sentence, Sound, Speaker, Transcript
from repurpose.presets import assets
from repurpose.speakers.fbank import RATE
from repurpose.speakers.tell import tell_apart
from repurpose.store import Store
from tests.ingest.sources import context
from tests.media.clock import SHARED

Line = tuple[str, int, int, str]  # who says it, from, until, and what was heard


def talk(text: str) -> tuple[Line, ...]:
    """A line of `text` is a line of the talk."""
    rows = (row.split(maxsplit=3) for row in text.strip().splitlines())
    return tuple((who, int(start), int(end), said) for who, start, end, said in rows)


# Two voices that say each other's names once, as a listener understood them.
GREETING = talk("""
Katie 0 1900 Good morning, Steve.
Steve 2010 3500 Good morning, Katie.
Katie 3870 8100 Have you tried the latest real-time diarization in Microsoft Speech Service?
Katie 8200 12000 Which can tell you who said what in real time?
Steve 12390 13000 Not yet.
Steve 13060 21000 I've been using the batch transcription with diarization functionality.
Steve 21330 24300 Is the new feature can diarize in real time?
Katie 24710 25600 Absolutely.
Steve 26500 27400 That's exciting.
Steve 27500 28600 Let me try it right now.
""")

# A call: the question, then the answer.
CALL = talk("""
Katie 1592 2300 Good afternoon.
Katie 2392 8000 Jim, what was that thought process behind not giving strategic imperative segments anymore?
Katie 8610 23000 And then how are you thinking about cloud and cognitive software growth going forward?
Jim 24890 25700 Thanks, Katie.
Jim 25772 27200 And I appreciate the question.
Jim 27500 32800 Around strategic imperative, again, let me put this in perspective.
Jim 32950 40500 We put this signpost back in the beginning of 2015, if you all remember it, our investor day.
Jim 41440 50000 Because we had to lay the groundwork on how as a company, we needed to fundamentally shift our capital
""")

# Three stretches of the sample: everybody says a name, the first guest begins, the second takes over.
SAMPLE = talk("""
林溪 1520 4290 大家下午好，欢迎来到今天的直播。
林溪 4952 6520 我是主持人林溪。
林溪 8230 12050 那先做一个小小的测试，大家能听到我的声音吗？
林溪 12770 14580 能看到屏幕上的标题吗？
林溪 15160 18240 如果都没问题，请在聊天去打一个议。
林溪 21400 23690 好，我看到很多意了，谢谢大家。
林溪 25170 27280 今天我们请来了两位嘉宾。
林溪 28150 34570 第一位是周远，他在一家做工业传感器的公司负责市场，一年要办二十多场直播。
周远 36100 37650 大家好，我是周远。
周远 38590 43540 20多场直播，听起来很多其实最难的不是办，是办完以后。
林溪 44760 49700 第二位是许知然，他管的是销售运营，每天都在核线索打交道。
许知然 51140 52760 大家好我是许知然。
许知然 53430 59360 我先坦白意见是，三年前我最怕的，就是市场部发来的那张直播名单。
林溪 148190 150580 好，那我们就从这个网盘说起。
林溪 151510 153000 周远时间交给你。
周远 155470 158890 谢谢林溪，我想先请大家想一个画面。
周远 160390 171020 一个团队花六个星期，准备一场直播，找嘉宾写讲稿作业面发腰情采排两次，然后开播一个小时结束。
周远 171780 178250 大家在群理发几个鼓掌，第二天开副盘会，到了星期五，这件事就没有人再提了。
周远 179920 183020 六个星期的准备，换来一个小时的使用。
周远 183810 186420 这不叫营销，这叫一次性参举。
林溪 929670 932760 好污字有了那么什么时候，请人进来呢。
周远 935240 940010 说到六十天，这个日历起始是知然他们定的，我请他来讲。
许知然 941370 942590 好，谢谢周远。
许知然 943380 947340 我先解释一下，为什么是六十天，而不是七天。
许知然 948960 954040 七天是市场部的节奏，因为七天以后，他们就要忙下一场了。
许知然 954740 956700 60天是客户的节奏。
许知然 957620 963750 一个稍微大一点的采购，从听说你到愿意做下来谈，两个月一点都不长。
许知然 965230 967680 所以我们把60天分成三段。
""")


def heard(lines: Sequence[Line], speakers: Sequence[str | None] | None = None) -> Transcript:
    told = speakers or [None] * len(lines)
    return Transcript(
        language="zh",
        sentences=tuple(
            Sentence(start=start, end=end, text=text, speaker=speaker)
            for (_, start, end, text), speaker in zip(lines, told, strict=True)
        ),
    )


def sound_of(path: Path, store: Store, folder: Path, seconds: int) -> Sound:
    """The beginning of a recording's sound, as the stage `sound` leaves it."""

    def beginning() -> Iterator[Samples]:
        left = seconds * RATE
        for block in pcm(path, RATE):
            yield block[:left]
            left -= len(block)
            if left <= 0:
                return

    write_flac(beginning(), folder / "speech.flac", RATE, 1)
    return Sound(speech=store.take_file(folder / "speech.flac"))


def names(transcript: Transcript) -> list[str | None]:
    return [sentence.speaker for sentence in transcript.sentences]


@pytest.mark.slow
def test_three_voices_of_the_sample_get_their_names(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    demo = assets() / "demo"
    event, _ = read_event(demo / "event.toml", "webinar", ctx.store)
    sound = sound_of(demo / "webinar.mp4", ctx.store, tmp_path, SAMPLE[-1][2] // 1000 + 1)
    transcript = heard(SAMPLE)
    told = tell_apart(sound, transcript, event.model_copy(update={"agenda": ()}), ctx)
    assert names(told) == [who for who, *_ in SAMPLE]
    untold = tuple(sentence.model_copy(update={"speaker": None}) for sentence in told.sentences)
    assert told.model_copy(update={"sentences": untold}) == transcript  # nothing else was touched


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "lines"),
    [("en_azure_katiesteve_2spk_30s.wav", GREETING), ("ibm_earnings_call_qa_en_640.mp4", CALL)],
    ids=["two who greet", "a call"],
)
def test_two_real_voices_are_told_apart(file: str, lines: Sequence[Line], tmp_path: Path) -> None:
    path = SHARED / "media" / file
    if not path.exists():
        pytest.skip("the shared recordings are not here")
    ctx = context(tmp_path)
    sound = sound_of(path, ctx.store, tmp_path, 60)
    people = dict.fromkeys(who for who, *_ in lines)
    event = Event(name="e", speakers=tuple(Speaker(name=name) for name in people))
    told: list[str | None] = [None] * len(lines)
    told[-1] = "As the file says"
    expected = [*(who for who, *_ in lines[:-1]), "As the file says"]
    assert names(tell_apart(sound, heard(lines, told), event, ctx)) == expected


def test_where_nobody_can_be_named_nothing_is_listened_to(tmp_path: Path) -> None:
    """The sound is not even in the store."""
    ctx = context(tmp_path)
    lost = Sound(speech=ctx.store.put_bytes(b"", ".flac").model_copy(update={"digest": "0" * 64}))
    event = Event(name="e", speakers=(Speaker(name="Katie"),))
    transcript = heard(GREETING)
    assert tell_apart(Sound(speech=None), transcript, event, ctx) == transcript
    assert tell_apart(lost, transcript, Event(name="e"), ctx) == transcript
    assert tell_apart(lost, Transcript(language=""), event, ctx) == Transcript(language="")
    told = heard(GREETING, [who for who, *_ in GREETING])
    assert tell_apart(lost, told, event, ctx) == told
