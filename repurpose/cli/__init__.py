"""The command line: one file a command, each imported only when it is called.

Exit codes: 0 done, 2 the user's input (one line on stderr), 1 our fault (with the traceback), 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import errno
import importlib
import os
import signal
import sys
from collections.abc import Sequence

import click

from repurpose import __version__
from repurpose.errors import Cancelled, UserError

COMMANDS = {  # name -> its line in the overview; the command itself is repurpose.cli.NAME:NAME
    "run": "Make every version of a recording.",
    "render": "Render an edit decision list by hand.",
    "watch": "Make whatever is dropped into a folder.",
    "batch": "Make known recordings again, with what presets and brands are now.",
    "status": "Show what was done, what is running, and what failed.",
    "publish": "Show an event on the site, go back a release, or take it down.",
    "views": "Show what viewers watched, and take in totals from elsewhere.",
    "report": "Tell how an event went: the funnel, the hottest seconds, the leads and why.",
    "leads": "Take in who registered; show, export and forget who watched what.",
    "links": "Write a link of their own for every lead of an event.",
    "card": "Add and list the people who have a smart card.",
    "migrate": "Bring the database up to this program.",
    "serve": "Serve the microsite, the smart cards and the API.",
    "key": "Make an API key.",
    "doctor": "Check that this machine has all it takes.",
    "demo": "Make every version of the sample webinar.",
    "init": "Write an event.toml to fill in.",
}
STOPPED = "Stopped. What was finished is kept: run the same command again and it goes on from there."


class Overview(click.Group):
    """The commands by name; `--help` of the whole costs none of their imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"repurpose.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Overview, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="repurpose")
def overview() -> None:
    """One replay recording in; a transcript, slides, chapters, highlights and the 30min, 5min, 1min and 15s versions out."""


def main() -> None:
    """The program `repurpose`."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite end is Ctrl-C: finish cleanly
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads spin beside the stages that have work to do
    sys.exit(answer(sys.argv[1:]))


def answer(arguments: Sequence[str]) -> int:
    """Run one command line; its exit code. What is our fault is raised, so that its traceback is seen."""
    try:
        code = overview.main(list(arguments), prog_name="repurpose", standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as fault:
        fault.show()
        return 2
    except (click.Abort, KeyboardInterrupt, Cancelled):
        click.echo(STOPPED, err=True)
        return 130
    except UserError as fault:
        click.echo(f"repurpose: {fault}", err=True)
        return 2
    except OSError as fault:
        if fault.errno != errno.ENOSPC:
            raise
        click.echo("repurpose: the disk is full. Free some space and run the same command again.", err=True)
        return 2
    return code if isinstance(code, int) else 0
