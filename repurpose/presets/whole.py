"""Every preset of a run together."""

from __future__ import annotations

from pydantic import Field

from repurpose.errors import BadPreset
from repurpose.models import Model
from repurpose.presets.channels import Channels
from repurpose.presets.cuts import CutPreset, TakePreset
from repurpose.presets.motion import MotionPreset
from repurpose.presets.posters import PostersPreset
from repurpose.presets.renders import RenderPreset
from repurpose.presets.steps import HighlightsPreset, SlidesPreset, TranscribePreset
from repurpose.presets.stream import StreamPreset
from repurpose.presets.summaries import SummariesPreset


class Presets(Model):
    """Every preset in force for a run, as data: part of the key of each stage that uses it."""

    cut: dict[str, CutPreset]
    render: dict[str, RenderPreset]
    transcribe: TranscribePreset
    slides: SlidesPreset
    highlights: HighlightsPreset
    posters: PostersPreset = Field(default_factory=lambda: PostersPreset.model_validate({}))
    motion: MotionPreset = Field(default_factory=lambda: MotionPreset.model_validate({}))
    summaries: SummariesPreset = Field(default_factory=lambda: SummariesPreset.model_validate({}))
    stream: StreamPreset = Field(default_factory=lambda: StreamPreset.model_validate({}))
    channels: Channels = Channels()

    def rungs(self) -> list[CutPreset]:
        """The cuts, each after the one it lies within; longest first. Raises BadPreset for a circle."""
        return sorted(self.cut.values(), key=lambda cut: (self._depth(cut.name), -cut.at_most, cut.name))

    def takes(self) -> list[TakePreset]:
        """Every take of every cut, in the order of the rungs."""
        return [
            TakePreset(name=f"{cut.name}-{k}" if cut.takes > 1 else cut.name, cut=cut.name, take=k, renders=cut.renders)
            for cut in self.rungs()
            for k in range(1, cut.takes + 1)
        ]

    def with_room(self, cut: CutPreset) -> CutPreset:
        """The cut as it is chosen: shorter by what the bumpers of its renders add, so that every file keeps `at_most`."""
        added = max((self.render[name].intro + self.render[name].outro for name in cut.renders), default=0)
        return cut.model_copy(update={"at_most": cut.at_most - added, "at_least": cut.floor}) if added else cut

    def _depth(self, name: str) -> int:
        seen: list[str] = []
        while name:
            if name in seen:
                raise BadPreset(
                    f"presets/cuts: {' within '.join([*seen, name])} is a circle. One of them must lie within a longer cut."
                )
            seen.append(name)
            name = self.cut[name].within
        return len(seen)
