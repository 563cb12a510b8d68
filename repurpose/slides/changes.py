"""A PySceneDetect detector that finds where the page may have changed, looking past what moves all the time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scenedetect.common import FrameTimecode
from scenedetect.detector import SceneDetector

from repurpose.models import Ms
from repurpose.slides import look
from repurpose.slides.look import Image, Map

_REACH = 12  # looks before and after, from which it is learned what moves
_OFTEN = 0.3  # share of those looks at which a place differed from the look before and from the one after
_LOCAL = 0.1  # share of the picture: a change no larger than a speaker's picture in a corner
_RESTLESS = 0.08  # share of all looks at which such a change touched a place that belongs to no page


@dataclass(frozen=True)
class Step:
    """From one look to the next: did anything change outside `mask`, or is it a camera's picture that fills the screen?"""

    start: Ms
    end: Ms
    changed: bool
    filmed: bool
    mask: Map
    change: bytes = b""  # where the two looks differ, packed

    def past(self, restless: Map) -> Step:
        """The same step, judged with what is restless all through the recording left out."""
        change = np.unpackbits(np.frombuffer(self.change, np.uint8), count=restless.size).reshape(restless.shape)
        mask = self.mask | restless
        return replace(self, changed=not self.filmed and look.differs(change.astype(np.bool_) & ~mask), mask=mask)


class ChangeDetector(SceneDetector):  # type: ignore[misc]  # scenedetect carries no types
    """Cuts where a look differs from the one before outside of what keeps moving; `steps` holds what it saw.

    A place moves if it differed from the look before *and* from the one after in many of the looks nearby: a page that
    comes and stays differs on one side only, a speaker's picture on both. The looks before and those after a step are
    judged apart, because at the step itself a page may give way to a camera.
    """

    def __init__(self, beat: Callable[[Ms], None]) -> None:
        super().__init__()
        self.steps: list[Step] = []
        self._beat = beat
        self._times: deque[FrameTimecode] = deque()
        self._changes: deque[Map] = deque()  # [k]: from look k-1 to look k
        self._last: Image | None = None
        self._looks = 0
        self._local: NDArray[np.int32] | None = None  # how often a small change touched each place
        self._next = 1  # the step to judge next, as an index into the two queues

    def process_frame(self, timecode: FrameTimecode, frame_img: NDArray[np.uint8]) -> list[FrameTimecode]:
        self._beat(timecode.frame_num)
        nothing = np.zeros(frame_img.shape[:2], np.bool_)
        change = nothing if self._last is None else look.changed(self._last, frame_img)
        if self._local is None:
            self._local = np.zeros(change.shape, np.int32)
        self._looks += 1
        if look.share(change) < _LOCAL:
            self._local += change
        self._changes.append(change)
        self._times.append(timecode)
        self._last = frame_img
        return self._judged(_REACH + 1)

    def post_process(self, timecode: FrameTimecode) -> list[FrameTimecode]:
        return self._judged(0)

    def judged(self) -> list[Step]:
        """All steps, once every look was taken.

        A face that speaks now and then is too calm to be told from a page by its neighbours in time; over a whole
        recording it is not: a page's places change with the page, a few times.
        """
        if self._local is None:
            return self.steps
        restless = look.framed(self._local >= max(4.0, _RESTLESS * self._looks))
        if look.fills(restless):
            return self.steps
        return [step.past(restless) for step in self.steps]

    def _judged(self, ahead: int) -> list[FrameTimecode]:
        cuts = []
        while self._next + ahead < len(self._times):
            step = _step(list(self._times), list(self._changes), self._next)
            self.steps.append(step)
            if step.changed:
                cuts.append(self._times[self._next])
            self._next += 1
            if self._next > _REACH + 1:
                self._times.popleft()
                self._changes.popleft()
                self._next -= 1
        return cuts


def _step(times: Sequence[FrameTimecode], changes: Sequence[Map], index: int) -> Step:
    """The step from look `index` - 1 to look `index`."""
    change = changes[index]
    sides = [
        _moving(changes, range(index - 1, index - 1 - _REACH, -1)),
        _moving(changes, range(index, index + _REACH)),
    ]
    calm = [mask for mask in sides if not look.fills(mask)]
    filmed = not calm and look.fills(look.framed(_unsteady(changes, index - 1) | _unsteady(changes, index)))
    if calm:
        mask = np.logical_or.reduce(calm)
    else:
        mask = look.framed(_unsteady(changes, index - 1) & _unsteady(changes, index))
        if look.fills(mask):  # nothing would be left to look at
            mask = np.zeros_like(mask)
    return Step(
        start=times[index - 1].frame_num,
        end=times[index].frame_num,
        changed=not filmed and look.differs(change & ~mask),
        filmed=filmed,
        mask=mask,
        change=np.packbits(change).tobytes(),
    )


def _unsteady(changes: Sequence[Map], index: int) -> Map:
    """Where look `index` differs from the look before it and from the one after."""
    if 0 < index < len(changes) - 1:
        return changes[index] & changes[index + 1]
    return np.zeros_like(changes[0])


def _moving(changes: Sequence[Map], looks: range) -> Map:
    """Where the picture was unsteady in many of these looks."""
    inside = [index for index in looks if 0 < index < len(changes) - 1]
    if len(inside) < 2:
        return np.zeros_like(changes[0])
    count = np.sum([_unsteady(changes, index) for index in inside], axis=0)
    return look.framed(count >= max(2.0, _OFTEN * len(inside)))
