"""What was made, and what readers are shown of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from repurpose.client.connection import Connection
from repurpose.client.shapes import Asset, Experiment, Found, Link, Person, Publications, Release


class Published(Connection):
    """`/assets`, `/publications`, `/experiments`, `/feed`, `/links`, `/search`, and the people with their cards."""

    def assets(self, event_id: str, release: int | None = None) -> list[Asset]:
        """The files of the release that is shown, or of this one."""
        query = {} if release is None else {"release": release}
        return cast("list[Asset]", self._ask("GET", f"/events/{event_id}/assets", query=query)["items"])

    def download(self, asset: Asset, to: Path) -> Path:
        """The asset's file, at `to`."""
        with self._stream(f"/assets/{asset['id']}/content") as answer, to.open("wb") as file:
            for piece in answer.iter_bytes():
                file.write(piece)
        return to

    def publish(self, event_id: str, *, show: bool = True) -> Release:
        """Make a release of what was made, and show it."""
        return cast(Release, self._ask("POST", f"/events/{event_id}/publications", {"show": show}))

    def publications(self, event_id: str) -> Publications:
        return cast(Publications, self._ask("GET", f"/events/{event_id}/publications"))

    def rollback(self, event_id: str, release: int | None = None) -> Publications:
        """Show the release before, or this one."""
        return cast(Publications, self._ask("POST", f"/events/{event_id}/rollback", {"release": release}))

    def withdraw(self, event_id: str) -> Publications:
        """Show nothing of it any more."""
        return cast(Publications, self._ask("POST", f"/events/{event_id}/withdraw"))

    def begin_experiment(self, event_id: str, path: str, **other: Any) -> Experiment:
        """Show half of the visitors another `title` or `cover` of the film at this path; the better one is kept by itself."""
        return cast(Experiment, self._ask("POST", f"/events/{event_id}/experiments", {"path": path, **other}))

    def experiments(self, event_id: str) -> list[Experiment]:
        """The newest experiments of an event, with what both sides came to."""
        return cast("list[Experiment]", self._ask("GET", f"/events/{event_id}/experiments")["items"])

    def stop_experiment(self, experiment_id: str, keep: str) -> Experiment:
        """End one, and show `a` or `b` to everyone."""
        return cast(Experiment, self._ask("POST", f"/experiments/{experiment_id}/stop", {"keep": keep}))

    def feed(self, **query: Any) -> dict[str, Any]:
        """What is published, the newest first."""
        return cast("dict[str, Any]", self._ask("GET", "/feed", query=query))

    def create_link(self, kind: str, **target: Any) -> Link:
        """A short link to an `event`, `asset`, `person` (a card) or `url`, through a `channel`."""
        return cast(Link, self._ask("POST", "/links", {"kind": kind, **target}))

    def search(self, words: str, **query: Any) -> list[Found]:
        """Where the words stand in what is published."""
        return cast("list[Found]", self._ask("GET", "/search", query={"q": words, **query})["items"])

    def create_person(self, name: str, slug: str, **more: Any) -> Person:
        """Give someone a smart card."""
        return cast(Person, self._ask("POST", "/people", {"name": name, "slug": slug, **more}))

    def choose_content(self, person_id: str, events: list[str]) -> Person:
        """What a card shows first."""
        return cast(Person, self._ask("PUT", f"/people/{person_id}/content", {"events": events}))

    def card(self, slug: str) -> dict[str, Any]:
        """A card and what it shows, for other card programs."""
        return cast("dict[str, Any]", self._ask("GET", f"/cards/{slug}"))
