"""Lines of type fit their box, break where a reader would and keep the rules of Chinese setting."""

from __future__ import annotations

import pytest
from PIL import Image

from repurpose.design.typeset import fitted, one_line, paint
from repurpose.errors import NothingFits, UserError
from repurpose.text.signs import CLOSING, OPENING

SIZES = (120, 104, 88, 76, 68, 60, 52, 44)
MIXED = "“数据不会说谎”，但是AI会；所以我们用GPT-4做了3层校验，转化率提升了37.5%，1,200家企业在用。"
LONG = "没有人愿意再看一遍六十分钟的录像，但每个人都愿意看那最好的十五秒，这就是我们为什么要把最好的话留下来，传到该到的地方去。"
ENGLISH = "Nobody wants to watch the whole hour again, but everybody wants the best fifteen seconds of it."


@pytest.mark.parametrize("serif", [False, True])
@pytest.mark.parametrize("text", [MIXED, LONG, ENGLISH, "慢就是快。", "Less is a decision."])
def test_lines_fit_and_keep_the_rules(text: str, serif: bool) -> None:
    setting = fitted(text, 912, 900, SIZES, 800, serif=serif)
    assert setting.width <= 912 and setting.height <= 900
    assert "".join(line.text for line in setting.lines).replace(" ", "") == text.replace(" ", "")
    for before, line in zip([None, *setting.lines], setting.lines, strict=False):
        assert before is None or line.text[0] not in CLOSING
        assert line is setting.lines[-1] or line.text.rstrip()[-1] not in OPENING
    assert len(setting.lines) < 2 or setting.lines[-1].width >= max(line.width for line in setting.lines) / 3


def test_the_ink_stays_in_the_box() -> None:
    setting = fitted(MIXED, 700, 900, SIZES, 800)
    image = Image.new("L", (900, 1100), 0)
    paint(image, setting, 100, 100, "#FFFFFF")
    box = image.getbbox()
    assert box is not None
    assert box[0] >= 100 - setting.size / 2 - 4  # the opening mark hangs in the margin
    assert box[2] <= 100 + 700 + 2 and box[1] >= 100 - 2 and box[3] <= 100 + setting.height + setting.size * 0.2


def test_numbers_names_and_terms_stay_whole() -> None:
    for room in range(400, 900, 50):
        for line in fitted(MIXED, room, 4000, (60,), 800, keep=("GPT-4做",)).lines:
            assert "GPT-4做" in MIXED and ("GPT" not in line.text or "GPT-4做" in line.text)
            assert "37" not in line.text or "37.5%" in line.text
            assert "1," not in line.text or "1,200家" in line.text


def test_an_opening_mark_hangs_and_marks_are_squeezed() -> None:
    setting = fitted("“好”，“好”", 900, 200, (100,), 400)
    assert setting.lines[0].runs[0].x == pytest.approx(-50)  # half an em: the mark without its empty half
    # 好 1, ” and ， squeezed because marks follow: 0.5 and 0.5, “ 1, 好 1, the last ” counts half
    assert setting.lines[0].width == pytest.approx(100 * (1 + 0.5 + 0.5 + 1 + 1 + 0.5))


def test_chinese_and_latin_stand_a_quarter_em_apart() -> None:
    close = fitted("用AI做", 900, 200, (100,), 400)
    spaced = fitted("用 AI 做", 900, 200, (100,), 400)
    assert close.width == pytest.approx(spaced.width)
    runs = close.lines[0].runs
    assert [run.text for run in runs] == ["用", "AI", "做"] and runs[1].x == pytest.approx(125)


def test_a_sign_without_a_glyph_is_named_and_a_rare_one_is_drawn() -> None:
    with pytest.raises(UserError, match="U\\+1F600"):
        fitted("好😀", 900, 200, (100,), 400)
    assert fitted("𠮷祥", 900, 200, (100,), 400, serif=True).lines[0].text == "𠮷祥"


def test_what_does_not_fit_is_refused_and_a_line_is_cut() -> None:
    with pytest.raises(NothingFits):
        fitted(LONG, 300, 200, SIZES, 800)
    cut = one_line(ENGLISH, 400, (40, 32), 400)
    assert cut.lines[0].text.endswith("…") and cut.width <= 400 and cut.size == 32
