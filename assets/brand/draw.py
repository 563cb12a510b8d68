"""Draws the sample brand's logo: `python -m assets.brand.draw`.

Four bars, each shorter than the one before, fill the outline of a play button: one recording, and what is cut from it.
White goes into presets/brands (it stands on dark), ink beside this file (for paper).
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from repurpose.render.lettering import font_of

HEIGHT = 240  # pixels; drawn four times as large and reduced
_TIMES = 4
SIGNAL, WHITE, INK, WARM = "#2457F5", "#F5F7FC", "#0E1525", "#FF6A3D"
BARS = (1.0, 0.7, 0.4, 0.0)  # heights, as shares of the first; the last is a dot
HERE = Path(__file__).parent
PRESETS = HERE.parent.parent / "presets" / "brands"


def mark(size: int) -> Image.Image:
    """The sign alone: a tile of `size` pixels that holds on any ground."""
    big = size * _TIMES
    image = Image.new("RGBA", (big, big), SIGNAL + "00")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, big - 1, big - 1), big * 0.24, SIGNAL)
    thick, gap, tall = big * 0.108, big * 0.06, big * 0.58
    left = big * 0.5 - (len(BARS) * thick + (len(BARS) - 1) * gap) / 2 + big * 0.026  # optically in the middle
    for number, share in enumerate(BARS):
        x, high = left + number * (thick + gap), max(thick, tall * share)
        colour = WARM if number == len(BARS) - 1 else "#FFFFFF"
        draw.rounded_rectangle((x, big / 2 - high / 2, x + thick, big / 2 + high / 2), thick / 2, colour)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def logo(colour: str) -> Image.Image:
    """The sign and the name beside it, on nothing."""
    font = font_of(None, HEIGHT * 0.66 * _TIMES, 700)
    left, top, right, bottom = font.getbbox("Repurpose", anchor="ls")
    word = Image.new("RGBA", (round(right - left) + 8, round(bottom - top) + 8), colour + "00")
    ImageDraw.Draw(word).text((4 - left, 4 - top), "Repurpose", colour, font, anchor="ls")
    base = (4 - top) / _TIMES  # from the top of the word to its base line
    word = word.resize((word.width // _TIMES, word.height // _TIMES), Image.Resampling.LANCZOS)
    sign, gap = mark(HEIGHT), round(HEIGHT * 0.26)
    image = Image.new("RGBA", (HEIGHT + gap + word.width, HEIGHT), colour + "00")
    image.alpha_composite(sign, (0, 0))
    capital = -font.getbbox("R", anchor="ls")[1] / _TIMES
    image.alpha_composite(word, (HEIGHT + gap, round(HEIGHT / 2 + capital / 2 - base)))
    return image


if __name__ == "__main__":
    mark(512).save(HERE / "mark.png", optimize=True)
    logo(INK).save(HERE / "logo-ink.png", optimize=True)
    logo(WHITE).save(PRESETS / "repurpose.png", optimize=True)
