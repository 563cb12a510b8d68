"""Totals that only come as numbers: what a platform's own statistics say of a film, from a CSV file. Pure.

    platform,asset,date,views,likes,shares
    视频号,1min-1.vertical,2026-11-06,1280,37,12

One line is one platform, one version and one day. `asset` is the id of a file, its path in the package or its name without
the suffix; empty, the numbers are the event's as a whole. `platform`, `date` and `views` are needed; every other column with
whole numbers is kept under its own name.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath

from repurpose.db.views import Total
from repurpose.errors import UserError

NAMES = {  # what platforms and people call the columns
    "platform": "platform", "channel": "platform", "平台": "platform", "渠道": "platform",
    "asset": "asset", "file": "asset", "version": "asset", "视频": "asset", "作品": "asset", "版本": "asset",
    "date": "date", "day": "date", "日期": "date", "时间": "date",
    "views": "views", "plays": "views", "播放": "views", "播放量": "views", "播放次数": "views", "观看": "views", "观看次数": "views",
    "likes": "likes", "点赞": "likes", "点赞量": "likes", "comments": "comments", "评论": "comments", "评论量": "comments",
    "shares": "shares", "转发": "shares", "分享": "shares", "分享量": "shares", "favourites": "saves", "收藏": "saves", "收藏量": "saves",
    "viewers": "viewers", "观看人数": "viewers", "watch_ms": "watch_ms",
}  # fmt: skip
NEEDED = ("platform", "date", "views")


def read_totals(text: str, name: str, films: Mapping[str, str]) -> list[Total]:
    """The totals in a CSV; `films` are the event's, id -> path. Raises UserError naming line and column."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    header = [NAMES.get(cell.strip().lower(), cell.strip().lower()) for cell in next(rows, [])]
    missing = [one for one in NEEDED if one not in header]
    if missing:
        raise UserError(
            f"{name}: no column {', '.join(missing)}. The first line names the columns: platform,asset,date,views"
        )
    known = {key: asset for asset, path in films.items() for key in (asset, path, PurePosixPath(path).stem)}
    found: dict[tuple[str, str, str], Total] = {}
    for number, cells in enumerate(rows, 2):
        if not any(cell.strip() for cell in cells):
            continue
        line = {column: cell.strip() for column, cell in zip(header, cells, strict=False) if column}
        one = _total(line, known, f"{name}:{number}")
        if (one.platform, one.asset_id, one.date) in found:
            raise UserError(f"{name}:{number}: {one.platform} has a line for this version and day already.")
        found[one.platform, one.asset_id, one.date] = one
    return list(found.values())


def _total(line: Mapping[str, str], known: Mapping[str, str], where: str) -> Total:
    platform, asset = line.get("platform", ""), line.get("asset", "")
    if not 0 < len(platform) <= 40:
        raise UserError(f"{where}: platform: a name of at most 40 characters is needed.")
    if asset and asset not in known:
        raise UserError(
            f"{where}: asset: {asset!r} is no film of this event. There are: {', '.join(sorted(set(known)))}."
        )
    numbers = {}
    for column, cell in line.items():
        if column in ("platform", "asset", "date") or not cell:
            continue
        whole = re.sub(r"[,\s_]", "", cell)
        if not re.fullmatch(r"\d{1,18}", whole):
            raise UserError(f"{where}: {column}: {cell!r} is not a whole number.")
        numbers[column] = int(whole)
    if "views" not in numbers:
        raise UserError(f"{where}: views: a number is needed.")
    return Total(platform, known.get(asset, ""), _day(line.get("date", ""), where), numbers.pop("views"), numbers)


def _day(text: str, where: str) -> str:
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?", text)
    try:
        return date(*map(int, parts.groups())).isoformat() if parts else date.fromisoformat(text).isoformat()
    except ValueError:
        raise UserError(f"{where}: date: {text!r} is not a day. Write 2026-11-05.") from None
