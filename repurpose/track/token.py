"""The view token: what a page shows a film for, under our mark, so that nobody can make up views of what is not there.

It names the event and its release, the channel of the place it stands in and when it was made; where it stands for one film
alone, that film; where titles or covers are compared, those its reader was dealt; and, for personal links and outside players,
the link's code, the person whose card it stands on and a hint at whom it was made for. Nobody can claim to have watched for
longer than since it was made.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass

PURPOSE = "view"  # of the key it is signed with
LASTS_S = 8 * 24 * 3600  # a day more than events may be late


@dataclass(frozen=True)
class ViewToken:
    """What stands in one. `made` is in seconds since 1970; what is empty is not said."""

    event: str
    release: int
    made: int
    channel: str = "site"
    asset: str = ""  # any film of the event
    link: str = ""
    person: str = ""
    hint: str = ""
    variants: str = ""  # `ex_...:b`, one after the other
    dealt_to: str = ""  # the kind of visitor they were dealt to: d, v


def text_of(token: ViewToken) -> str:
    """The token before it is signed."""
    return json.dumps(astuple(token), ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> ViewToken:
    """The token of a text of ours."""
    return ViewToken(*json.loads(text))
