"""Writes what lies beside the film: event.toml, chat.csv, registrants.csv and the portraits."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import numpy as np
from PIL import Image

from .pieces import TITLE
from .portraits import portrait
from .slides import photograph
from .slides_sales import KIT
from .sound import Timeline
from .talk import NAMES

PHOTOS = {"林": "lin-xi.png", "周": "zhou-yuan.png", "许": "xu-zhiran.png"}
ROLES = {
    "林": ("内容负责人", "墨川软件", "host"),
    "周": ("市场副总裁", "栈桥传感", "guest"),
    "许": ("销售运营总监", "青屿云", "guest"),
}
TERMS = ("回放", "逐字稿", "线索", "漏斗", "商机", "客户记分卡", "金句海报", "视频号", "微站", "B2B", "传感器")
START = datetime.datetime(2026, 10, 15, 15, 0)
FAMILY = [
    "陈",
    "高",
    "孙",
    "何",
    "罗",
    "方",
    "丁",
    "唐",
    "姚",
    "韩",
    "蒋",
    "沈",
    "程",
    "邓",
    "曹",
    "彭",
    "袁",
    "于",
    "董",
    "苏",
    "叶",
    "吕",
    "魏",
    "田",
    "杜",
    "汪",
    "金",
    "石",
    "戴",
    "贾",
]
GIVEN = [
    "嘉",
    "明宇",
    "楠",
    "思源",
    "启",
    "晴",
    "一凡",
    "蕾",
    "舟",
    "清越",
    "书言",
    "可心",
    "予安",
    "景行",
    "若水",
    "知行",
    "云帆",
    "子墨",
    "佳宁",
    "文博",
    "雨桐",
    "昊然",
]
ENGLISH = [
    "Mia Torres",
    "Daniel Okafor",
    "Priya Nair",
    "Lena Fischer",
    "Tom Ashby",
    "Grace Kim",
    "Omar Haddad",
    "Julia Novak",
    "Ben Carter",
    "Aiko Mori",
    "Ravi Menon",
    "Sofia Rossi",
    "Erik Lund",
    "Hannah Weiss",
    "Marcus Bell",
    "Nadia Petrov",
    "Chloe Martin",
    "Victor Alves",
    "Ines Costa",
    "Peter Quinn",
    "Amara Diallo",
    "Lucas Meyer",
    "Yara Saleh",
    "Owen Hughes",
]
FIRMS = (
    "示例机床",
    "示例医疗",
    "示例物流",
    "示例电气",
    "示例软件",
    "示例新能源",
    "Example Pumps",
    "Example Freight",
    "Example Labs",
)
TITLES = ("市场经理", "市场总监", "销售总监", "内容运营", "设备负责人", "采购经理", "产品经理", "总经理")
TITLES_EN = (
    "Marketing Manager",
    "Head of Growth",
    "Sales Director",
    "Content Lead",
    "Plant Engineer",
    "RevOps Manager",
)


def clock(seconds: float) -> str:
    """h:mm:ss of a time."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def write(line: Timeline, folder: Path, keep: Path) -> None:
    """Write all of them into `folder`."""
    photos = folder / "portraits"
    photos.mkdir(parents=True, exist_ok=True)
    for who, name in PHOTOS.items():
        picture = photograph(f'<div style="position:relative">{portrait(who, 900, 900)}</div>', 900, 900, keep)
        Image.fromarray(picture).quantize(192, dither=Image.Dither.NONE).save(photos / name, optimize=True)
    (folder / "event.toml").write_text(_event(line), encoding="utf-8")
    with (folder / "chat.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("at", "who", "text", "kind"))
        rows.writerows(
            (clock(at), said.who, said.text, said.kind) for at, said in sorted(line.chat, key=lambda x: x[0])
        )
    _registrants(folder / "registrants.csv", {said.who for _, said in line.chat} - {"主持助理"})


def _event(line: Timeline) -> str:
    parts = [
        "# The sample event: what a team knows before anyone listens to the recording.\n"
        f'name = "webinar"\ntitle = "{TITLE}：让回放持续带来线索"\ndate = 2026-10-15\nlanguage = "zh"\nbrand = "repurpose"\n'
        f'chat = "chat.csv"\nterms = [{", ".join(f"{term!r}" for term in TERMS)}]\n'.replace("'", '"'),
        f'[cta]\ntext = "领取资料包：清单、算账表格、讲稿"\nurl = "{KIT}"\n',
    ]
    for who, name in NAMES.items():
        title, company, role = ROLES[who]
        parts.append(
            f'[[speakers]]\nname = "{name}"\ntitle = "{title}"\ncompany = "{company}"\nrole = "{role}"\nphoto = "portraits/{PHOTOS[who]}"\n'
        )
    for at, chapter in line.chapters:
        parts.append(f'[[agenda]]\ntitle = "{chapter.title}"\nat = "{clock(at)}"\nspeaker = "{NAMES[chapter.who]}"\n')
    return "\n".join(parts)


def _registrants(path: Path, chatted: set[str]) -> None:
    rng = np.random.default_rng(120)
    names = [name for name in sorted(chatted) if name.isascii()]
    names += [name for name in ENGLISH if name not in names][: 24 - len(names)]
    names += [name for name in sorted(chatted) if not name.isascii()]
    while len(names) < 120:
        name = str(rng.choice(FAMILY)) + str(rng.choice(GIVEN))
        if name not in names:
            names.append(name)
    rows = []
    for number, name in enumerate(names, 1):
        english = name.isascii()
        came = name in chatted or rng.random() < 0.3
        when = START - datetime.timedelta(days=int(rng.integers(0, 21)), minutes=int(rng.uniform(20, 420)))
        mail = (name.lower().replace(" ", ".") if english else f"guest{number:03d}") + (
            "@example.org" if number % 4 == 0 else "@example.com"
        )
        firm = str(rng.choice(FIRMS[6:] if english else FIRMS[:6]))
        title = str(rng.choice(TITLES_EN if english else TITLES))
        minutes = int(np.clip(rng.normal(29, 8), 3, 35)) if came else 0
        rows.append(
            (when, (name, mail, firm, title, when.strftime("%Y-%m-%d %H:%M"), "yes" if came else "no", minutes))
        )
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("name", "email", "company", "title", "registered_at", "attended", "minutes"))
        out.writerows(row for _, row in sorted(rows, key=lambda row: row[0]))
