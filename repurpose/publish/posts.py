"""Social copy: what a channel's post says, inside that channel's limits. Pure."""

from __future__ import annotations

from typing import NamedTuple

from repurpose.presets import ChannelPreset
from repurpose.publish.story import Story, clipped
from repurpose.publish.wording import Wording
from repurpose.text.headline import candidates

POINTS = 6  # more is an article
_SHORT = 30  # characters: a title this short wants a line somebody said, not the event's name


class Post(NamedTuple):
    """A title (empty where the channel has none), the text, and its topics in order."""

    title: str
    text: str
    topics: tuple[str, ...]


def post_for(story: Story, channel: ChannelPreset, link: str, words: Wording) -> Post:
    """The post for a channel: with as many points and chapters as fit. Topics stand at the end of the text too."""
    topics = story.topics[: channel.topics]
    title = _title(story, channel, words) if channel.title else ""
    tail = [words.say("post.link", link=link)] if link and channel.link else []
    tail += [" ".join(words.say("post.topic", topic=topic) for topic in topics)] if topics else []
    most = {"hook": 0, "points": POINTS, "chapters": POINTS}[channel.says]
    listed = len(story.chapters) if channel.says == "chapters" else 0
    for count, chapters in [*((k, listed) for k in range(min(most, len(story.points)), -1, -1)), (0, 0)]:
        text = "\n\n".join(filter(None, [*_body(story, title, channel, count, chapters, words), *tail]))
        if _fits(text, channel):
            return Post(title, text, topics)
    return Post(title, _cut("\n\n".join(filter(None, [story.thesis, *tail])), channel, words), topics)


def _body(story: Story, title: str, channel: ChannelPreset, points: int, chapters: int, words: Wording) -> list[str]:
    if channel.says == "hook":
        named = [] if title == story.title else [story.title]
        if story.sayings:
            best = story.sayings[0]
            return [f"{words.say('mark', text=best.text)}\n—— {best.who}", *named]
        return [story.thesis or story.lead, *named]
    parts = [story.lead]
    if story.thesis:
        parts.append(words.say("thesis", thesis=story.thesis))
    if points:
        chosen = sorted(story.points[:points], key=lambda point: point.at)
        parts.append("\n".join(words.say("post.points", text=point.text) for point in chosen))
    if chapters:
        rows = [words.say("post.chapters", text=title) for title, _ in story.chapters]
        parts.append("\n".join([words.say("chapters"), *rows]))
    return parts


def _title(story: Story, channel: ChannelPreset, words: Wording) -> str:
    """The event's title where there is room; else the best short line that was said, else the title's beginning."""
    least, most = channel.title_least, channel.title
    lines = [story.thesis, *(each.text for each in story.sayings), *(section.title for section in story.sections)]
    pieces = [piece for line in lines if line for _, piece in candidates(line, most)]
    first = [story.headline, story.title] if most > _SHORT else [story.title]
    options = [*first, *pieces, clipped(story.title, most, words.language)]
    return next((text for text in options if least <= len(text) <= most), options[-1][:most])


def _fits(text: str, channel: ChannelPreset) -> bool:
    small = not channel.text_bytes or len(text.encode()) <= channel.text_bytes
    return small and (not channel.text or len(text) <= channel.text)


def _cut(text: str, channel: ChannelPreset, words: Wording) -> str:
    """The beginning of a text that fits, up to the end of a phrase."""
    most = channel.text or channel.text_bytes or len(text)
    while not _fits(text, channel) and most:
        text, most = clipped(text, most, words.language), most * 9 // 10
    return text
