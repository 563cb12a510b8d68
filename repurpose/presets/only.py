"""Presets of which only some cuts are rendered."""

from __future__ import annotations

from collections.abc import Sequence

from repurpose.errors import UserError
from repurpose.presets.whole import Presets


def only(presets: Presets, cuts: Sequence[str]) -> Presets:
    """Presets that render these cuts alone, or all when none is named; the longer cuts they lie within are still chosen.

    Raises UserError for a cut there is not.
    """
    if not cuts:
        return presets
    wanted: dict[str, bool] = {}
    for name in cuts:
        if name not in presets.cut:
            raise UserError(f"{name}: no such cut. There are: {', '.join(cut.name for cut in presets.rungs())}.")
        wanted[name] = True
        while name := presets.cut[name].within:
            wanted.setdefault(name, False)
    kept = {
        name: presets.cut[name] if shown else presets.with_room(presets.cut[name]).model_copy(update={"renders": ()})
        for name, shown in wanted.items()
    }
    return presets.model_copy(update={"cut": kept})
