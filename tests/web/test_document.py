"""The OpenAPI document is true: asked everything it allows, and much it does not, nothing breaks and nothing is undocumented.

`REPURPOSE_EXAMPLES=200` asks for longer; so does `python -m tests.web.test_document --examples 200`, where `--database URL` names any
PostgreSQL.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from tests.databases import Kind, ready_database
from tests.web.served import published, served

ROOT = Path(__file__).parent.parent.parent
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
EXAMPLES = int(os.environ.get("REPURPOSE_EXAMPLES", "2"))  # of each operation and phase
PATIENCE_S = 600  # for an answer: on a busy machine a slow one is no fault


def asked(home: Path, examples: int, database: str = "") -> subprocess.CompletedProcess[str]:
    """schemathesis at work on a server of ours; its exit code says whether anything was found."""
    with served(home, database=database) as server:
        published(server.place)
        # Written now: the one who asks next gives it ten seconds.
        httpx.get(f"{server.base}/api/v1/openapi.json", timeout=PATIENCE_S)
        command = [
            sys.executable, "-W", "ignore", "-m", "schemathesis.cli", "run", f"{server.base}/api/v1/openapi.json",
            "--url", server.base, "--header", f"Authorization: Bearer {server.keys['admin']}", "--checks", CHECKS,
            "--max-examples", str(examples), "--phases", "examples,fuzzing", "--seed", "1", "--no-color",
            "--continue-on-failure", "--request-timeout", str(PATIENCE_S),
        ]  # fmt: skip
        told = {"PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.web.asking"}
        return subprocess.run(
            command, cwd=home.parent, env=os.environ | told, capture_output=True, text=True, check=False
        )


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_document_is_true(tmp_path: Path, kind: Kind) -> None:
    done = asked(tmp_path / "home", EXAMPLES, ready_database(kind, tmp_path))
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", type=int, default=100)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        told = asked(Path(folder) / "home", given.examples, given.database)
    print(told.stdout[-12000:], told.stderr[-3000:])
    sys.exit(told.returncode)
