"""Subtitle files, read and written: srt and vtt."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from repurpose.errors import UserError
from repurpose.models import Cue, Ms, Said
from repurpose.text.join import join_words

_stamp = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,:](\d{1,3})"
_timing = re.compile(rf"^\s*{_stamp}\s*-+>\s*{_stamp}(?:\s.*)?$")
_voice = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>", re.IGNORECASE)
_tag = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.]*>|\{\\[^}]*\}")


def decode(data: bytes, name: str = "subtitles") -> str:
    """The bytes as text: UTF-8, UTF-16 with its mark, or GB 18030 (GBK, GB 2312), the encodings such files come in.

    Raises UserError naming the file when it is none of them.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UserError(f"{name}: not text in UTF-8, UTF-16 or GB 18030. Save it as UTF-8 and try again.")


def parse(text: str) -> tuple[Said, ...]:
    """What a srt or vtt file says, in order of time; entries without text or with an end before their start are left out."""
    lines = re.split(r"\r\n|\r|\n", text.lstrip("\ufeff"))
    vtt = lines[0].startswith("WEBVTT")
    starts = [at for at, line in enumerate(lines) if _timing.match(line)]
    found: list[Said] = []
    for start, following in zip(starts, [*starts[1:], len(lines)], strict=False):
        body = lines[start + 1 : following]
        if vtt and "" in body:
            body = body[
                : body.index("")
            ]  # what follows an empty line is an identifier or a NOTE; srt text may hold one
        elif following < len(lines) and _has_index(body):
            body = _without_index(body)
        entry = _said(lines[start], body)
        if entry is not None:
            found.append(entry)
    return tuple(sorted(found, key=lambda entry: (entry.start, entry.end)))


def to_srt(cues: Sequence[Cue]) -> str:
    """The cues as SubRip: numbered from 1, times with a comma, a blank line between."""
    return "".join(
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{_body(cue)}\n\n"
        for number, cue in enumerate(cues, 1)
    )


def to_vtt(cues: Sequence[Cue]) -> str:
    """The cues as WebVTT, `&`, `<` and `>` escaped."""
    return "WEBVTT\n\n" + "".join(
        f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n{html.escape(_body(cue), quote=False)}\n\n"
        for cue in cues
    )


def _body(cue: Cue) -> str:
    # An arrow would read as a timing line, an empty line as the end of the entry.
    return "\n".join(line.replace("-->", "→").strip() or "\u00a0" for line in cue.lines)


def _clock(at: Ms, point: str) -> str:
    seconds, ms = divmod(at, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{ms:03d}"


def _said(timing: str, body: list[str]) -> Said | None:
    match = _timing.match(timing)
    if match is None:
        return None
    start, end = _ms(match.groups()[:4]), _ms(match.groups()[4:])
    voice = _voice.search("\n".join(body))
    words = join_words([_plain(line) for row in body for line in row.split("\\N")], "")
    if not words or end <= start:
        return None
    return Said(start=start, end=end, text=words, speaker=html.unescape(voice[1]).strip() if voice else None)


def _plain(line: str) -> str:
    text = html.unescape(_tag.sub("", line))
    return re.sub(
        r"[\s\u00a0]+", " ", "".join(sign for sign in text if sign not in "\u200e\u200f\ufeff" and sign >= " ")
    )


def _ms(parts: Sequence[str | None]) -> Ms:
    hours, minutes, seconds, fraction = parts
    return ((int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)) * 1000 + int(
        (fraction or "0").ljust(3, "0")
    )


def _has_index(body: Sequence[str]) -> bool:
    filled = [line for line in body if line.strip()]
    return bool(filled) and re.fullmatch(r"\s*\d+\s*", filled[-1]) is not None


def _without_index(body: list[str]) -> list[str]:
    last = max(at for at, line in enumerate(body) if line.strip())
    return body[:last]
