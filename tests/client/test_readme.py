"""The example of the README, run as it stands: a film in, an event on the site."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from repurpose.media import ffmpeg
from tests.web.served import served

ROOT = Path(__file__).parent.parent.parent


def example(name: str) -> str:
    """The code of the README that uses the client."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    return next(block for block in blocks if "repurpose.client" in block)


def test_both_readmes_show_the_same() -> None:
    assert example("README.md") == example("README.zh-CN.md")


@pytest.mark.slow
def test_the_example_of_the_readme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ffmpeg.run(
        "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=8", "-c:v", "libx264", "-preset", "ultrafast",
        "-pix_fmt", "yuv420p", "-movflags", "+faststart", tmp_path / "replay.mp4",
    )  # fmt: skip
    with served(tmp_path / "home") as server:
        code = example("README.md").replace("http://localhost:8000", server.base)
        exec(compile(code.replace("rp_live_...", server.keys["publisher"]), "README.md", "exec"), {})
        told = capsys.readouterr().out.splitlines()
        assert told[-2] == "done 100%"
        page = httpx.get(told[-1].split(" ")[0])
        assert page.status_code == 200
        assert "库存怎样降下来" in page.text
