"""The slides of the opening and of why replays go to waste. One function a slide; `step` counts its builds."""

from __future__ import annotations

from .pieces import LINE, MIST, SIGNAL, WARM, at, box, from_step, head, line, page, svg, word

WASTE = "回放为什么被浪费"


def _sixty(x: float, y: float, side: float, gap: float, columns: int, dim: str) -> str:
    """Sixty squares, the first one lit: the hour and the days after it."""
    cells = ""
    for day in range(60):
        fade = WARM if day == 0 else dim
        cells += box(
            (day % columns) * (side + gap), (day // columns) * (side + gap), side, side, fade, 8,
            "" if day == 0 else f'opacity="{0.95 - 0.72 * day / 60:.2f}"',
        )  # fmt: skip
    rows = 60 // columns
    return svg(x, y, columns * (side + gap), rows * (side + gap), cells)


def cover(step: int) -> str:
    return page(
        at(
            112,
            190,
            "一场直播，<br>用足六十天",
            "font-size:168px;font-weight:800;line-height:1.26;letter-spacing:-.01em",
        )
        + at(118, 650, "让回放持续带来线索", "font-size:48px;font-weight:600")
        + at(118, 726, "One live hour, sixty days of work", "font-size:36px;color:#B9C3D9")
        + _sixty(118, 850, 30, 12, 30, "#8FA8FF")
        + at(118, 968, "2026.10.15　线上直播", "font-size:28px;color:#B9C3D9"),
        "dark",
        foot=False,
    )


def people(step: int) -> str:
    names = (
        ("林溪", "内容负责人 · 墨川软件", "主持"),
        ("周远", "市场副总裁 · 栈桥传感", "嘉宾"),
        ("许知然", "销售运营总监 · 青屿云", "嘉宾"),
    )
    body = at(112, 84, "今天和你聊的三个人", "font-size:60px;font-weight:800")
    for n, (name, title, role) in enumerate(names):
        x = 112 + 598 * n
        body += at(
            x,
            856,
            f'{name}<span class="soft" style="font-size:30px;font-weight:400;margin-left:20px">{role}</span>',
            "font-size:48px;font-weight:700",
        )
        body += at(x, 934, title, "font-size:32px;color:#B9C3D9")
    return page(body, "dark", foot=False)


def agenda(step: int) -> str:
    rows = (
        ("回放为什么被浪费", "Why replays go to waste"),
        ("一笔账：每一分钟多少钱", "What a watched minute costs"),
        ("从一小时到四个版本", "One hour, four lengths"),
        ("回放页和六十天日历", "The page and the sixty days"),
        ("从观看到线索，到销售", "From views to conversations"),
        ("清单与问答", "Checklist and questions"),
    )
    body = "".join(
        at(112, 300 + 104 * n, f'<span class="num signal" style="font-size:44px;width:104px;display:inline-block">{n + 1}</span>'
           f'<span style="font-size:46px;font-weight:600">{zh}</span>')
        + at(900, 312 + 104 * n, f'<span class="soft" style="font-size:32px">{en}</span>')
        + (svg(112, 384 + 104 * n, 1288, 2, line(0, 1, 1288, 1)) if n < 5 else "")
        for n, (zh, en) in enumerate(rows)
    )  # fmt: skip
    return page(head("今天只讲一个观点") + body, part="本场安排")


def poll(step: int) -> str:
    rows = (("A", "剪成了短片", 14), ("B", "放上了官网", 24), ("C", "躺在网盘里", 62))
    body = ""
    for n, (key, text, share) in enumerate(rows):
        y = 360 + 150 * n
        colour = WARM if key == "C" else SIGNAL
        body += at(112, y, key, f"font-size:64px;font-weight:800;color:{colour}")
        body += at(200, y + 16, text, "font-size:48px;font-weight:600")
        body += svg(520, y + 26, 700, 44, box(0, 0, 700, 44, MIST, 22))
        body += from_step(
            step, 2, svg(520, y + 26, 700, 44, box(0, 0, 700 * share / 100, 44, colour, 22))
            + at(1250, y + 4, f'<span class="num" style="font-size:64px">{share}<small>%</small></span>'),
        )  # fmt: skip
    return page(head("上一场直播的回放，后来去哪了？", "Where did your last replay end up?") + body, part="现场投票")


def waste(step: int) -> str:
    blocks = "".join(
        box(n * 236, 0, 220, 200, "#DCE4FB", 20)
        + word(n * 236 + 110, 116, f"第 {n + 1} 周", 40, "#1B44C8", 600, "middle")
        for n in range(6)
    )
    body = svg(112, 380, 1420, 200, blocks)
    body += svg(1534, 380, 12, 200, box(0, 0, 12, 200, WARM, 6))
    body += at(1566, 426, "直播<br>1 小时", "font-size:40px;font-weight:800;line-height:1.4;color:#E5501F")
    body += at(112, 612, "找嘉宾 · 写讲稿 · 做页面 · 发邀请 · 彩排两次", "font-size:40px;color:#5B6579")
    body += from_step(
        step, 2, at(112, 730, "六周准备，<span class='warm'>一小时</span>使用。", "font-size:96px;font-weight:800")
    )
    return page(head("准备与使用，不在一个量级", "Six weeks to make it, one hour to use it") + body, part=WASTE)


def reasons(step: int) -> str:
    rows = (
        ("当成一个日子", "不是一件产品", "It is a date, not a product"),
        ("当成一份证明", "没有目录，等于没有录像", "It is proof that it happened"),
        ("不知道谁看了", "没有人会为它负责", "Nobody knows who watched"),
    )
    body = ""
    for n, (zh, why, en) in enumerate(rows):
        y = 300 + 210 * n
        row = at(
            112,
            y,
            f'<span class="num" style="font-size:150px;color:{"#2457F5" if n < 2 else "#E5501F"}">{n + 1}</span>',
        )
        row += at(280, y + 2, zh, "font-size:84px;font-weight:800") + at(
            284, y + 116, f"{why}　<span style='color:#8591A6'>{en}</span>", "font-size:34px;color:#5B6579"
        )
        body += from_step(step, n + 1, row)
    return page(head("三个原因") + body, part=WASTE)


def registrants(step: int) -> str:
    dots = ""
    for n in range(500):
        col, row = n % 40, n // 40
        came = n < 200
        colour = (SIGNAL if came else LINE) if step < 2 else ("#C9D6FB" if came else WARM)
        dots += f'<circle cx="{14 + col * 31}" cy="{14 + row * 31}" r="10" fill="{colour}"/>'
    body = svg(112, 320, 1260, 420, dots)
    body += at(
        112, 790, f'<span class="num" style="font-size:132px;color:{"#2457F5" if step < 2 else "#9AA6C0"}">200</span>'
    )
    body += at(370, 806, "到场<br><span class='soft'>attended</span>", "font-size:40px;line-height:1.4;font-weight:600")
    body += from_step(
        step, 2, at(640, 790, '<span class="num warm" style="font-size:132px">300</span>')
        + at(900, 806, "只是那一小时没空<br><span class='soft'>were just busy</span>", "font-size:40px;line-height:1.4;font-weight:600"),
    )  # fmt: skip
    return page(head("假设有 500 个人报名") + body, part=WASTE)


def thesis(step: int) -> str:
    return page(
        at(
            112,
            280,
            "回放不是录像，<br>回放是<span class='warm'>资产</span>。",
            "font-size:160px;font-weight:800;line-height:1.3",
        )
        + at(118, 740, "A replay is not a recording. It is an asset.", "font-size:44px;color:#B9C3D9")
        + svg(118, 230, 140, 12, box(0, 0, 140, 12, WARM, 6)),
        "dark",
    )
