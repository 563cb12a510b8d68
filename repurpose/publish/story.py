"""What the recap tells, before it is put into any form: one Story from the artifacts, every line with its moment. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from repurpose.models import Chapters, Event, Ms, Slides, Speaker, Transcript
from repurpose.models.designed import Point, Points, Quote, Quotes
from repurpose.publish.supported import unsupported
from repurpose.publish.wording import Wording
from repurpose.text.phrases import phrases_of

_EDGES = " \t，,。.；;：:、—-|｜"
SAYINGS = 2  # quotes beside the sections; each section may have its own


class Told(NamedTuple):
    """A line with its moment and the sentences it stands on."""

    text: str
    at: Ms
    sentences: tuple[int, ...]


class Saying(NamedTuple):
    """Words of a speaker, verbatim."""

    text: str
    who: str  # name and what they are
    name: str
    at: Ms
    sentences: tuple[int, ...]


class Number(NamedTuple):
    """A number that was said, and what it means."""

    number: str
    unit: str
    told: Told


class Section(NamedTuple):
    """A chapter worth telling: its points, its best quote, the page that shows it."""

    title: str
    at: Ms
    points: tuple[Told, ...]
    saying: Saying | None
    slide: int | None  # index of a page


class Story(NamedTuple):
    """Everything the texts are made of."""

    title: str
    headline: str  # of the article
    digest: str
    lead: str
    thesis: str
    sections: tuple[Section, ...]
    numbers: tuple[Number, ...]
    sayings: tuple[Saying, ...]  # the best first
    chapters: tuple[tuple[str, Ms], ...]
    topics: tuple[str, ...]  # the event's terms, those most often said first
    people: str
    host: str
    cta: str
    known: tuple[str, ...]  # what may stand in copy though nobody said it
    sentences: tuple[int, ...]  # everything that is cited

    @property
    def points(self) -> list[Told]:
        """The points of all sections, one of each before the next of any: so that a few tell of the whole."""
        rounds = max((len(section.points) for section in self.sections), default=0)
        return [section.points[k] for k in range(rounds) for section in self.sections if k < len(section.points)]


def story_of(
    event: Event,
    cta: str,
    spoken: Transcript,
    chapters: Chapters,
    points: Points,
    quotes: Quotes,
    slides: Slides,
    words: Wording,
    title_most: int,
    digest_most: int,
) -> Story:
    """The story of an event. A line with a number or a name that nobody gave is left out, as is a title with one."""
    said = "\n".join(sentence.text for sentence in spoken.sentences)
    title = event.title or event.name.replace("_", " ")
    minutes = max(1, round(spoken.sentences[-1].end / 60_000))
    date = words.date(event.date) if event.date else ""
    people = words.people(event.speakers)
    known = (
        title, event.name, date, f"{minutes}", cta, people, words.every(), *event.terms,
        *(item.title for item in event.agenda),
        *(f"{who.name} {who.title} {who.company}" for who in event.speakers),
    )  # fmt: skip

    def true(text: str) -> bool:
        return not unsupported(text, said, known)

    def told(point: Point) -> Told:
        return Told(point.text, point.at, point.sentences)

    speakers = {who.name: who for who in event.speakers}
    sayings = [_saying(quote, words, speakers) for quote in quotes.quotes if true(quote.text)]
    stops = [item.end for item in chapters.items]
    sections = []
    for part in points.parts:
        end = stops[part.chapter] if part.chapter < len(stops) else part.start + 1
        kept = tuple(told(point) for point in part.points if true(point.text))
        own = next((each for each in sayings if part.start <= each.at < end), None)
        if kept and true(part.title):
            slide = part.slide if part.slide is not None and part.slide < len(slides.pages) else None
            sections.append(Section(part.title, part.start, kept, own, slide))
    thesis = points.thesis.text if points.thesis is not None and true(points.thesis.text) else ""
    numbers = tuple(
        Number(figure.number, figure.unit, told(figure.point))
        for figure in points.figures
        if true(f"{figure.number}{figure.unit} {figure.point.text}")
    )
    listed = tuple((item.title, item.start) for item in chapters.items if true(item.title))
    cited = {index for section in sections for point in section.points for index in point.sentences}
    cited |= {index for each in sayings for index in each.sentences}
    cited |= {index for number in numbers for index in number.told.sentences}
    story = Story(
        title=title,
        headline=_headline(title, words, title_most),
        digest="",
        lead=_lead(title, people, minutes, event, words),
        thesis=thesis,
        sections=tuple(sections),
        numbers=numbers,
        sayings=tuple(sayings),
        chapters=listed,
        topics=_topics(event, said),
        people=people,
        host=next((who.name for who in event.speakers if who.role == "host"), ""),
        cta=cta,
        known=known,
        sentences=tuple(sorted(cited)),
    )
    return story._replace(digest=_digest(story, words, digest_most))


def clipped(text: str, most: int, language: str) -> str:
    """The text in at most `most` characters: whole, else its beginning up to the end of a phrase. 0 means any length."""
    if not most or len(text) <= most:
        return text
    out = ""
    for phrase in phrases_of(text, language):
        if len((out + phrase).strip(_EDGES)) > most:
            break
        out += phrase
    return out.strip(_EDGES) or text[:most].strip(_EDGES)


def _headline(title: str, words: Wording, most: int) -> str:
    """The longest form of the headline that fits; else the title alone, cut after a phrase."""
    forms = [form.format(title=title) for form in words.all("titles")]
    return next((form for form in forms if not most or len(form) <= most), clipped(title, most, words.language))


def _lead(title: str, people: str, minutes: int, event: Event, words: Wording) -> str:
    if not people:
        return words.say("lead_nobody", title=title)
    if event.date:
        day = words.date(event.date, year=False)
        return words.say("lead_dated", day=day, people=people, minutes=minutes, title=title)
    return words.say("lead", people=people, minutes=minutes, title=title)


def _digest(story: Story, words: Wording, most: int) -> str:
    """The thesis and as many points as fit; else the lead, cut after a phrase."""
    lines = list(dict.fromkeys([*([story.thesis] if story.thesis else []), *(point.text for point in story.points)]))
    end = words.say("sentence_end")
    for count in range(min(4, len(lines)), 0, -1):
        text = words.say("point_join").join(lines[:count]) + end
        if not most or len(text) <= most:
            return text
    return clipped(story.lead, most, words.language)


def _saying(quote: Quote, words: Wording, speakers: dict[str, Speaker]) -> Saying:
    place = words.place(speakers[quote.speaker]) if quote.speaker in speakers else quote.title
    who = words.say("by" if place else "by_bare", name=quote.speaker, place=place)
    return Saying(quote.text, who, quote.speaker, quote.start, quote.sentences)


def _topics(event: Event, said: str) -> tuple[str, ...]:
    lowered = said.lower()
    counted = [(lowered.count(term.lower()), term) for term in event.terms]
    return tuple("".join(term.split()) for count, term in sorted(counted, key=lambda pair: -pair[0]) if count)


def spread(sayings: Sequence[Saying], sections: Sequence[Section], most: int = SAYINGS) -> list[Saying]:
    """The best quotes that no section has, in the order they were said."""
    taken = {section.saying for section in sections}
    return sorted([each for each in sayings if each not in taken][:most], key=lambda each: each.at)
