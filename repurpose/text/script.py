"""Traditional Chinese -> Simplified."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# Wording that is Taiwanese beyond doubt, after the characters were folded. OpenCC's own tw2sp goes further and is wrong on
# mainland text (行程 -> 进程, 程序 -> 进程, 支援 -> 支持), and a transcript must not change what was said. Same length each:
# the times of the words around them still hold.
_wording = {
    "滑鼠": "鼠标",
    "软体": "软件",
    "硬体": "硬件",
    "韧体": "固件",
    "网路": "网络",
    "萤幕": "屏幕",
    "程式": "程序",
    "简讯": "短信",
    "伺服器": "服务器",
    "资料库": "数据库",
    "硬碟": "硬盘",
    "光碟": "光盘",
    "列印": "打印",
    "计程车": "出租车",
    "人工智慧": "人工智能",
    "智慧型": "智能型",
    "介面": "界面",
    "搜寻": "搜索",
    "行动电话": "移动电话",
}
_any_wording = re.compile("|".join(sorted(_wording, key=len, reverse=True)))


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """The text in Simplified characters, with unmistakably Taiwanese wording turned (滑鼠 -> 鼠标); Latin letters, digits
    and text that is Simplified already stay as they are."""
    folded: str = _converter().convert(text)
    return _any_wording.sub(lambda match: _wording[match[0]], folded)
