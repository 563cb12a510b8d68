"""The slides of the cost of a minute and of the four lengths. One function a slide; `step` counts its builds."""

from __future__ import annotations

from itertools import pairwise

from .pieces import GREY, INK, LINE, MIST, SIGNAL, WARM, at, box, from_step, head, line, page, svg, word

COST = "每一分钟多少钱"
LADDER = "四个版本"


def cost(step: int) -> str:
    def sum_row(y: int, left: str, mid: str, right: str, colour: str, note: str) -> str:
        cell = "font-size:92px"
        return (
            at(112, y, f'<span class="num" style="{cell}">{left}</span>')
            + at(520, y, f'<span class="num soft" style="{cell};font-weight:400">÷</span>')
            + at(620, y, f'<span class="num" style="{cell}">{mid}<small>分钟</small></span>')
            + at(1130, y, f'<span class="num soft" style="{cell};font-weight:400">=</span>')
            + from_step(
                step,
                2,
                at(
                    1240,
                    y - 22,
                    f'<span class="num" style="font-size:128px;color:{colour}">{right}<small>元/分钟</small></span>',
                ),
            )
            + at(114, y + 120, note, "font-size:32px;color:#5B6579")
        )

    first = sum_row(316, "120,000", "7,600", "15.8", SIGNAL, "只有直播：200 人 × 平均 38 分钟")
    first_label = from_step(step, 3, svg(112, 490, 1696, 2, line(0, 1, 1696, 1)))
    parts = from_step(
        step, 3, at(112, 516, "+ 没来的 300 人 × 6 分钟 = <b>1,800</b>　　+ 新的 2,000 人 × 3 分钟 = <b>6,000</b>", "font-size:36px"),
    )  # fmt: skip
    second = from_step(
        step, 4, sum_row(604, "128,000", "15,400", "8.3", "#E5501F", "直播 + 六十天回放，剪辑分发多花 8,000 元")
    )
    half = from_step(
        step,
        4,
        at(112, 830, "内容一个字没多写，<span class='warm'>单价少了近一半</span>。", "font-size:60px;font-weight:800"),
    )
    return page(
        head("看一分钟，你花了多少？", "A worked example: put your own numbers in")
        + first
        + first_label
        + parts
        + second
        + half,
        part=COST,
    )


def curve(step: int) -> str:
    left, base, width = 0, 470, 1300
    spike = f"M{left},{base} L{left + 10},20 L{left + 34},{base - 60} L{left + 60},{base - 14} L{left + 60},{base} Z"
    bumps = [
        (60, 60),
        (150, 120),
        (250, 84),
        (350, 132),
        (470, 96),
        (590, 118),
        (720, 92),
        (850, 104),
        (980, 84),
        (1120, 76),
        (1300, 62),
    ]
    tail = f"M{bumps[0][0]},{base} L{bumps[0][0]},{base - bumps[0][1]} " + "".join(
        f"C{(x0 + x1) / 2},{base - y0} {(x0 + x1) / 2},{base - y1} {x1},{base - y1} " for (x0, y0), (x1, y1) in pairwise(bumps)
    ) + f"L{width},{base} Z"  # fmt: skip
    drawing = f'<path d="{tail}" fill="#C9D6FB"/>' if step >= 2 else f'<path d="{tail}" fill="#EEF1F6"/>'
    drawing += f'<path d="{spike}" fill="{WARM}"/>' + line(0, base, width, base, INK, 3)
    for day in (1, 20, 40, 60):
        x = 10 + (day - 1) * (width - 40) / 59
        drawing += word(x, base + 44, f"第 {day} 天", 30, GREY, 400, "start" if day == 1 else "middle")
    drawing += word(70, 70, "直播", 40, "#E5501F", 800)
    if step >= 2:
        drawing += word(560, 300, "回放", 40, "#1B44C8", 800)
    body = svg(112, 300, 1340, 540, drawing)
    body += from_step(
        step, 2, at(112, 866, "尖峰好看，<span class='signal'>尾巴赚钱</span>。", "font-size:84px;font-weight:800")
    )
    return page(head("一个尖峰，一条尾巴", "示意图 / Illustration") + body, part=COST, foot=step < 2)


def three(step: int) -> str:
    rows = (
        ("¥", "一共花了多少", "人的时间也折成钱"),
        ("分钟", "一共被看了多少", "直播加回放"),
        ("其中", "目标客户看了多少", "看过的里面有多少是他们"),
    )
    body = "".join(
        at(112 + 450 * n, 330, f'<div class="card" style="width:420px;height:280px"><div class="signal" style="font-size:52px;font-weight:800">{n + 1}</div>'
           f'<div style="font-size:42px;font-weight:800;margin-top:24px;white-space:nowrap">{zh}</div><div class="soft" style="font-size:30px;margin-top:14px">{note}</div></div>')
        for n, (_, zh, note) in enumerate(rows)
    )  # fmt: skip
    body += from_step(
        step, 2, at(112, 676, "<b>单价</b>　1 ÷ 2　<span class='soft'>贵不贵</span>", "font-size:64px")
        + at(112, 800, "<b class='warm'>准头</b>　3 ÷ 2　<span class='soft'>值不值</span>", "font-size:64px"),
    )  # fmt: skip
    return page(head("只要准备三个数", "Three numbers are enough") + body, part=COST)


def ladder(step: int) -> str:
    rows = (("30", "分钟", 1240, "把话讲透", "给已经想买的人", INK), ("5", "分钟", 900, "讲清楚到底讲了什么", "给报了名没来的人", "#1B44C8"),
            ("1", "分钟", 600, "只讲一件事", "给还不认识你的人", SIGNAL), ("15", "秒", 330, "让人停下来", "给路过的人", WARM))  # fmt: skip
    body = ""
    for n, (count, unit, width, job, whom, colour) in enumerate(rows):
        y = 270 + 172 * n
        row = svg(112, y, width, 140, box(0, 0, width, 140, colour, 24))
        row += at(
            152, y + 22, f'<span class="num" style="font-size:92px;color:#fff">{count}<small>{unit}</small></span>'
        )
        inside = width > 800
        x, tone = (440, "#fff") if inside else (112 + width + 36, INK)
        row += at(x, y + 22, job, f"font-size:44px;font-weight:700;color:{tone};white-space:nowrap")
        row += at(x, y + 82, whom, f"font-size:30px;color:{'#D5DBE6' if inside else GREY};white-space:nowrap")
        body += from_step(step, n + 2, row)
    return page(head("一份录像，四个版本") + body, part=LADDER)


def nest(step: int) -> str:
    rings = (
        (0, 0, 1240, 520, "#DCE4FB", "30 分钟"),
        (60, 96, 960, 380, "#AFC2FA", "5 分钟"),
        (120, 186, 640, 250, SIGNAL, "1 分钟"),
        (180, 280, 330, 124, WARM, "15 秒"),
    )
    drawing = ""
    for n, (x, y, w, h, fill, text) in enumerate(rings):
        drawing += box(x, y, w, h, fill, 28) + word(
            x + 36, y + (64 if n < 3 else 78), text, 44, INK if n < 2 else "#fff", 800
        )
    body = svg(112, 320, 1260, 540, drawing)
    body += at(112, 884, "每一个短片，都能带人回到原来的那一分钟", "font-size:48px;font-weight:700")
    return page(head("短的，从长的里面来", "Every cut lives inside the longer one") + body, part=LADDER, foot=False)


def edges(step: int) -> str:
    import math

    drawing = ""
    for n in range(150):
        x = n * 8.4
        loud = 0.04 if 62 <= n <= 84 else abs(math.sin(n * 0.9) * math.sin(n * 0.23 + 1)) * 0.85 + 0.12
        drawing += box(x, 170 - 150 * loud, 5, 300 * loud, "#AFC2FA" if 62 <= n <= 84 else SIGNAL, 2.5)
    drawing += line(250, 0, 250, 350, "#B23A10", 4, 'stroke-dasharray="12 10"') + line(614, 0, 614, 350, "#0B7A4B", 6)
    body = svg(112, 330, 1270, 350, drawing)
    body += at(262, 700, "剪在字中间", "font-size:40px;font-weight:700;color:#B23A10") + at(
        640, 700, "剪在停顿里", "font-size:40px;font-weight:700;color:#0B7A4B"
    )
    body += at(112, 810, "观众说不出哪里不对，但是他会走。", "font-size:60px;font-weight:800")
    return page(head("剪的地方要干净", "Cut where they breathe") + body, part=LADDER)


def mute(step: int) -> str:
    phone = (
        box(0, 0, 330, 640, INK, 48)
        + box(16, 16, 298, 608, "#16213E", 36)
        + box(16, 150, 298, 190, "#F5F7FC")
        + box(44, 186, 170, 20, SIGNAL, 6)
    )
    phone += "".join(box(44, 228 + 32 * n, 210 - 30 * n, 14, LINE, 5) for n in range(3))
    phone += word(165, 430, "没来的人", 40, "#fff", 800, "middle") + word(
        165, 486, "只是没空", 40, "#FFD84D", 800, "middle"
    )
    phone += (
        '<path d="M146,556 l14,0 l16,-14 l0,44 l-16,-14 l-14,0 z" fill="#8E9BB8"/>'
        + line(186, 546, 208, 582, "#8E9BB8", 5)
        + line(208, 546, 186, 582, "#8E9BB8", 5)
    )
    body = svg(112, 340, 340, 650, phone)
    rules = (("大", "看得见，不用凑近"), ("短", "一行不超过十四个字"), ("让", "不挡人的脸"), ("准", "专有名词亲自校对"))
    for n, (key, text) in enumerate(rules):
        body += at(560, 360 + 138 * n, f'<span style="font-size:84px;font-weight:800;color:#2457F5">{key}</span>')
        body += at(700, 394 + 138 * n, text, "font-size:46px;font-weight:600")
    return page(head("字幕就是你的声音", "Many people watch with the sound off") + body, part=LADDER, foot=False)


def pick(step: int) -> str:
    if step < 2:
        return page(
            at(112, 300, "谁的职位高，<br>就剪谁？", "font-size:150px;font-weight:800;line-height:1.3")
            + at(118, 730, "Please do not edit by org chart.", "font-size:44px;color:#5B6579"),
            part=LADDER,
        )
    rows = (
        ("现场有反应", "笑声、掌声、聊天区"),
        ("单独听得懂", "不需要前情提要"),
        ("有数字或例子", "说得具体"),
        ("观众倒回去看", "这一条要等他们告诉你"),
    )
    body = ""
    for n, (zh, note) in enumerate(rows):
        x, y = 112 + 660 * (n % 2), 300 + 230 * (n // 2)
        late = n == 3
        body += at(
            x,
            y,
            f'<div class="card" style="width:630px;height:200px;background:{"#FFE3D8" if late else MIST}"><div style="font-size:52px;font-weight:800">{zh}</div><div class="soft" style="font-size:34px;margin-top:16px">{note}</div></div>',
        )
    body += at(
        112,
        800,
        "第一版是编辑选的，<br><span class='warm'>第二版是观众选的</span>。",
        "font-size:62px;font-weight:800;line-height:1.34",
    )
    return page(head("选片段，看四个信号") + body, part=LADDER, foot=False)


def outputs(step: int) -> str:
    groups = ((8, "条视频", SIGNAL), (6, "张金句海报", WARM), (1, "张长图", "#0B7A4B"), (1, "篇图文回顾", "#6B4BC8"))
    drawing, n, body = "", 0, ""
    for g, (count, text, colour) in enumerate(groups):
        for _ in range(count):
            drawing += box((n % 8) * 112, (n // 8) * 150, 92, 128, colour, 14)
            n += 1
        body += at(
            1110,
            330 + 82 * g,
            f'<span class="num" style="font-size:60px;color:{colour};display:inline-block;width:60px">{count}</span><span style="font-size:40px;font-weight:600">{text}</span>',
        )
    body += svg(112, 340, 900, 300, drawing)
    body += at(112, 720, '<span class="num" style="font-size:190px">16<small>件</small></span>')
    body += at(560, 742, "60 天 ÷ 16 件<br>≈ 每四天一样新东西", "font-size:56px;font-weight:700;line-height:1.4")
    return page(head("一场直播，十六件素材", "Sixteen pieces, no second shoot") + body, part=LADDER, foot=False)
