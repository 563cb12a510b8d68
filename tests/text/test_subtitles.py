"""srt and vtt: what is written is read back, and what people hand in is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repurpose.errors import UserError
from repurpose.models import Cue
from repurpose.text.subtitles import decode, parse, to_srt, to_vtt

CUES = (
    Cue(start=0, end=1500, lines=("供应链预测", "让库存降低")),
    Cue(start=3_599_999, end=3_601_000, lines=("R&D <b> costs --> down",)),
)


def test_srt_is_written_as_players_read_it() -> None:
    assert to_srt(CUES[:1]) == "1\n00:00:00,000 --> 00:00:01,500\n供应链预测\n让库存降低\n\n"


def test_vtt_escapes_what_would_be_markup() -> None:
    assert to_vtt(CUES) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n供应链预测\n让库存降低\n\n"
        "00:59:59.999 --> 01:00:01.000\nR&amp;D &lt;b&gt; costs → down\n\n"
    )


@given(
    st.lists(
        st.tuples(st.integers(0, 10**7), st.integers(1, 7000), st.text("供应链 ab12,.&", min_size=1, max_size=20)),
        max_size=8,
    )
)
def test_what_is_written_is_read_back(entries: list[tuple[int, int, str]]) -> None:
    at = 0
    cues = []
    for gap, length, text in entries:
        if text.strip():
            cues.append(Cue(start=at + gap, end=at + gap + length, lines=(f"字{text.strip()}",)))
            at += gap + length
    for written in (to_srt(cues), to_vtt(cues)):
        assert [(said.start, said.end) for said in parse(written)] == [(cue.start, cue.end) for cue in cues]
    spoken = ["".join(cue.lines[0].split()) for cue in cues]
    assert ["".join(said.text.split()) for said in parse(to_vtt(cues))] == spoken


def test_an_srt_as_editors_save_it() -> None:
    text = (
        "\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>{\\an8}第一行</i>\r\n第二行\r\n\r\n"
        '2\r\n0:00:03.2 --> 00:00:04,000 X1:10 Y1:20\r\n<font color="#fff">R&amp;D\\N costs</font>\r\n\r\nstill two\r\n\r\n'
        "3\r\n00:00:05,000 --> 00:00:04,000\r\nbackwards\r\n\r\n4\r\n00:00:06,000 --> 00:00:07,000\r\n\r\n"
    )
    assert [(said.start, said.end, said.text) for said in parse(text)] == [
        (1000, 2500, "第一行第二行"),
        (3200, 4000, "R&D costs still two"),
    ]


def test_a_vtt_with_everything() -> None:
    text = (
        "WEBVTT - talk\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE a remark\n\nintro\n"
        "00:01.000 --> 00:02.000 align:start position:10%\n<v.loud 王磊>大家好，<c.hl>欢迎</c></v>\n\n"
        "NOTE 12\n\n00:00:03.000 --> 00:00:04.000\n<00:00:03.100>Fish &lt; chips\n\n12\n00:05.000 --> 00:06.000\n42\n"
    )
    said = parse(text)
    assert [(one.start, one.text, one.speaker) for one in said] == [
        (1000, "大家好，欢迎", "王磊"),
        (3000, "Fish < chips", None),
        (5000, "42", None),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_chinese_encodings(encoding: str) -> None:
    assert decode("1\n00:00:01,000 --> 00:00:02,000\n供应链\n".encode(encoding)).endswith("供应链\n")


def test_what_is_not_text_is_refused_by_name() -> None:
    with pytest.raises(UserError, match=r"talk\.srt"):
        decode(b"\x00\xff\x00\x01\x80\x80\x00", "talk.srt")
