"""The arrows of the house: a module imports only from a lower row, and each heavy library stays at home."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROWS = (
    ("models", "errors"),
    ("settings", "presets", "store", "context", "secret"),
    ("media", "db", "text"),
    (
        "ingest",
        "transcribe",
        "speakers",
        "slides",
        "highlights",
        "edit",
        "render",
        "design",
        "publish",
        "track",
        "feedback",
        "leads",
        "notify",
    ),
    ("pipeline",),
    ("web", "client"),
    ("cli",),
    ("__main__",),
)
ROW = {name: row for row, names in enumerate(ROWS) for name in names}
NEIGHBOURS_MAY_MEET = 2  # up to media, db and text
HOMES = {
    "av": ("media/",),
    "subprocess": ("media/",),
    "ffmpeg": ("media/",),
    "imageio_ffmpeg": ("media/",),
    "cv2": ("media/", "slides/", "render/", "design/"),
    "scenedetect": ("slides/",),
    "rapidocr": ("slides/",),
    "faster_whisper": ("transcribe/",),
    "whisper": ("transcribe/",),
    "onnxruntime": ("speakers/",),
    "PIL": (
        "slides/",
        "ingest/card.py",
        "ingest/brand_files.py",
        "ingest/person.py",
        "media/masks.py",
        "text/fonts.py",
        "render/",
        "design/",
        "web/site/pictures.py",
    ),
    "pydub": ("render/",),
    "moviepy": ("media/movies.py",),
    "segno": ("media/",),
    "fontTools": ("render/", "ingest/", "slides/pdf.py"),
    "sqlalchemy": ("db/",),
    "alembic": ("db/",),
    "fastapi": ("web/",),
    "starlette": ("web/",),
    "uvicorn": ("web/",),
    "argon2": ("web/",),
    "cryptography": ("leads/vault.py",),
    "idna": ("leads/identity.py",),
    "httpx": ("client/", "web/site/wechat.py"),
    "httpcore": ("notify/outward.py",),
    "smtplib": ("notify/mail.py",),
    "opentimelineio": ("publish/",),
    "pyarrow": ("leads/sheets.py",),
    "reportlab": ("slides/", "publish/report_pdf.py", "publish/paper.py"),
    "pptx": ("slides/",),
    "jinja2": ("publish/", "web/"),
    "babel": ("web/site/",),
    "feedgen": ("web/site/",),
    "rich": ("cli/",),
    "click": ("cli/",),
    "budoux": ("text/",),
    "jieba": ("text/",),
    "opencc": ("text/",),
    "sentencex": ("text/",),
    "celery": (),
}
FILES = sorted(path.relative_to(ROOT / "repurpose").as_posix() for path in (ROOT / "repurpose").rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: write imports in full"
            module = node.module or ""
            yield from (f"{module}.{alias.name}" for alias in node.names) if module == "repurpose" else (module,)


def faults_of(place: str) -> Iterator[str]:
    own = place.split("/")[0].removesuffix(".py")
    for module in imports(ROOT / "repurpose" / place):
        top, _, rest = module.partition(".")
        if top in {"workers", "tests"}:
            yield f"{place}: the package never knows its {top}"
        if top in HOMES and not place.startswith(HOMES[top]):
            yield f"{place}: {top} belongs in {HOMES[top] or 'workers/'}"
        other = rest.split(".")[0]
        if top == "repurpose" and other and other != own and own != "__init__" and not other.startswith("__"):
            down = ROW[other] < ROW[own]
            beside = ROW[other] == ROW[own] <= NEIGHBOURS_MAY_MEET
            if not down and not beside:
                yield f"{place} imports {module}: move what is shared to models/, or the call up to pipeline/"


def test_imports_point_down() -> None:
    assert [fault for place in FILES for fault in faults_of(place)] == []


def test_every_folder_has_a_row() -> None:
    found = {place.split("/")[0].removesuffix(".py") for place in FILES} - {"__init__"}
    assert found <= ROW.keys(), f"give {found - ROW.keys()} a row"


def test_files_stay_small() -> None:
    paths = sorted([*(ROOT / "repurpose").rglob("*.py"), *(ROOT / "workers").rglob("*.py")])
    lines = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in paths}
    assert {path: count for path, count in lines.items() if count > 500} == {}, "split what has more than 500 lines"


def test_names_say_something() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
    assert [place for place in FILES if empty & {part.removesuffix(".py") for part in place.split("/")}] == []
