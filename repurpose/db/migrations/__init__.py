"""How a database comes to have our tables: by the steps in `versions`, one after the other."""

from __future__ import annotations

HEAD = "0009"  # the newest step; to know it costs no import
FIRST = "0001"  # what a database has that was made before there were steps: runs and jobs
