"""What the site decides before anything is written: the view of a release, the curve, the form, languages, small formats."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from pathlib import Path

import pytest

from repurpose.db.people import EMPTY, PersonRow
from repurpose.models import Asset, Chapter, Chapters, Highlight, Highlights, Span
from repurpose.models.published import FormField, SiteSettings
from repurpose.publish.markup import inline
from repurpose.store import FolderStore
from repurpose.web.site import curve, forms
from repurpose.web.site.card import vcard
from repurpose.web.site.embed import policy
from repurpose.web.site.feeds import printable
from repurpose.web.site.pages import iso_length, pieces
from repurpose.web.site.view import view_of
from repurpose.web.site.words import choose, size
from tests.publish.released import release_of


def marked(sentence: int, score: float, kind: str = "speech") -> Highlight:
    return Highlight(start=sentence * 6000, end=sentence * 6000 + 5000, sentence=sentence, score=score, kind=kind)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> FolderStore:
    return FolderStore(tmp_path_factory.mktemp("store"))


def test_a_view_shows_each_part_once_and_in_order(store: FolderStore) -> None:
    chapters = Chapters(
        items=(
            Chapter(start=0, end=12_000, title="开场", first=0, last=1, slide=0),
            Chapter(start=12_000, end=30_000, title="成本", first=2, last=4),
        )
    )
    found = Highlights(
        items=(marked(0, 0.9, "greeting"), marked(1, 0.4), marked(2, 0.8), marked(3, 0.3), marked(4, 0.1))
    )
    release = release_of(store).model_copy(update={"chapters": chapters, "highlights": found})
    view = view_of(release)
    assert [part.chapter.title for part in view.parts] == ["开场", "成本"]
    assert [part.key and part.key.text for part in view.parts] == [
        release.spoken.sentences[1].text,
        release.spoken.sentences[2].text,
    ]
    assert [line.index for block in view.blocks for line in block.lines] == list(range(5))
    assert view.hero.path == "replay.mp4"
    assert {film.path for film in view.films} == {
        "replay.mp4",
        *(a.path for a in release.package.assets if a.kind == "video"),
    }
    assert view.quotes[0].text == release.spoken.sentences[2].text


def test_an_empty_talk_still_has_a_view(store: FolderStore) -> None:
    release = release_of(store, said=("x",), pages=())
    spoken = release.spoken.model_copy(update={"sentences": (), "language": ""})
    package = release.package.model_copy(update={"assets": ()})
    bare = release.model_copy(
        update={
            "spoken": spoken,
            "package": package,
            "chapters": Chapters(),
            "highlights": Highlights(),
            "slides": release.slides.model_copy(update={"pages": ()}),
        }
    )
    view = view_of(bare)
    assert (view.blocks, view.parts, view.cuts, view.files, view.quotes) == ((), (), (), (), ())


def test_what_a_browser_cannot_play_gives_way_to_the_longest_version(store: FolderStore) -> None:
    release = release_of(store)
    film = release.package.assets[1].model_copy(
        update={"path": "cuts/30min.landscape.mp4", "render": "landscape", "width": 1920, "height": 1080}
    )
    recording = release.package.recording
    hevc = recording.model_copy(update={"video": recording.video.model_copy(update={"codec": "hevc"})})
    package = release.package.model_copy(update={"assets": (film,), "recording": hevc})
    assert view_of(release.model_copy(update={"package": package})).hero.path == "cuts/30min.landscape.mp4"


def test_files_behind_the_form_are_those_the_event_says(store: FolderStore) -> None:
    release = release_of(store)
    deck = Asset(path="slides/slides.pdf", kind="deck", file=store.put_bytes(b"deck", ".pdf"))
    text = Asset(path="transcript.md", kind="transcript", file=store.put_bytes(b"text", ".md"))
    package = release.package.model_copy(update={"assets": (text, deck)})
    for gated, wanted in ((("deck",), [True, False]), ((), [False, False]), (("deck", "transcript"), [True, True])):
        site = SiteSettings(gated=gated)
        view = view_of(release.model_copy(update={"package": package, "site": site}))
        assert [file.gated for file in view.files] == wanted


def test_a_poster_that_was_also_made_in_motion_has_its_film(store: FolderStore) -> None:
    release = release_of(store)
    made = {"file": store.put_bytes(b"drawn", ".png"), "alt": "林晓: 成本降了"}
    assets = tuple(
        Asset(path=f"posters/{path}", kind=kind, sentences=(sentence,), **made)  # type: ignore[arg-type]
        for path, kind, sentence in (
            ("01.1080x1440.png", "poster", 1), ("02.1080x1440.png", "poster", 2), ("02.motion.1080x1440.jpg", "motion", 2),
            ("02.motion.1080x1440.mp4", "motion", 2), ("02.motion.1080x1440.webp", "motion", 2),
        )
    )  # fmt: skip
    package = release.package.model_copy(update={"assets": assets})
    posters = view_of(release.model_copy(update={"package": package})).posters
    assert [one.moving and one.moving.path for one in posters] == [None, "posters/02.motion.1080x1440.mp4"]
    assert [one.quote for one in posters] == ["成本降了"] * 2


def test_the_curve_is_as_tall_as_what_is_said_is_worth() -> None:
    items = [marked(k, 0.2) for k in range(10)] + [marked(10, 0.9), marked(11, 0.9, "greeting")]
    tall = curve.heights(items, 72_000)
    assert len(tall) == curve.BARS
    assert max(tall) == curve.HEIGHT
    assert curve.BARS * 60_000 // 72_000 <= tall.index(curve.HEIGHT) < curve.BARS * 66_000 // 72_000
    assert tall[-1] == curve.LOWEST  # greetings are worth nothing
    assert curve.heights([], 1000) == [curve.LOWEST] * curve.BARS


def test_stretches_lie_inside_the_drawing_and_apart() -> None:
    chance = random.Random(5)
    for _ in range(200):
        edges = sorted(chance.sample(range(100_000), 2 * chance.randint(1, 20)))
        spans = [Span(start=a, end=b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        drawn = curve.stretches(spans, 100_000)
        assert all(width > 0 and left >= 0 for left, width in drawn)
        assert all(a[0] + a[1] <= b[0] + curve.PITCH for a, b in pairwise(drawn))


@pytest.mark.parametrize(
    ("asked", "accepted", "home", "wanted"),
    [
        ("", "", "", "zh"), ("", "", "en", "en"), ("en", "zh-CN", "zh", "en"), ("xx", "en-GB,en;q=0.9", "zh", "en"),
        ("", "fr,en;q=0.1,zh;q=0.8", "en", "zh"), ("", "de", "en", "en"), ("", ";;;q=x,,", "zh", "zh"), ("zh-Hans", "", "en", "zh"),
        ("", "en;q=0, zh", "en", "zh"),
    ],
)  # fmt: skip
def test_a_reader_gets_the_language_they_like(asked: str, accepted: str, home: str, wanted: str) -> None:
    assert choose(asked, accepted, home).code == wanted


FORM = (
    FormField(key="name", kind="name"), FormField(key="email", kind="email"), FormField(key="phone", kind="phone", required=False),
    FormField(key="team", kind="choice", choices=("1-10", "11+"), required=False), FormField(key="consent", kind="consent"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"name": "林溪", "email": "a@b.cn", "consent": "yes"}, set()),
        ({"name": " ", "email": "a@b.cn", "consent": "yes"}, {"name"}),
        ({"name": "A", "email": "a@b", "consent": "yes"}, {"email"}),
        ({"name": "A", "email": "a b@c.de", "consent": "yes"}, {"email"}),
        ({"name": "A", "email": "a@b.cn"}, {"consent"}),
        ({"name": "A", "email": "a@b.cn", "consent": "no"}, {"consent"}),
        ({"name": "see https://spam.example", "email": "a@b.cn", "consent": "yes"}, {"name"}),
        ({"name": "A" * 81, "email": "a@b.cn", "consent": "yes"}, {"name"}),
        ({"name": "A", "email": "a@b.cn", "consent": "yes", "phone": "call me"}, {"phone"}),
        ({"name": "A", "email": "a@b.cn", "consent": "yes", "phone": "+86 138-0013-8000"}, set()),
        ({"name": "A", "email": "a@b.cn", "consent": "yes", "team": "12"}, {"team"}),
    ],
)
def test_a_form_is_judged_field_by_field(given: dict[str, str], wrong: set[str]) -> None:
    answered = forms.read(FORM, {**given, "extra": "dropped"}, str)
    assert answered.problems.keys() == wrong
    assert "extra" not in answered.answers
    assert (answered.consent == forms.CONSENT) == (given.get("consent") == "yes")


def test_a_contact_file_is_folded_and_escaped() -> None:
    filled = {
        **EMPTY,
        "title": "VP; Sales, China",
        "company": "很长的公司名称" * 12,
        "phone": "+86 1",
        "email": "a@b.cn",
    }
    who = PersonRow(id="pe_1", slug="a", name="林\r\nBEGIN:VCARD", created=0, updated=0, **filled)
    text = vcard(who, "https://example.com/c/a")
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert [line for line in lines if line.startswith("BEGIN")] == ["BEGIN:VCARD"]
    whole = text.replace("\r\n ", "")
    assert "TITLE:VP\\; Sales\\, China\r\n" in whole
    assert "很长的公司名称" * 12 in whole


def test_only_the_origins_an_event_names_may_frame_it() -> None:
    assert "frame-ancestors 'self';" in policy(())
    assert "frame-ancestors 'self' https://a.example;" in policy(
        ("https://a.example", "https://b.example; script-src *", "https://c.example\r\nx: y", "https://d.é")
    )


def test_json_in_a_page_cannot_end_its_element() -> None:
    text = str(inline({"a": "</script><!--\u2028&"}))
    assert not set("<>&\u2028") & set(text)


def test_found_words_are_marked_and_long_texts_clipped() -> None:
    assert pieces("库存成本", ((0, 2),)) == [("库存", True), ("成本", False)]
    long = "a" * 300 + "成本" + "b" * 300
    shown = pieces(long, ((300, 302),))
    assert ("成本", True) in shown
    assert len("".join(text for text, _ in shown)) <= 122


def test_small_formats() -> None:
    assert iso_length(2_139_920) == "PT35M40S"
    assert iso_length(3_600_000) == "PT1H0S"
    assert (size(7_293_234), size(10)) == ("7.3 MB", "1 KB")
    assert printable("a\x00b\ud800\ufffe") == "ab"


def test_every_text_of_the_site_is_in_chinese_too() -> None:
    from babel.messages.extract import extract_from_dir
    from babel.messages.pofile import read_po

    from repurpose.web.site.event import SCRIPT_SAYS

    root = Path(__file__).parents[3]
    with (root / "assets/locales/zh_CN/LC_MESSAGES/site.po").open("rb") as file:
        there = {str(m.id[0] if isinstance(m.id, tuple) else m.id): m for m in read_po(file, locale="zh_CN") if m.id}
    said = {*SCRIPT_SAYS, forms.CONSENT}
    how = [("**.py", "python"), ("**.j2", "jinja2")]
    for folder in ("repurpose/web/site", "assets/templates/site"):
        options = {"**.j2": {"trim_blocks": "true", "lstrip_blocks": "true"}}
        for _, _, text, _, _ in extract_from_dir(
            str(root / folder), how, options, {"say": None, "_": None, "ngettext": (1, 2)}
        ):
            said.add(text if isinstance(text, str) else text[0])
    missing = {text for text in said if text not in there or not (there[text].string and there[text].string[0])}
    assert not missing, f"add to assets/locales/zh_CN/LC_MESSAGES/site.po: {missing}"
    assert not there.keys() - said, "no longer said"
    asked = {word for file in (root / "assets/web/src").glob("*.ts") for word in _said_in(file.read_text("utf-8"))}
    assert asked <= set(SCRIPT_SAYS), f"add to SCRIPT_SAYS in event.py: {asked - set(SCRIPT_SAYS)}"


def _said_in(script: str) -> list[str]:
    return re.findall(r'\bsay\("([^"]+)"', script)
