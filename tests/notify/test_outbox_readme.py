"""The receiver of the README, run as it stands, beside a real relay."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from repurpose.notify.signature import secrets_of
from repurpose.secret import alive
from tests.notify.receiver import Say, receiving
from tests.notify.test_outbox_relay import Place

ROOT = Path(__file__).parent.parent.parent


def example(name: str) -> str:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    return next(block for block in blocks if "standardwebhooks" in block)


def test_the_receiver_of_the_readme(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert example("README.md") == example("README.zh-CN.md")
    names: dict[str, object] = {}
    with receiving(lambda got: Say(names["receive"](got.headers, got.body))) as receiver:  # type: ignore[operator]
        place = Place(tmp_path, receiver.url)
        row = place.hears(receiver.url)
        (secret,) = secrets_of(row.id, row.keys, alive(place.settings), 0)
        exec(compile(example("README.md").replace("whsec_...", secret), "README.md", "exec"), names)
        place.tell("su_1", fields={"name": "林晓"})
        with place.relay():
            place.until(lambda: place.messages(row)[0].state == "delivered")
        (got,) = receiver.got
        assert names["receive"](got.headers, got.body) == 204  # type: ignore[operator]
        assert names["receive"](got.headers, got.body + b" ") == 401  # type: ignore[operator]
    assert capsys.readouterr().out == "submission.received {'fields': {'name': '林晓'}}\n"
