"""Whatever a brand's accent is, every text on the site can be read, in light and in dark."""

from __future__ import annotations

import re
from itertools import product

from hypothesis import assume, example, given
from hypothesis import strategies as st

from repurpose.ingest.brand import check_look
from repurpose.media.contrast import READABLE, contrast
from repurpose.models.published import SiteLook
from repurpose.presets import BrandLook
from repurpose.web.site.look import COLOURS, style_of
from repurpose.web.site.tints import SEEN, far, mixed, readable
from repurpose.web.site.tints import contrast as fast_contrast

HOUSE = BrandLook.model_validate({})
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def look(**colours: object) -> SiteLook:
    return SiteLook.model_validate({"name": "x"} | {name: getattr(HOUSE, name) for name in COLOURS} | colours)


@st.composite
def brands(draw: st.DrawFn) -> SiteLook:
    """A brand that may be worn: its own text can be read on its own grounds, and nothing else is asked of it."""
    paper, first, last = (draw(colours) for _ in range(3))
    ends = [first, last]
    assume(min(contrast(far(ends), ground) for ground in ends) >= READABLE)
    on_dark = readable(draw(colours), far(ends), ends)
    made = look(
        paper=paper,
        ink=readable(draw(colours), far([paper]), [paper]),
        signal=draw(colours),
        ground=(first, last),
        on_dark=on_dark,
        quiet=readable(draw(colours), on_dark, ends),
    )
    told = {name: getattr(made, name) for name in COLOURS}
    check_look(BrandLook.model_validate(told), "a brand of the test")
    return made


def tokens(style: str) -> dict[str, dict[str, str]]:
    """What the style sheet sets: of the root in light and dark, of the stage, of the form."""
    light, dark, stage, form = style.splitlines()
    assert (
        light.startswith(":root{")
        and dark.startswith("@media (prefers-color-scheme:dark){:root{")
        and dark.endswith("}}")
    )
    named = {"light": light, "dark": dark, "stage": stage, "form": form}
    return {name: dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6})(?=[;}])", text)) for name, text in named.items()}


def faint(texts: list[str], grounds: list[str], least: float) -> list[tuple[str, str, float]]:
    """The pairs that are not far enough apart."""
    pairs = product(texts, grounds)
    return [(one, other, found) for one, other in pairs if (found := contrast(one, other)) < least]


@given(brands())
@example(look(signal="#ffff00"))
@example(look(signal="#000000"))
@example(look(signal="#ffffff"))
@example(look(signal="#777777"))
@example(look(paper="#101010", ink="#ffffff", ground=("#ffffff", "#f0f0f0"), on_dark="#000000", quiet="#333333"))
@example(look(paper="#ce00cd", ink="#000000"))  # black and white can be read on both of these
@example(look(paper="#eb0000", ink="#000000"))
@example(look(paper="#000000", ink="#6060f6"))
@example(look(ground=("#ce00cd", "#eb0000"), on_dark="#000000", quiet="#000000"))
@example(look(signal="#000000", ground=("#017765", "#276f84"), on_dark="#e7e9e9", quiet="#e7e9e9"))  # faint between
@example(look(paper="#ffffff", ink="#767676"))  # black is farther from this ink than its own paper is
def test_text_can_be_read_in_both_themes(worn: SiteLook) -> None:
    style = style_of(worn)
    assume(style)
    told = tokens(style)
    for scheme in ("light", "dark"):
        own = told[scheme]
        grounds = [own[name] for name in ("paper", "card", "mist", "tint")]
        assert faint([own["ink"], own["quiet"], own["link"]], grounds, READABLE) == []
        assert faint([own["signal"]], [own["paper"], own["card"]], SEEN) == []
    root, stage = told["light"], told["stage"]
    graded = [mixed(root["stage-from"], root["stage-to"], step / 40) for step in range(41)]
    lit = [root[name] for name in ("stage", "hover", "glow", "glow-more", "plate")] + [stage["card"], stage["mist"]]
    assert faint([stage["ink"], stage["quiet"], stage["link"]], lit, READABLE) == []
    assert (
        faint([stage["ink"], stage["quiet"], stage["link"]], graded, READABLE - 0.01) == []
    )  # between two looks at it
    assert faint([root["stage-ink"]], [root["face"], *lit], READABLE) == []
    assert faint([stage["signal"]], graded, SEEN - 0.01) == []
    assert faint([root["on-press"]], [root["press"], root["pressed"]], READABLE) == []
    assert faint(["#ffffff"], [root["deep"], told["form"]["link"]], READABLE) == []
    assert faint(["#ffffff"], [told["form"]["signal"]], SEEN) == []


@given(colours, colours)
def test_contrast_is_that_of_wcag(one: str, other: str) -> None:
    assert abs(fast_contrast(one, other) - contrast(one, other)) < 1e-9


def test_the_house_s_own_look_needs_no_style() -> None:
    assert style_of(look()) == "" == style_of(look(signal="#2457f5", name="other"))
    assert style_of(look(signal="#2457f6")) != ""


def test_an_accent_that_can_be_read_is_left_as_it_is() -> None:
    told = tokens(style_of(look(signal="#0A7A4B")))
    assert told["light"]["press"] == told["light"]["deep"] == told["light"]["signal"] == "#0a7a4b"
    assert told["light"]["on-press"] == "#ffffff" and told["dark"]["link"] != "#0a7a4b"
    yellow = tokens(style_of(look(signal="#FFD400")))
    assert (yellow["light"]["press"], yellow["light"]["on-press"]) == ("#ffd400", "#0e1525")
    assert yellow["stage"]["link"] == "#ffd400" and yellow["light"]["link"] != "#ffd400"
