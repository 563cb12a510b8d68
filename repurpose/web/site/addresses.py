"""Where everything on the site lies, as the pages write it. Pure but for the moment that signed links end at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote, urlencode

from repurpose.models import Ms
from repurpose.settings import Settings
from repurpose.web.signing import media_url, picture_url, public_url, stream_url
from repurpose.web.site.words import Tongue
from repurpose.web.site.worn import Worn

WIDTHS = (96, 320, 480, 640, 960, 1280)  # of pictures in pages


@dataclass(frozen=True)
class Addresses:
    """Addresses for one reader's language. A language that was asked for in the address stays in every link."""

    settings: Settings
    tongue: Tongue
    asked: bool
    base: str  # scheme and host, for those who are elsewhere
    path: str  # of this page
    query: tuple[tuple[str, str], ...] = ()  # of this page, less its language
    second: str = ""  # stands for the second a film begins at, which a page that is kept does not know
    statics: Mapping[str, str] = field(default_factory=dict)  # name -> its address with its version
    worn: Worn | None = None  # the look of the event that the page is about; None: the house's

    def page(self, path: str, **query: str) -> str:
        """A page of the site."""
        pairs = {**({"lang": self.tongue.code} if self.asked else {}), **query}
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def home(self) -> str:
        return self.page("/")

    def search(self, words: str = "") -> str:
        return self.page("/search", **({"q": words} if words else {}))

    def topic(self, topic: str) -> str:
        return self.page("/", topic=topic)

    def event(self, slug: str) -> str:
        return self.page(f"/e/{slug}")

    def moment(self, slug: str, at: Ms) -> str:
        """An event's page, open at a moment."""
        return self.page(f"/e/{slug}", t=str(at // 1000)) + "#player"

    def here(self, code: str) -> str:
        """This page in another language."""
        return f"{self.path}?{urlencode([*self.query, ('lang', code)])}{self.second}"

    def feed(self, name: str) -> str:
        return f"/{name}"

    def static(self, name: str) -> str:
        return self.statics.get(name, f"/a/{name}")

    def whole(self, path: str) -> str:
        """With scheme and host."""
        return self.base + path


@dataclass(frozen=True)
class EventAddresses(Addresses):
    """The same, with the files of one release: path in the package -> id of the asset."""

    slug: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    public: bool = False  # media are for everyone, by the event's choice
    shared: str = ""  # the event's tracked link

    def at(self, at: Ms) -> str:
        """This page, open at a moment."""
        return self.moment(self.slug, at)

    def film(self, path: str) -> str:
        return self.file(path)

    def file(self, path: str) -> str:
        """A file, for as long as a page is looked at."""
        name = PurePosixPath(path).name
        return public_url(self.ids[path], name) if self.public else media_url(self.ids[path], name, self.settings)

    def stream(self, path: str) -> str:
        """A film's master playlist, and by it all of its ladder."""
        return stream_url(self.ids[path], PurePosixPath(path).name, self.settings, public=self.public)

    def picture(self, path: str, width: int) -> str:
        """A picture at one of WIDTHS, for pages."""
        return picture_url(self.ids[path], width, self.settings, public=self.public)

    def embed(self, path: str) -> str:
        return self.page(f"/embed/{self.ids[path]}")

    def get(self, path: str) -> str:
        """A file, by an address that stays: it leads on to the one of the hour."""
        return f"/e/{self.slug}/get/{quote(path)}"

    def form(self) -> str:
        return self.page(f"/e/{self.slug}/form")

    def link(self) -> str:
        """What people send on."""
        return self.shared or f"/e/{self.slug}"
