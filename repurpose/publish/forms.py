"""The story as article, blog page and mails: the templates of assets/templates/recap, filled."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from repurpose.models import Brand, Ms
from repurpose.models.designed import RecapFile
from repurpose.presets import ChannelPreset
from repurpose.publish.story import Section, Story, spread
from repurpose.publish.wording import Wording
from repurpose.text.clock import clock

if TYPE_CHECKING:
    from jinja2 import Environment

POINTS = 5  # of a mail: what is read on a phone without scrolling far
_marks = re.compile(r"([\\`*_\[\]<>#|])")


@dataclass(frozen=True)
class Page:
    """Where a text is read: its link, and the link that opens the replay at a moment; "" where there is none."""

    link_at: Callable[[Ms], str]
    link: str


@dataclass(frozen=True)
class Forms:
    """One story, ready to be put into each form."""

    folder: Path
    story: Story
    brand: Brand
    words: Wording
    pictures: Mapping[int, RecapFile]  # by index of the page

    def article(self, page: Page, points: int) -> str:
        """公众号: inline styles only, nothing the editor strips; `points` of each section at most."""
        return self._filled("article.html.j2", page, most=points)

    def blog(self, page: Page, form: str) -> str:
        """The blog page, as "html" or "md"."""
        return self._filled(f"blog.{form}.j2", page)

    def mail(self, page: Page, kind: str, channel: ChannelPreset) -> tuple[str, str, str]:
        """Subject, HTML and the same in plain text."""
        story, say = self.story, self.words.say
        best = story.sayings[0] if story.sayings else None
        if kind == "vip" and best is None:
            subject = say("mail.vip.subject_nobody")
        else:
            subject = say(f"mail.{kind}.subject", title=story.title, speaker=best.name if best else "")
        shown = self._shown(best.at if kind == "vip" and best else None)
        given = {
            "subject": subject,
            "kind": kind,
            "hello": say(f"mail.{kind}.hello", name=channel.name_field),
            "opening": say(f"mail.{kind}.opening", title=story.title),
            "closing": say(f"mail.{kind}.closing"),
            "points": sorted(story.points[:POINTS], key=lambda point: point.at) if kind != "vip" else [],
            "best": best,
            "shown": shown,
            "leave": channel.leave_field,
        }
        return subject, self._filled("mail.html.j2", page, **given), self._filled("mail.txt.j2", page, **given)

    def _shown(self, at: Ms | None) -> Section | None:
        """The section whose page a mail shows: the one at a moment, else the first that has a number, else the first."""
        able = [section for section in self.story.sections if section.slide in self.pictures]
        if at is not None:
            able = [section for section in able if section.at <= at][-1:] or able
        told = [section for section in able if any(sign.isdigit() for point in section.points for sign in point.text)]
        return next(iter(told or able), None)

    def _filled(self, template: str, page: Page, **given: Any) -> str:
        return self._environment.get_template(template).render(
            story=self.story,
            brand=self.brand,
            language=self.words.language,
            say=self.words.say,
            sayings=spread(self.story.sayings, self.story.sections),
            pictures=self.pictures,
            link=page.link,
            link_at=page.link_at,
            **given,
        )

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

        environment = Environment(
            loader=FileSystemLoader(self.folder),
            autoescape=select_autoescape(("html.j2",), default=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        last = self.story.chapters[-1][1] if self.story.chapters else 0
        environment.filters["clock"] = lambda at: clock(at, hours=last >= 3_600_000)
        environment.filters["md"] = lambda text: _marks.sub(r"\\\1", text)
        return environment
