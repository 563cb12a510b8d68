"""What was heard right and written wrong is written as it was shown; nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repurpose.text.homophones import respell, spellings

SLIDE = "回放不是录像，回放是资产。\n单价、准头：15.8元/分钟\n今天留一个链接，逐字稿可以搜索\n一千条线索，走到最后剩几单？\n他们说三个原因"


def written(heard: str, confidence: float = 0.6, slide: str = SLIDE, terms: tuple[str, ...] = ()) -> str:
    return respell(heard, [confidence] * len(heard), spellings([slide], terms), terms)


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("回放不是路向，回放是资产。", "回放不是录像，回放是资产。"),
        ("单架告诉你贵不贵", "单价告诉你贵不贵"),
        ("有一个练结，没有名字", "有一个链接，没有名字"),
        ("第三有竹字稿，而且可以搜索。", "第三有逐字稿，而且可以搜索。"),
        ("以前调线索11单", "一千条线索11单"),
    ],
)
def test_a_word_that_sounds_like_one_that_is_shown(heard: str, said: str) -> None:
    assert written(heard) == said


@pytest.mark.parametrize(
    "heard",
    [
        "它们是客户",  # grammar: the slide's 他们 says nothing about who was meant
        "他买了三个，又买了四个。",
        "这个简单的办法很好，大家都会用。",  # no word of the slide sounds like it
        "今天天气很好",
        "We cut the replay in four versions.",
        "",
    ],
)
def test_all_else_stays(heard: str) -> None:
    assert written(heard) == heard


def test_a_good_word_that_was_heard_well_stays() -> None:
    """事实 and 实施 sound nearly alike, and the listener was sure of what it wrote."""
    assert written("这是一个事实", confidence=0.98, slide="实施方案") == "这是一个事实"
    assert written("我看了一份报告", confidence=0.98, slide="一分钟，一分报告") == "我看了一份报告"


def test_a_number_that_was_heard_stays() -> None:
    assert written("一共四十家公司", slide="是实价") == "一共四十家公司"
    assert written("期天以后", slide="七天") != "七天以后"  # and none is made of so little


def test_names_are_written_as_the_event_file_does() -> None:
    assert written("问题来自高民羽", slide="", terms=("高明宇",)) == "问题来自高明宇"


@given(st.text(alphabet="回放路向录像单价架一份分三四他它的abc，。 15%", max_size=24), st.floats(0, 1))
def test_as_long_as_before_and_only_what_is_shown(heard: str, confidence: float) -> None:
    once = written(heard, confidence)
    assert len(once) == len(heard)
    changed = [at for at in range(len(heard)) if heard[at] != once[at]]
    assert all(once[at] in SLIDE for at in changed)
