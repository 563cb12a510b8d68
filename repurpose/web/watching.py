"""Watching a folder: what is still is taken, becomes an event with an order, and is sent on when that has ended."""

from __future__ import annotations

import logging
import re
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Literal, Self

from repurpose.db import events, orders
from repurpose.db.ids import new_id
from repurpose.db.orders import OPEN, OrderRow
from repurpose.errors import RepurposeError
from repurpose.ingest.watch import DONE, DUPLICATES, FAILED, LONGEST_S, Known, drops_in, remember, settled
from repurpose.ingest.watch_folder import WatchFolder
from repurpose.pipeline.hand_in import Handing, Read, Same, order, read_in
from repurpose.pipeline.workplace import Workplace
from repurpose.web.writing import has_room

log = logging.getLogger("repurpose.watch")
WHO = "watch"  # in the rows of what it hands in
AGAIN_S = 60.0  # until what could not be read for want of room or a network is tried again
NAP_S = 0.2  # how soon it is heard that the watching ends
_ID = re.compile(r"ru_[a-z2-7]{20}")
What = Literal["taken", "resumed", "done", "failed", "duplicate", "returned", "waiting"]
_BECAME: dict[str, What] = {DONE: "done", FAILED: "failed", DUPLICATES: "duplicate", "": "returned"}


@dataclass(frozen=True)
class Happened:
    """One thing that happened to what was dropped into the folder."""

    what: What
    name: str  # as it was dropped; of the folder itself when that cannot be read
    why: str = ""  # in words: failed, duplicate, returned, waiting
    now: str = ""  # where it lies from now on, from the watched folder on
    run: str = ""  # the order to make it
    event: str = ""  # its draft: id
    called: str = ""  # and what `repurpose publish` knows it by


class Watching:
    """The looks at one folder, each a `step`. While it is entered, a thread takes them. `call` is called for every new order,
    `report` with everything that happens."""

    def __init__(
        self, place: Workplace, folder: WatchFolder, call: Callable[[], None], report: Callable[[Happened], None]
    ) -> None:
        self.place, self.folder = place, folder
        self._call, self._report = call, report
        self._known: dict[str, Known] = {}
        self._told: set[str] = set()  # what was reported and need not be again
        self._later: dict[str, float] = {}  # claim -> when it is tried again
        self._leave = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watching")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave.set()
        self._thread.join()

    def watch(self, stop: Callable[[], bool]) -> None:
        """Look again and again until `stop`."""
        while not stop():
            self._guarded(stop)
            self._rest(stop)

    def once(self, stop: Callable[[], bool]) -> list[str]:
        """Take what is still within the time that takes, wait until all of it has ended, and name what was left."""
        began = time.monotonic()
        lasts = self.place.settings.watch_still + self.place.settings.watch_look
        taking = True
        while not stop():
            taking = taking and time.monotonic() - began <= lasts
            self._guarded(stop, taking=taking)
            if not (taking and self._known) and set(self._claims()) <= set(self._later):
                break
            self._rest(stop)
        return sorted(self._known)

    def step(self, now: float, stop: Callable[[], bool] = lambda: False, *, taking: bool = True) -> None:
        """One look: go on with what was taken, then take what has been still. `now` is in seconds of any steady clock.

        Raises OSError when the folder cannot be read.
        """
        self._go_on(now, stop)
        self._known = remember(self._known, drops_in(self.folder.files()), now)
        for name, known in list(self._known.items()) if taking else ():
            if stop():
                return
            if self._may_be_taken(known):
                del self._known[name]
                claim_id = new_id("ru")
                if self.folder.claim(known.drop, claim_id):
                    self._enter(claim_id, now)

    # -- what was taken --------------------------------------------------------------------------------------------------

    def _go_on(self, now: float, stop: Callable[[], bool]) -> None:
        claims = self._claims()
        rows = orders.those(self.place.engine, claims)
        for claim_id in claims:
            row = rows.get(claim_id)
            if stop():
                return
            if row is None and not self.folder.is_going(claim_id):
                if self._later.get(claim_id, now) <= now:
                    self._enter(claim_id, now)
            elif row is None or self.folder.is_going(claim_id):
                self._send(claim_id, "", row=row)
            elif row.state in OPEN:
                if claim_id not in self._told:
                    self._tell_once(claim_id, Happened("resumed", self._name(claim_id), **self._about(row)))
            elif row.state == "done":
                self._send(claim_id, DONE, row=row)
            else:
                self._send(claim_id, FAILED, row.why or "It was cancelled.", row=row)

    def _claims(self) -> list[str]:
        return sorted(filter(_ID.fullmatch, self.folder.claims()))

    def _enter(self, claim_id: str, now: float) -> None:
        """What was claimed becomes an event with an order, or is sent on because it cannot."""
        claimed = self.folder.claimed(claim_id)
        if claimed is None:
            self._send(claim_id, "", "There is no recording with it.")
            return
        before = self.folder.state(claim_id)
        if not has_room(self.place.settings.home, sum(file.size for file in before)):
            self._wait(claim_id, claimed.name, f"The disk that holds {self.place.settings.home} is full.", now)
            return
        handing = Handing(claimed.recordings, claimed.title, claimed.event_file, claimed.subtitles, claimed.chat)
        read: Read | str
        try:
            read = read_in(self.place, handing)
        except RepurposeError as fault:
            read = str(fault)
        except PermissionError:
            read = f"{claimed.name}: may not be read. Change its permissions."
        except OSError as fault:
            self._wait(claim_id, claimed.name, f"It cannot be read ({fault.strerror or fault}).", now)
            return
        except Exception as fault:
            log.error("%s broke", claimed.name, exc_info=fault)
            read = "".join(traceback.format_exception_only(fault)).strip()
        self._later.pop(claim_id, None)
        if self.folder.is_changing(claim_id, before):
            self._send(claim_id, "", "It was written to again.")
        elif isinstance(read, str):
            self._send(claim_id, FAILED, read.replace(f"{self.folder.root / 'taken' / claim_id}/", ""))
        else:
            self._order(claim_id, claimed.name, read)

    def _wait(self, claim_id: str, name: str, why: str, now: float) -> None:
        """Nothing is wrong with the files: they are tried again."""
        self._later[claim_id] = now + AGAIN_S
        self._tell_once(
            f"{claim_id} {why}", Happened("waiting", name, f"{why} It is tried again every {AGAIN_S:.0f} s.")
        )

    def _order(self, claim_id: str, name: str, read: Read) -> None:
        found = order(self.place, read, claim_id, WHO)
        if isinstance(found, Same):
            why = f"The same as {found.name}, which is in the event {found.event.title} ({found.event.id})."
            self._send(claim_id, DUPLICATES, why)
            return
        self._tell_once(claim_id, Happened("taken", name, **self._about(found)))
        self._call()

    def _send(self, claim_id: str, to: str, why: str = "", row: OrderRow | None = None) -> None:
        name = self._name(claim_id)
        told = _reason(to, name, why, str(self.folder.root)) if why and to else ""
        sent = self.folder.send(claim_id, to, why, told)
        if sent is not None:
            now = f"{sent.to}/{sent.name}".lstrip("/")
            about = self._about(row) if row else {}
            self._report(Happened(_BECAME[sent.to], sent.was, sent.why, now, **about))

    # -- what lies there -------------------------------------------------------------------------------------------------

    def _may_be_taken(self, known: Known) -> bool:
        drop, waited = known.drop, known.seen - known.since
        if settled(known, self.place.settings.watch_still):
            if not self.folder.is_written(drop):
                return True
            self._tell_once(drop.name, Happened("waiting", drop.name, "A program still has it open to write."))
        elif drop.coming and waited > LONGEST_S:
            why = f"{drop.coming} lies beside it: something is still to come. Delete that if nothing is."
            self._tell_once(drop.name, Happened("waiting", drop.name, why))
        return False

    # -- words and turns -------------------------------------------------------------------------------------------------

    def _about(self, row: OrderRow) -> dict[str, str]:
        wished = orders.wish(self.place.engine, row.event_id)
        event = events.find(self.place.engine, row.event_id)
        called = wished.about.name if wished else event.slug if event else ""
        return {"run": row.id, "event": row.event_id, "called": called}

    def _name(self, claim_id: str) -> str:
        claimed = self.folder.claimed(claim_id)
        return claimed.name if claimed else claim_id

    def _tell_once(self, key: str, happened: Happened) -> None:
        if key not in self._told:
            self._told.add(key)
            self._report(happened)

    def _guarded(self, stop: Callable[[], bool], *, taking: bool = True) -> None:
        """A step; a folder that cannot be read, such as one on a network, is looked at again the next time."""
        try:
            self.step(time.monotonic(), stop, taking=taking)
            self._told.discard("folder")
        except OSError as fault:
            why = f"It cannot be read ({fault.strerror or fault}). It is looked at again and again."
            self._tell_once("folder", Happened("waiting", str(self.folder.root), why))

    def _rest(self, stop: Callable[[], bool]) -> None:
        until = time.monotonic() + self.place.settings.watch_look
        while not stop() and (left := until - time.monotonic()) > 0:
            time.sleep(min(NAP_S, left))

    def _watch(self) -> None:
        while not self._leave.is_set():
            try:
                self.watch(self._leave.is_set)
            except Exception as fault:  # the database is away: the server goes on, and so do we when it is back
                log.error("the look at %s broke", self.folder.root, exc_info=fault)
                self._rest(self._leave.is_set)


def log_happened(happened: Happened) -> None:
    """A line in the server's log; what was not made, or waits, is a warning."""
    line = {"watch": happened.what} | {name: value for name, value in asdict(happened).items() if value}
    line.pop("what")
    level = logging.WARNING if happened.what in ("failed", "waiting") else logging.INFO
    log.log(level, "%s: %s", happened.name, happened.what, extra={"answered": line})


def _reason(to: str, name: str, why: str, root: str) -> str:
    """The reason as a person reads it: what, why, what next; Chinese first, then English."""
    if to == DUPLICATES:
        return (
            f"{name}\n\n与已有的录像内容相同，没有重复制作。\n{why}\n可以删除这个文件；要修改活动，请在微站的活动里改。\n\n"
            f"The same recording was handed in before, so nothing was made.\n{why}\n"
            "This file may be deleted. To change the event, change it there.\n"
        )
    return (
        f"{name}\n\n没有做成。原因：\n{why}\n\n下一步：改好之后，把文件移回 {root} 即可重做；已完成的部分不会重做。\n\n"
        f"It was not made, because:\n{why}\n\n"
        f"What next: put that right and move the file back into {root}. What was finished is not made again.\n"
    )
