"""What the page shows of posters and texts: a card a quote, with every file to take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from repurpose.models import Asset


def by_quote(assets: Sequence[Asset]) -> list[list[Asset]]:
    """The files of each quote, in the order they come in."""
    quotes: dict[tuple[int, ...], list[Asset]] = {}
    for asset in assets:
        quotes.setdefault(asset.sentences, []).append(asset)
    return list(quotes.values())


def posters_shown(posters: Sequence[Asset]) -> list[dict[str, Any]]:
    """A card a quote: the first size is shown, all of them are there to take."""
    return [
        {
            "shown": sizes[0],
            "at": sizes[0].spans[0].start if sizes[0].spans else 0,
            "sizes": [{"path": one.path, "what": f"{one.width}×{one.height}"} for one in sizes],
        }
        for sizes in by_quote(posters)
    ]


def motion_shown(motion: Sequence[Asset]) -> list[dict[str, Any]]:
    """A card a quote: the first size is played, every file is there to take."""
    return [
        {
            "film": next(one for one in files if one.path.endswith(".mp4")),
            "still": next(one for one in files if one.path.endswith(".jpg")),
            "files": [
                {"path": one.path, "what": f"{Path(one.path).suffix[1:].upper()} {one.width}×{one.height}"}
                for one in files
                if not one.path.endswith(".jpg")
            ],
        }
        for files in by_quote(motion)
    ]


def recap_shown(paths: Sequence[str]) -> list[dict[str, Any]]:
    """The texts of the recap, each by the name of its file."""
    texts = [path for path in paths if Path(path).suffix in (".html", ".md", ".txt")]
    return [{"path": path, "name": Path(path).name} for path in texts]
