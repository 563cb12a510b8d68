"""chat.csv -> Live: what viewers wrote during the event."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Literal, get_args

from repurpose.errors import BadPreset
from repurpose.ingest.event import clock
from repurpose.models import ChatMessage, Live
from repurpose.text.subtitles import decode

COLUMNS = {  # ours -> what exports call it
    "at": ("at", "time", "timestamp", "时间"),
    "who": ("who", "name", "user", "昵称", "用户"),
    "text": ("text", "message", "content", "内容", "消息"),
    "kind": ("kind", "type", "类型"),
}
Kind = Literal["chat", "question", "poll", "reaction"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def read_chat(path: Path) -> Live:
    """The messages of a csv with columns at (ms or h:mm:ss), who, text, kind; in order of time.

    Lines without text are left out, a message from before the start is put at 0, an unknown kind counts as chat.
    Raises BadPreset naming the line.
    """
    rows = csv.DictReader(io.StringIO(decode(path.read_bytes(), path.name), newline=""))
    found = {heading.strip().lower(): heading for heading in rows.fieldnames or () if heading}
    column = {ours: next((found[name] for name in names if name in found), "") for ours, names in COLUMNS.items()}
    for needed in ("at", "text"):
        if not column[needed]:
            raise BadPreset(f"{path}: has no column '{needed}'. Its first line must be: at,who,text,kind.")
    messages = [
        message for number, row in enumerate(rows, 2) if (message := _message(row, column, number, path)) is not None
    ]
    return Live(messages=tuple(sorted(messages, key=lambda message: message.at)))


def _message(row: dict[str, str], column: dict[str, str], number: int, path: Path) -> ChatMessage | None:
    cell = {ours: (row.get(name) or "").strip() if name else "" for ours, name in column.items()}
    if not cell["text"]:
        return None
    before = cell["at"].startswith("-")
    try:
        at = int(cell["at"]) if cell["at"].isdigit() else clock(cell["at"].lstrip("-"))
    except ValueError:
        raise BadPreset(
            f"{path}: line {number}: {cell['at']!r} is not a time. Write 0:12:30 or milliseconds."
        ) from None
    kind: Kind = next((kind for kind in KINDS if kind == cell["kind"].lower()), "chat")
    return ChatMessage(at=0 if before else at, who=cell["who"], text=cell["text"], kind=kind)
