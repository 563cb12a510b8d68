"""The three people, drawn flat in SVG, with a mouth, eyes and a head that move."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .slides import photograph

Sprite = NDArray[np.uint8]
MOUTHS, POSES = 4, ((0.0, 0.0, 0.0), (2.5, 1.0, 1.3), (-2.5, 0.5, -1.5))
SKIN_EDGE = 'stroke-linecap="round" stroke-linejoin="round" fill="none"'


@dataclass(frozen=True)
class Person:
    """What makes one face that face."""

    key: str
    skin: str
    shade: str
    hair: str
    lip: str
    ground: str
    scene: str
    body: str
    behind: str
    front: str
    brow: str


LIN = Person(
    "林", "#F6D2BC", "#E9B79D", "#2B1D1A", "#C4574E", "#CFE0F7",
    scene=(
        '<rect width="400" height="400" fill="#CFE0F7"/><circle cx="318" cy="110" r="84" fill="#E6EFFB"/>'
        '<path d="M0 292 H400 V400 H0 Z" fill="#B5CDEE"/><rect x="28" y="216" width="60" height="76" rx="8" fill="#8FB0E3"/>'
        '<path d="M58 216 C40 180 34 160 44 132 M58 216 C60 176 66 156 84 138 M58 216 C52 190 30 176 18 172" stroke="#3E7F6B" stroke-width="9" stroke-linecap="round" fill="none"/>'
    ),
    body=(
        '<path d="M66 400 C70 326 122 300 170 290 L200 312 L230 290 C278 300 330 326 334 400 Z" fill="#FF6A3D"/>'
        '<path d="M170 290 L200 336 L230 290 L222 282 L178 282 Z" fill="#FFF6EF"/>'
        '<path d="M170 290 L150 316 L186 372 L200 336 Z M230 290 L250 316 L214 372 L200 336 Z" fill="#E5501F"/>'
    ),
    behind='<path d="M112 190 C104 96 150 66 200 66 C250 66 296 96 288 190 C290 226 284 258 270 276 C246 268 154 268 130 276 C116 258 110 226 112 190 Z" fill="#2B1D1A"/>',
    front=(
        '<path d="M134 186 C132 120 160 92 204 92 C246 92 270 122 266 186 C262 160 252 146 240 138 C222 150 170 152 152 142 C142 152 136 166 134 186 Z" fill="#2B1D1A"/>'
        '<path d="M150 104 C166 88 196 82 220 88" stroke="#5A403A" stroke-width="5" stroke-linecap="round" fill="none" opacity=".7"/>'
    ),
    brow="#3A2722",
)  # fmt: skip
ZHOU = Person(
    "周", "#EFC3A2", "#DDA57F", "#1C1F2A", "#A9564A", "#F3E6D5",
    scene=(
        '<rect width="400" height="400" fill="#F3E6D5"/><rect x="0" y="96" width="118" height="10" fill="#CDB08C"/><rect x="0" y="206" width="104" height="10" fill="#CDB08C"/>'
        '<rect x="14" y="40" width="18" height="56" fill="#2457F5"/><rect x="36" y="52" width="14" height="44" fill="#16213E"/><rect x="54" y="46" width="20" height="50" fill="#FF6A3D"/>'
        '<rect x="20" y="160" width="16" height="46" fill="#0B7A4B"/><rect x="40" y="152" width="22" height="54" fill="#D9A441"/>'
        '<rect x="304" y="56" width="74" height="98" rx="4" fill="#fff"/><path d="M314 140 L336 108 L350 124 L360 112 L370 140 Z" fill="#8FB0E3"/><circle cx="356" cy="82" r="9" fill="#FF6A3D"/>'
    ),
    body=(
        '<path d="M54 400 C58 328 112 304 166 290 L200 316 L234 290 C288 304 342 328 346 400 Z" fill="#1F3A7A"/>'
        '<path d="M172 286 L200 330 L228 286 L222 278 L178 278 Z" fill="#EFC3A2"/>'
        '<path d="M166 288 L176 276 L200 326 L182 346 Z M234 288 L224 276 L200 326 L218 346 Z" fill="#2F51A3"/><path d="M200 330 V400" stroke="#172C5E" stroke-width="4"/>'
    ),
    behind='<path d="M132 178 C126 112 156 84 202 84 C248 84 274 112 268 178 Z" fill="#1C1F2A"/>',
    front=(
        '<path d="M133 180 C124 112 152 76 206 74 C254 72 282 108 267 180 C264 158 258 146 250 134 C222 138 186 132 166 116 C158 130 142 146 133 180 Z" fill="#1C1F2A"/>'
        '<path d="M170 102 C188 90 222 86 244 98" stroke="#3E4356" stroke-width="5" stroke-linecap="round" fill="none" opacity=".8"/>'
        '<g fill="none" stroke="#16213E" stroke-width="4.5"><rect x="148" y="170" width="46" height="36" rx="15"/><rect x="206" y="170" width="46" height="36" rx="15"/><path d="M194 184 Q200 179 206 184 M148 182 L137 178 M252 182 L263 178"/></g>'
    ),
    brow="#1C1F2A",
)  # fmt: skip
XU = Person(
    "许", "#F3CAAE", "#E2AD8C", "#4A2C22", "#B8474F", "#DCE9DF",
    scene=(
        '<rect width="400" height="400" fill="#DCE9DF"/><rect x="262" y="30" width="116" height="170" rx="6" fill="#F4FAF5"/><path d="M320 30 V200 M262 112 H378" stroke="#BCD3C3" stroke-width="6"/>'
        '<path d="M0 312 H400 V400 H0 Z" fill="#BFD6C6"/><path d="M20 312 C8 260 20 214 52 196 C66 240 56 284 40 312 Z M52 312 C58 276 78 250 104 244 C102 278 84 304 64 312 Z" fill="#4E8F6F"/>'
    ),
    body=(
        '<path d="M70 400 C74 332 124 306 168 294 L232 294 C276 306 326 332 330 400 Z" fill="#D9A441"/>'
        '<path d="M166 262 C176 272 224 272 234 262 L240 304 C222 318 178 318 160 304 Z" fill="#E6B95E"/>'
        '<path d="M164 292 C180 304 220 304 236 292" stroke="#B8862B" stroke-width="4" fill="none" stroke-linecap="round"/>'
    ),
    behind=(
        '<circle cx="200" cy="82" r="36" fill="#4A2C22"/><path d="M176 72 C186 60 210 58 224 68" stroke="#6D4638" stroke-width="5" fill="none" stroke-linecap="round"/>'
        '<path d="M124 194 C114 106 152 76 200 76 C248 76 286 106 276 194 C276 214 270 226 264 232 L136 232 C130 226 124 214 124 194 Z" fill="#4A2C22"/>'
    ),
    front=(
        '<path d="M133 192 C124 126 156 90 200 90 C244 90 276 126 267 192 C266 156 244 128 208 116 C196 140 152 142 133 192 Z" fill="#4A2C22"/>'
        '<circle cx="134" cy="226" r="6.5" fill="#2457F5"/><circle cx="266" cy="226" r="6.5" fill="#2457F5"/>'
    ),
    brow="#4A2C22",
)  # fmt: skip
PEOPLE = {person.key: person for person in (LIN, ZHOU, XU)}


def _eyes(shut: bool) -> str:
    if shut:
        return f'<g stroke="#1B1B22" stroke-width="4.5" {SKIN_EDGE}><path d="M160 190 Q171 196 182 190 M218 190 Q229 196 240 190"/></g>'
    one = '<ellipse cx="{x}" cy="188" rx="12.5" ry="9" fill="#fff"/><circle cx="{x}" cy="188" r="7.4" fill="#2A1C18"/><circle cx="{h}" cy="185" r="2.4" fill="#fff"/>'
    lids = f'<g stroke="#1B1B22" stroke-width="4" {SKIN_EDGE}><path d="M158 186 Q170 175 184 185 M216 185 Q230 175 242 186"/></g>'
    return one.format(x=171, h=174) + one.format(x=229, h=232) + lids


def _mouth(level: int, lip: str) -> str:
    if level == 0:
        return f'<path d="M180 240 Q200 252 220 240" stroke="{lip}" stroke-width="5" {SKIN_EDGE}/>'
    tall = (0, 8, 14, 21)[level]
    wide = (0, 18, 20, 19)[level]
    top = 239
    hole = f"M{200 - wide} {top} Q200 {top + 5 - level} {200 + wide} {top} Q{200 + wide * 0.8} {top + tall + 5} 200 {top + tall + 6} Q{200 - wide * 0.8} {top + tall + 5} {200 - wide} {top} Z"
    teeth = (
        f'<path d="M{200 - wide + 5} {top + 2} Q200 {top + 6} {200 + wide - 5} {top + 2} L{200 + wide - 8} {top + 6} Q200 {top + 10} {200 - wide + 8} {top + 6} Z" fill="#fff"/>'
        if level > 1
        else ""
    )
    return f'<path d="{hole}" fill="#6B2226" stroke="{lip}" stroke-width="4.5" stroke-linejoin="round"/>{teeth}'


def portrait(who: str, width: int, height: int, mouth: int = 0, shut: bool = False, pose: int = 0) -> str:
    """One drawing of a person as an SVG of this size."""
    one = PEOPLE[who]
    dx, dy, turn = POSES[pose]
    move = f'transform="translate({dx} {dy}) rotate({turn} 200 290)"'
    head = (
        f'<g {move}>{one.behind}<path d="M174 226 H226 V286 Q200 310 174 286 Z" fill="{one.shade}"/></g>{one.body}<g {move}>'
        f'<ellipse cx="134" cy="196" rx="12" ry="19" fill="{one.shade}"/><ellipse cx="266" cy="196" rx="12" ry="19" fill="{one.shade}"/>'
        f'<path d="M136 168 C136 116 164 98 200 98 C236 98 264 116 264 168 C266 224 240 274 200 274 C160 274 134 224 136 168 Z" fill="{one.skin}"/>'
        f'<path d="M236 106 C256 122 264 142 264 168 C266 224 240 274 200 274 C190 274 181 271 173 266 C222 262 250 208 236 106 Z" fill="{one.shade}" opacity=".42"/>'
        f'<ellipse cx="158" cy="218" rx="15" ry="10" fill="#F08A78" opacity=".28"/><ellipse cx="242" cy="218" rx="15" ry="10" fill="#F08A78" opacity=".28"/>'
        f"{_eyes(shut)}"
        f'<g stroke="{one.brow}" stroke-width="6" {SKIN_EDGE}><path d="M156 166 Q170 157 186 163 M214 163 Q230 157 244 166"/></g>'
        f'<path d="M200 190 C199 204 192 212 195 217 Q200 221 206 217" stroke="{one.shade}" stroke-width="4.5" {SKIN_EDGE}/>'
        f"{_mouth(mouth, one.lip)}{one.front}</g>"
    )
    return f'<svg width="{width}" height="{height}" style="position:absolute" viewBox="0 0 400 400" preserveAspectRatio="xMidYMid slice">{one.scene}{head}</svg>'


def _plate(name: str, size: int) -> str:
    style = (
        f"position:absolute;left:0;bottom:0;padding:{size // 3}px {size * 2 // 3}px;border-radius:0 {size // 2}px 0 0"
    )
    return (
        f'<div style="{style};background:#0B1020D9;color:#F5F7FC;font-size:{size}px;font-weight:600">{name}</div>'
        if name
        else ""
    )


def sprites(who: str, width: int, height: int, keep: Path, name: str = "") -> dict[tuple[int, bool, int], Sprite]:
    """Every drawing of one person at one size, with a name plate if named, by mouth, eyes shut and pose; RGB arrays."""
    keys = [(mouth, shut, pose) for pose in range(len(POSES)) for shut in (False, True) for mouth in range(MOUTHS)]
    cells = "".join(
        f'<div style="position:relative;float:left;width:{width}px;height:{height}px;overflow:hidden">'
        f"{portrait(who, width, height, *key)}{_plate(name, 26 if width < 400 else 34)}</div>"
        for key in keys
    )
    sheet = photograph(f'<div style="width:{width * 4}px">{cells}</div>', width * 4, height * 6, keep)
    return {
        key: sheet[height * (n // 4) : height * (n // 4 + 1), width * (n % 4) : width * (n % 4 + 1)]
        for n, key in enumerate(keys)
    }
