"""A release's look -> the style sheet that puts the site's pages into it. Pure.

A brand tells a few colours. Every other one that `site.css` names is computed from them, so that whatever the accent is, text
has a contrast of 4.5 on whatever it may stand on, in light and in dark, and what is no text one of 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from repurpose.models.published import SiteLook
from repurpose.presets import BrandLook
from repurpose.web.site.tints import BLACK, SEEN, WHITE, contrast, far, luminance, mixed, readable, stands_out, toned

Tokens = Mapping[str, str]
COLOURS = ("ink", "paper", "signal", "on_dark", "quiet", "ground")  # of BrandLook, and of SiteLook
_HOUSE = BrandLook.model_validate({})
_LABEL = "#0e1525"  # dark text on a light button
_GRADES = 240  # a gradient is looked at in so many steps, `stage` among them: fewer miss colours that rounding makes


@lru_cache(maxsize=64)
def style_of(look: SiteLook) -> str:
    """The style sheet; "" for the house's own colours, which `site.css` has."""
    if _colours(look) == _colours(_HOUSE):
        return ""
    stage = stage_of(look)
    parts = (
        (":root", light_of(look) | button_of(look) | stage),
        ("@media (prefers-color-scheme:dark){:root", dark_of(look)),
        (":is(.hero,.kit,.top.on-dark)", on_stage(look, stage)),
        (".card-form", form_of(look)),
    )
    return "".join(
        f"{place}{{{';'.join(f'--{name}:{value}' for name, value in tokens.items())}}}{'}' if place[0] == '@' else ''}\n"
        for place, tokens in parts
    )


def light_of(look: SiteLook) -> dict[str, str]:
    """The paper and what stands on it."""
    paper = look.paper.lower()
    ink = readable(look.ink, far([paper]), [paper])
    away = BLACK if luminance(ink) > luminance(paper) else WHITE  # from the ink, on the paper's side of it
    return _scheme(paper, ink, mixed(paper, away, 0.7), look.signal)


def dark_of(look: SiteLook) -> dict[str, str]:
    """The same for readers who want it dark: the brand's dark ground is the paper."""
    paper = look.ground[0].lower()
    ink = readable(look.on_dark, far([paper]), [paper])
    return _scheme(paper, ink, toned(paper, ink, 0.045, ink), look.signal)


def _scheme(paper: str, ink: str, card: str, signal: str) -> dict[str, str]:
    mist, tint = toned(paper, ink, 0.06, ink), toned(paper, signal, 0.12, ink)
    grounds = [paper, card, mist, tint]
    return {
        "paper": paper,
        "card": card,
        "ink": ink,
        "quiet": readable(mixed(ink, paper, 0.34), ink, grounds),
        "mist": mist,
        "line": mixed(paper, ink, 0.15),
        "signal": readable(signal, ink, [paper, card], SEEN),
        "link": readable(signal, ink, grounds),
        "rail": mixed(paper, ink, 0.22),
        "tint": tint,
    }


def button_of(look: SiteLook) -> dict[str, str]:
    """A button in the accent itself, its words in white or dark; `deep` is the accent where white stands on it."""
    signal = look.signal.lower()
    words = WHITE if stands_out(WHITE, [signal]) else _LABEL
    press = readable(signal, far([words]), [words])
    return {
        "press": press,
        "pressed": mixed(press, far([words]), 0.16),
        "on-press": words,
        "deep": readable(signal, BLACK, [WHITE]),
    }


def stage_of(look: SiteLook) -> dict[str, str]:
    """The dark ground behind film and files. One on which nothing could be read all over is left without its gradient."""
    first, last = (ground.lower() for ground in look.ground)
    ink = readable(look.on_dark, far(_grades(first, last)), _grades(first, last))
    if not stands_out(ink, _grades(first, last)):
        last = first
        ink = readable(look.on_dark, far([first]), [first])
    stage = mixed(first, last, 0.2)
    glows = _glows(look, first, last, ink)
    return {
        "stage": stage,
        "stage-from": first,
        "stage-to": last,
        "stage-ink": ink,
        "stage-line": mixed(stage, ink, 0.1),
        "plate": first,
        "face": toned(last, look.signal, 0.3, ink),
        "hover": toned(last, ink, 0.04, ink),
        "glow": glows[0],
        "glow-more": glows[1],
    }


def on_stage(look: SiteLook, stage: Tokens) -> dict[str, str]:
    """What stands on the dark ground."""
    first, last, ink = stage["stage-from"], stage["stage-to"], stage["stage-ink"]
    card, mist = toned(last, ink, 0.03, ink), toned(last, ink, 0.05, ink)
    ends = _grades(first, last)
    grounds = [*ends, stage["stage"], stage["hover"], stage["glow"], stage["glow-more"], card, mist]
    return {
        "ink": ink,
        "quiet": readable(look.quiet, ink, grounds),
        "line": mixed(last, ink, 0.16),
        "rail": mixed(last, ink, 0.3),
        "signal": readable(look.signal, ink, ends, SEEN),
        "link": readable(look.signal, ink, grounds),
        "card": card,
        "mist": mist,
    }


def form_of(look: SiteLook) -> dict[str, str]:
    """What of the accent stands on the form, which is white."""
    return {
        "signal": readable(look.signal, _LABEL, [WHITE], SEEN),
        "link": readable(look.signal, _LABEL, [WHITE]),
    }


def _colours(look: SiteLook | BrandLook) -> list[str]:
    named = [getattr(look, name) for name in COLOURS]
    return [colour.lower() for one in named for colour in ([one] if isinstance(one, str) else one)]


def _grades(first: str, last: str) -> list[str]:
    return [mixed(first, last, step / _GRADES) for step in range(_GRADES + 1)]


def _glows(look: SiteLook, first: str, last: str, ink: str) -> tuple[str, str]:
    """What is lit on the stage: its middle with some of the accent."""
    middle = max((first, mixed(first, last, 0.5), last), key=lambda ground: -contrast(ground, ink))
    return toned(middle, look.signal, 0.13, ink), toned(middle, look.signal, 0.2, ink)
