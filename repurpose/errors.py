"""Everything that can go wrong, as one tree.

RepurposeError
|-- UserError            the input or a setting is at fault: one line, exit code 2
|   |-- BadMedia         a recording that cannot be used: what, why, what next
|   |-- BadPreset        a preset, event file or choices file that does not parse
|   `-- Taken            a name or address that another one has already
|-- NothingFits          this variant cannot be made from this recording; the others go on
|-- ToolError            a program we call failed: the command and its last words
|   `-- Stalled          it stopped making progress and was ended
|-- GateError            an output is not whole; it was not stored
`-- StoreError           the store lost or refused a file
Cancelled                the user stopped the work; stands apart, is never logged as a failure
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence


class RepurposeError(Exception):
    """The root of every error this package raises on purpose."""


class UserError(RepurposeError):
    """The user's input is at fault. The message is one line: what, why, what to do next."""


class BadMedia(UserError):
    """A recording that cannot be used. The message names the file, the fault and the cure."""


class BadPreset(UserError):
    """A preset, event file or choices file that does not parse. The message names file and field."""


class Taken(UserError):
    """A name or address that another one has already. The message says which."""


class NothingFits(RepurposeError):
    """This variant cannot be made from this recording. The message is the reason, in the reader's words."""


class ToolError(RepurposeError):
    """A program we call failed: what was run, how it ended, and the last it said."""

    def __init__(self, command: Sequence[str], code: int, said: str) -> None:
        super().__init__(
            f"{command[0]} ended with {code}: {said.strip() or 'no message'}\n  ran: {shlex.join(command)}"
        )
        self.command, self.code, self.said = tuple(command), code, said


class Stalled(ToolError):
    """A program made no progress for the stall limit and was ended."""


class GateError(RepurposeError):
    """An output is not whole (too short, a stream missing, an end that does not decode)."""


class StoreError(RepurposeError):
    """The store lost a file or refused to take one."""


class Cancelled(Exception):
    """The user stopped this job; nothing was stored."""
