"""The ladder: highlights -> which stretches each version shows. Pure: prints, diffs, and can be edited by hand."""

from __future__ import annotations

from repurpose.context import Context
from repurpose.edit.aims import AIMS
from repurpose.edit.headline import headline
from repurpose.edit.material import Material, Run, material_of
from repurpose.errors import NothingFits
from repurpose.models import (
    Chapters,
    Choices,
    EditDecisionList,
    Edits,
    Highlights,
    Ms,
    Recording,
    Sound,
    Transcript,
)
from repurpose.presets import CutPreset, TakePreset

_ROOM = 115  # percent: a recording hardly longer than the cut is better watched whole


def fit(
    highlights: Highlights,
    chapters: Chapters,
    transcript: Transcript,
    sound: Sound,
    recording: Recording,
    choices: Choices,
    parent: Edits | None,
    cut: CutPreset,
    ctx: Context,
) -> Edits:
    """All takes of one cut, each inside its parent's spans, edges on frames in pauses, sentences whole.

    Take k draws from take k of `parent`, or from take 1 where it has fewer; without a parent, from the whole
    recording. Raises NothingFits with the reason when not one take can be made.
    """
    if recording.duration * 100 < cut.at_most * _ROOM:
        raise NothingFits(
            f"the recording is {clock(recording.duration)} long; a {cut.name} version needs at least {clock(cut.at_most * _ROOM // 100)}"
        )
    if not transcript.sentences:
        raise NothingFits("nothing was said in this recording")
    takes: dict[int, EditDecisionList] = {}
    for source, asked in _sources(parent, cut.takes):
        made: list[EditDecisionList] = []
        for nearest in (False, True):  # words without a frame between them are parted only where nothing else serves
            ctx.check()
            material = material_of(
                highlights, chapters, transcript, sound, recording, choices, source, cut, nearest=nearest
            )
            found = AIMS[cut.aim](material, cut, len(asked))
            if len(found) > len(made):
                made = [
                    _edl(cut, take, runs, material, transcript, highlights)
                    for take, runs in zip(asked, found, strict=False)
                ]
            if len(made) == len(asked):
                break
        takes |= {edl.take: edl for edl in made}
    if not takes:
        raise NothingFits(f"no stretch of whole sentences in the recording makes a {cut.name} version of {_range(cut)}")
    missing = [str(k) for k in range(1, cut.takes + 1) if k not in takes]
    why = f"the recording carries no take {', '.join(missing)} of {cut.name}" if missing else ""
    return Edits(cut=cut.name, takes=tuple(takes[k] for k in sorted(takes)), why=why)


def pick(edits: Edits, take: TakePreset, ctx: Context) -> EditDecisionList:
    """The take of that number. Raises NothingFits with the reason when it was not made."""
    ctx.check()
    for edl in edits.takes:
        if edl.take == take.take:
            return edl
    raise NothingFits(edits.why or f"{edits.cut} has no take {take.take}")


def clock(ms: Ms) -> str:
    """`m:ss`, or `h:mm:ss` from an hour on."""
    hours, rest = divmod(ms // 1000, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _range(cut: CutPreset) -> str:
    return f"{clock(cut.floor)} to {clock(cut.at_most)}"


def _sources(parent: Edits | None, takes: int) -> list[tuple[EditDecisionList | None, list[int]]]:
    """Each take of the parent with the takes drawn from it; those with no take of their number draw from the first."""
    if parent is None:
        return [(None, list(range(1, takes + 1)))]
    number = {edl.take: k for k, edl in enumerate(parent.takes)}
    asked: list[list[int]] = [[] for _ in parent.takes]
    for take in range(1, takes + 1):
        asked[number.get(take, 0)].append(take)
    return [(edl, wanted) for edl, wanted in zip(parent.takes, asked, strict=True) if wanted]


def _edl(
    cut: CutPreset, take: int, runs: list[Run], material: Material, transcript: Transcript, highlights: Highlights
) -> EditDecisionList:
    told = [i for first, last in runs for i in range(first, last + 1)]
    title = headline([(transcript.sentences[i].text, highlights.items[i]) for i in told], transcript.language)
    return EditDecisionList(cut=cut.name, take=take, title=title, spans=material.spans(runs))
