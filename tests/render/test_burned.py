"""Burned-in captions keep their rules whatever is said, in every render, wherever the scenes put them."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repurpose.models import Said, Sentence
from repurpose.render.areas import safe
from repurpose.render.ass import literal
from repurpose.render.burned import script_of
from repurpose.render.captionbox import tracks_in
from repurpose.render.fonts import BACKSLASH, Family
from repurpose.text.signs import CLOSING, OPENING, width_of
from tests.render.lettering import EN, MIXED, RENDERS, TERMS, ZH, Shown, brand, plain, read, render, said, scene

WHOLE = re.compile(r"\d+(?:\.\d+)?(?:%|ms|倍)?|百分之十二|Dr\. Smith|\$3\.5 million")
Talk = tuple[str, list[Sentence]]


@st.composite
def talks(draw: st.DrawFn) -> Talk:
    language = draw(st.sampled_from(["zh", "en"]))
    banks = (ZH, MIXED) if language == "zh" else (EN,)
    spoken: list[Sentence] = []
    at = 1200
    bank = draw(st.permutations([one for bank in banks for one in bank]))  # nothing is said twice
    for _ in range(draw(st.integers(1, 4))):
        clauses = [bank.pop() for _ in range(min(len(bank), draw(st.integers(1, 3))))]
        if not clauses:
            break
        text = ("，" if language == "zh" else ", ").join(clauses) + ("。" if language == "zh" else ".")
        spoken.append(
            said(text, language, at, draw(st.sampled_from([130, 180, 260])) // (1 if language == "zh" else 3))
        )
        at = spoken[-1].end + draw(st.sampled_from([0, 60, 500, 2500]))
    return language, spoken


def grouped(lines: list[Shown]) -> list[list[Shown]]:
    """The lines of each caption, in order of time; those of one caption from the top."""
    found: dict[tuple[int, int], list[Shown]] = defaultdict(list)
    for line in lines:
        found[line.start, line.end].append(line)
    return [sorted(found[key], key=lambda line: line.place[1]) for key in sorted(found)]


@pytest.mark.parametrize("name", RENDERS)
@given(talk=talks(), edge=st.integers(2000, 9000))
@settings(max_examples=12)
def test_the_rules_hold_for_any_talk(name: str, talk: Talk, edge: int, family: Family) -> None:
    language, spoken = talk
    style = render(name)
    end = spoken[-1].end + 2000
    scenes = [scene(style, "slide", 0, edge), scene(style, "aside", edge, max(edge, end) + 1)]
    script = script_of(
        spoken, language, scenes, render=style, brand=brand(), family=family, terms=TERMS, start=1000, end=end
    )
    captions = grouped(read(script, "Caption"))
    [track] = tracks_in(scenes, style, language, "", 1000, end)
    said_all, lines_all = plain("".join(one.text for one in spoken)), ""
    seen: tuple[str, ...] = ()
    for caption in captions:
        assert 1 <= len(caption) <= 2
        assert 1000 <= caption[0].start < caption[0].end <= end
        box = safe((scenes[0] if caption[0].start < edge // 10 * 10 else scenes[1]).captions, style)
        for line in caption:
            assert line.text == line.text.strip()
            assert line.text[0] not in CLOSING and line.text[-1] not in OPENING
            squares = width_of(line.text) * (1 if language == "zh" else 2)
            # The gap between the two scripts may make a line that was full a little wider than the measure counts it.
            assert squares <= track.limit + 0.5
            assert family.width(line.text, track.size, 700) <= track.room + 1
            x, y = line.place
            assert x == pytest.approx(box.x + box.width / 2, abs=1)
            assert box.y <= y - track.size and y <= box.y + box.height
        texts = tuple(line.text for line in caption)
        if texts != seen or caption[0].start != edge // 10 * 10:  # else it is the second part of one that was split
            lines_all += "".join(texts) + "\n"
        seen = texts
    for before, after in pairwise(captions):
        assert before[0].end <= after[0].start
    bare = re.compile("[，。、；：\n]")
    assert bare.sub("", plain(lines_all)) == bare.sub("", said_all)
    lines = [plain(line.text) for caption in captions for line in caption]
    for whole in [*TERMS, *WHOLE.findall(" ".join(one.text for one in spoken))]:
        if plain(whole) in said_all:
            assert any(plain(whole) in line for line in lines), whole


def test_a_caption_over_two_scenes_is_split_at_the_edge(family: Family) -> None:
    style = render("vertical")
    spoken = [said("我们把交付周期从六周压到了十天", "zh", 1000)]
    scenes = [scene(style, "slide", 0, 2000), scene(style, "aside", 2000, 9000)]
    script = script_of(spoken, "zh", scenes, render=style, brand=brand(), family=family, start=0, end=9000)
    first, second = grouped(read(script, "Caption"))[:2]
    assert first[0].end == second[0].start == 2000
    assert [line.text for line in first] == [line.text for line in second]
    assert first[-1].place[1] > 1300 and second[-1].place[1] < 1220
    assert r"\t(" in second[-1].tags  # and the words go on lighting up


def test_each_word_lights_up_while_it_is_said(family: Family) -> None:
    style = render("vertical")
    spoken = [said("We moved the whole team", "en", 1000, 100)]
    script = script_of(
        spoken, "en", [scene(style, "slide", 0, 9000)], render=style, brand=brand(), family=family, start=0, end=9000
    )
    [line] = read(script, "Caption")
    lit = rf"\1c&H{brand().spoken[5:7]}{brand().spoken[3:5]}{brand().spoken[1:3]}&"
    turns = [(int(start), int(end)) for start, end in re.findall(rf"\\t\((\d+),(\d+),{re.escape(lit)}\)", line.tags)]
    begins = [start + 40 + line.start for start, _ in turns]
    assert begins[1:] == [word.start for word in spoken[0].words[1:]]
    assert turns[0] == (0, 40)


def test_words_without_times_stay_in_one_colour(family: Family) -> None:
    style = render("square")
    spoken = [Sentence(start=500, end=3000, text="而且见效非常快。")]
    script = script_of(
        spoken, "zh", [scene(style, "slide", 0, 9000)], render=style, brand=brand(), family=family, start=0, end=9000
    )
    [line] = read(script, "Caption")
    assert r"\t(" not in line.tags
    assert line.text == "而且见效非常快"


@pytest.mark.parametrize("name", RENDERS)
def test_two_languages_share_the_box(name: str, family: Family) -> None:
    style = render(name)
    spoken = [said("我们来看一下人工智能在制造业里面的具体应用，而且见效非常快。", "zh", 1000)]
    other = [
        Said(start=1000, end=6000, text="machine learning is not the hard part, the hard part is the data behind it")
    ]
    scenes = [scene(style, "aside", 0, 9000)]
    script = script_of(
        spoken, "zh", scenes, render=style, brand=brand(), family=family, translation=other, start=0, end=9000
    )
    main, second = read(script, "Caption"), read(script, "Second")
    assert plain("".join(line.text for caption in grouped(second) for line in caption)) == plain(other[0].text)
    size = tracks_in(scenes, style, "zh", "en", 0, 9000)[0].size
    assert max(line.place[1] for line in main) < min(line.place[1] for line in second)
    box = scenes[0].captions
    assert min(line.place[1] for line in main) - size >= box.y
    assert max(line.place[1] for line in second) <= box.y + box.height
    for lines in (main, second):
        for before, after in pairwise(grouped(lines)):
            assert before[0].end <= after[0].start


def test_what_people_write_is_drawn_as_it_is() -> None:
    assert literal(r"a\N{b}" + "\nc") == rf"a{BACKSLASH}N\{{b\}} c"


def test_tags_in_a_transcript_do_nothing(family: Family) -> None:
    style = render("square")
    text = r"Use {\b1} and \N here."
    spoken = [Sentence(start=500, end=3000, text=text)]
    script = script_of(
        spoken, "en", [scene(style, "slide", 0, 9000)], render=style, brand=brand(), family=family, start=0, end=9000
    )
    [line] = read(script, "Caption")
    assert line.text.replace(BACKSLASH, "\\") == text


def test_a_term_wider_than_a_line_is_drawn_smaller(family: Family) -> None:
    style = render("moments")
    text = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamten"
    spoken = [Sentence(start=500, end=3000, text=text)]
    script = script_of(
        spoken, "en", [scene(style, "slide", 0, 9000)], render=style, brand=brand(), family=family, start=0, end=9000
    )
    [line] = read(script, "Caption")
    found = re.search(r"\\fs([\d.]+)", line.tags)
    assert found is not None
    assert family.width(text, float(found[1]), 700) <= style.width - 2 * style.safe_side


def test_nothing_said_nothing_drawn(family: Family) -> None:
    style = render("douyin")
    scenes = [scene(style, "alone", 0, 9000)]
    assert read(script_of([], "zh", scenes, render=style, brand=brand(), family=family, start=0, end=9000)) == []
