"""回顾: the texts that go with a recording, made of what was said: article, blog page, follow-up mails, posts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from repurpose import presets as preset_files
from repurpose.context import Context
from repurpose.errors import GateError
from repurpose.media import ffmpeg
from repurpose.models import Blob, Brand, Chapters, Event, Highlights, Slides, Transcript
from repurpose.models.designed import Points, Quotes, Recap, RecapFile
from repurpose.presets import ChannelPreset, Channels
from repurpose.publish.checks import faults_of
from repurpose.publish.documents import pretty
from repurpose.publish.forms import Forms, Page
from repurpose.publish.posts import post_for
from repurpose.publish.story import Story, story_of
from repurpose.publish.wording import Wording, read_wording
from repurpose.store import digest_of
from repurpose.text.links import link_for
from repurpose.text.signs import wraps_by_sign

MAILS = ("attended", "missed", "vip")
PICTURE_WIDE = 1280  # pixels; what a picture that is too large is scaled down to


class Draft(NamedTuple):
    """A text before it is looked over and stored."""

    path: str
    kind: Literal["article", "blog", "mail", "post"]
    text: str
    channel: str = ""
    title: str = ""
    digest: str = ""
    link: str = ""


def write(
    event: Event,
    brand: Brand,
    spoken: Transcript,
    chapters: Chapters,
    highlights: Highlights,
    points: Points,
    quotes: Quotes,
    slides: Slides,
    preset: Channels,
    ctx: Context,
) -> Recap:
    """The texts of an event, each within the limits of its channel, every number and name in them said or handed in.

    A text that breaks a limit, or says what nobody said, is left out: `why` says which and for what, as does recap.json.
    Without speech there are none.
    """
    del highlights  # points and quotes were chosen by them
    if not spoken.sentences:
        return Recap(why="nothing was said")
    words = read_wording(preset_files.assets() / "locales", "zh" if wraps_by_sign(spoken.language) else "en")
    article = next((channel for channel in preset.items.values() if channel.takes == "article"), None)
    story = story_of(
        event, brand.cta, spoken, chapters, points, quotes, slides, words,
        article.title if article else 0, article.digest if article else 0,
    )  # fmt: skip
    pictures = _pictures(story, slides, preset, ctx)
    ctx.beat(0.4)
    said = "\n".join(sentence.text for sentence in spoken.sentences)
    files = list(pictures.values())
    drafts = list(_drafts(story, event, brand, pictures, preset, words))
    refused: dict[str, str] = {}
    for draft in drafts:
        channel = preset.items.get(draft.channel)
        faults = faults_of(draft.kind, draft.text, draft.title, draft.digest, channel, said, story.known)
        if faults:
            refused[draft.path] = "; ".join(faults)
            continue
        files.append(_stored(draft, story, ctx))
    told = [draft._asdict() | {"text": draft.text if draft.kind == "post" else ""} for draft in drafts]
    index = pretty([{**one, "left_out": refused.get(one["path"], "")} for one in told])
    files.append(RecapFile(path="recap.json", kind="index", file=ctx.store.put_bytes(index.encode(), ".json")))
    ctx.beat(1.0)
    why = "; ".join(f"{path} was left out: {fault}" for path, fault in refused.items())
    return Recap(language=words.language, title=story.headline, files=tuple(files), why=why)


def _drafts(
    story: Story,
    event: Event,
    brand: Brand,
    pictures: Mapping[int, RecapFile],
    channels: Channels,
    words: Wording,
) -> Iterator[Draft]:
    """Every text, by kind. Links tell the text they stand in: `asset` is the event's recap, `channel` where it is read."""
    asset = f"{digest_of(event.name.encode())[:8]}-recap"
    forms = Forms(preset_files.assets() / "templates" / "recap", story, brand, words, pictures)

    def page(channel: str) -> Page:
        return Page(lambda at: link_for(brand, event, asset, channel, at), link_for(brand, event, asset, channel))

    for name, channel in channels.items.items():
        if channel.takes == "article":
            link = page(name).link
            text = _article(forms, page(name), channel, story)
            yield Draft(f"{name}.html", "article", text, name, story.headline, story.digest, link)
        elif channel.takes == "post":
            post = post_for(story, channel, page(name).link, words)
            yield Draft(f"posts/{name}.txt", "post", post.text, name, post.title, "", page(name).link)
        else:
            for kind in MAILS:
                here = page(f"{name}-{kind}")
                subject, html, plain = forms.mail(here, kind, channel)
                yield Draft(f"{name}-{kind}.html", "mail", html, name, subject, "", here.link)
                yield Draft(f"{name}-{kind}.txt", "mail", plain, name, subject, "", here.link)
    yield Draft("blog.html", "blog", forms.blog(page("blog"), "html"), "", story.title, story.digest, page("blog").link)
    yield Draft("blog.md", "blog", forms.blog(page("blog"), "md"), "", story.title, story.digest, page("blog").link)


def _article(forms: Forms, page: Page, channel: ChannelPreset, story: Story) -> str:
    """The article with all points of each section, or with fewer, so that it keeps its length."""
    most = max((len(section.points) for section in story.sections), default=0)
    for count in range(most, 0, -1):
        text = forms.article(page, count)
        if not channel.text or len(text) <= channel.text:
            return text
    return forms.article(page, 0)


def _pictures(story: Story, slides: Slides, channels: Channels, ctx: Context) -> dict[int, RecapFile]:
    """The pages that the sections show, by index, each small enough for every channel that carries pictures."""
    limits = [channel.picture_bytes for channel in channels.items.values() if channel.picture_bytes]
    wanted = list(dict.fromkeys(section.slide for section in story.sections if section.slide is not None))
    return {
        index: RecapFile(
            path=f"pictures/{number:02}{slides.pages[index].image.suffix}",
            kind="picture",
            file=_small(slides.pages[index].image, min(limits, default=0), ctx),
            alt=next(section.title for section in story.sections if section.slide == index),
        )
        for number, index in enumerate(wanted, 1)
    }


def _small(image: Blob, most: int, ctx: Context) -> Blob:
    """The picture, scaled down where it is over `most` bytes. Raises GateError where that is not enough."""
    if not most or image.size <= most:
        return image
    target = ctx.scratch / f"{image.digest[:16]}.jpg"
    ffmpeg.run("-i", ctx.store.path(image), "-vf", f"scale='min({PICTURE_WIDE},iw)':-2", "-q:v", "5", target)
    blob = ctx.store.take_file(target)
    if blob.size > most:
        raise GateError(f"a page takes {blob.size} bytes as a picture, {most} are allowed")
    return blob


def _stored(draft: Draft, story: Story, ctx: Context) -> RecapFile:
    suffix = draft.path[draft.path.rindex(".") :]
    whole = f"{draft.title}\n\n{draft.text}" if draft.kind == "post" and draft.title else draft.text
    return RecapFile(
        path=draft.path,
        kind=draft.kind,
        file=ctx.store.put_bytes((whole.rstrip() + "\n").encode(), suffix),
        channel=draft.channel,
        title=draft.title,
        digest=draft.digest,
        link=draft.link,
        sentences=story.sentences,
    )
