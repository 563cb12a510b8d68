"""The slides of the replay page, the sixty days and the signals. One function a slide; `step` counts its builds."""

from __future__ import annotations

from .pieces import GREY, INK, LINE, SIGNAL, WARM, at, box, from_step, head, line, page, svg, word

PAGE = "回放页"
DAYS = "六十天日历"
SIGNALS = "从观看到线索"


def page_(step: int) -> str:
    wire = box(0, 0, 800, 620, "#fff", 24, f'stroke="{LINE}" stroke-width="3"') + line(0, 60, 800, 60, LINE, 3)
    wire += "".join(f'<circle cx="{34 + 30 * n}" cy="30" r="8" fill="{LINE}"/>' for n in range(3))
    lit = [
        SIGNAL if step >= 2 else "#C9D2E2",
        "#1B44C8" if step >= 2 else LINE,
        WARM if step >= 3 else LINE,
        "#0B7A4B" if step >= 3 else LINE,
    ]
    wire += box(36, 96, 470, 270, lit[0], 16) + '<path d="M246,196 l64,36 l-64,36 z" fill="#fff"/>'
    wire += "".join(box(540, 96 + 46 * n, 224 - 30 * (n % 3), 24, lit[1], 8) for n in range(6))
    wire += box(36, 396, 470, 46, lit[2], 23) + "".join(
        box(36, 466 + 36 * n, 470 - 70 * (n % 2), 16, lit[2], 6, 'opacity="0.45"') for n in range(4)
    )
    wire += box(540, 396, 224, 88, lit[3], 20) + word(652, 452, "一个按钮", 36, "#fff", 800, "middle")
    body = svg(112, 310, 806, 630, wire)
    notes = (
        (2, SIGNAL, "打开就能看", "不先弹三个窗口"),
        (2, "#1B44C8", "有章节", "点哪里，从哪里开始"),
        (3, WARM, "能搜索逐字稿", "搜到就跳过去"),
        (3, "#0B7A4B", "只有一个按钮", "三个等于一个都没有"),
    )
    for n, (when, colour, zh, note) in enumerate(notes):
        y = 300 + 106 * n
        body += from_step(
            step,
            when,
            at(990, y, f'<span style="font-size:46px;font-weight:800;color:{colour}">{zh}</span>', "white-space:nowrap")
            + at(1330, y + 14, note, "font-size:34px;color:#5B6579;white-space:nowrap"),
        )
    body += from_step(
        step,
        4,
        at(
            990,
            768,
            "视频让人相信，<br>文字让人找到。",
            "font-size:62px;font-weight:800;line-height:1.34;white-space:nowrap",
        ),
    )
    return page(head("四样东西就够", "The page behind every clip") + body, part=PAGE, foot=False)


def calendar(step: int) -> str:
    phases = (
        (0, 7, "趁热", "第 1–7 天", WARM),
        (7, 30, "铺开", "第 8–30 天", SIGNAL),
        (30, 60, "回访", "第 31–60 天", "#16213E"),
    )
    marks = (0, 1, 2, 6, 10, 14, 18, 22, 26, 29, 34, 40, 46, 52, 58)
    drawing = ""
    for n, (start, end, _, _, colour) in enumerate(phases):
        lit = step == 1 or step >= n + 2
        for day in range(start, end):
            drawing += box(
                day * 28,
                0,
                23,
                120,
                colour if lit else "#E3E8F1",
                6,
                f'opacity="{1 if day in marks or not lit else 0.32}"',
            )
    body = svg(112, 330, 1690, 120, drawing)
    notes = (
        ("当晚：感谢和三十分钟回放", "次日：五分钟给没来的人", "第三天：第一条一分钟", "第七天：图文回顾"),
        ("每四天一件，短片海报换着发", "不提上一场直播", "只提那个问题本身"),
        ("看过报价的，给他案例", "看过案例的，给他实施", "不叫群发，叫接着聊"),
    )
    for n, (_, _, name, days, colour) in enumerate(phases):
        x = (112, 600, 1130)[n]
        top = at(x, 490, f'<span style="font-size:60px;font-weight:800;color:{colour}">{name}</span>') + at(
            x, 580, days, "font-size:32px;color:#5B6579"
        )
        body += top + from_step(
            step,
            n + 2,
            "".join(at(x, 650 + 58 * k, text, "font-size:34px;white-space:nowrap") for k, text in enumerate(notes[n])),
        )
    return page(head("六十天，三段节奏", "Buyers run on a sixty-day clock") + body, part=DAYS)


def rhythm(step: int) -> str:
    cells = (("一个人的名字", "谁来发"), ("一个日期", "哪一天"), ("一个链接", "从哪来"))
    body = "".join(
        at(
            112 + 450 * n,
            300,
            f'<div class="card" style="width:420px;height:210px"><div style="font-size:48px;font-weight:800;white-space:nowrap">{zh}</div><div class="soft" style="font-size:34px;margin-top:18px">{note}</div></div>',
        )
        for n, (zh, note) in enumerate(cells)
    )
    body += at(
        112,
        590,
        "没有名字的计划，<br>就是<span class='warm'>愿望</span>。",
        "font-size:124px;font-weight:800;line-height:1.34",
    )
    return page(head("每一件素材，都要有") + body, part=DAYS)


def views(step: int) -> str:
    return page(
        at(112, 300, "看了，<br>然后呢？", "font-size:190px;font-weight:800;line-height:1.24")
        + at(118, 800, "They watched. Then what?", "font-size:44px;color:#B9C3D9"),
        "dark",
        part=SIGNALS,
    )


def list_(step: int) -> str:
    rows = ("陈 **", "高 **", "何 **", "唐 **", "罗 **", "姚 **")
    body = svg(112, 300, 1280, 2, line(0, 1, 1280, 1, INK, 2))
    for n, name in enumerate(rows):
        y, fade = 322 + 100 * n, 1 - 0.13 * n
        body += (
            at(112, y, name, f"font-size:44px;font-weight:600;opacity:{fade}")
            + at(520, y, "到场", f"font-size:44px;opacity:{fade}")
            + at(
                880,
                y,
                "先打给谁？",
                f"font-size:44px;color:#B23A10;font-weight:700;opacity:{fade}" if n == 0 else "display:none",
            )
        )
        body += svg(112, y + 78, 1280, 2, line(0, 1, 1280, 1))
    return page(head("二百个「到场」，一个样") + body, part=SIGNALS)


def _heat(minute: int) -> float:
    start = max(0.0, 0.95 - 0.09 * minute)
    return min(1.0, max(start, 0.3 + 0.14 * ((minute * 7) % 5) / 4) + {11: 0.35, 12: 0.68, 13: 0.3}.get(minute, 0.0))


def heat(step: int) -> str:
    cells = ""
    for minute in range(36):
        value = _heat(minute)
        colour = WARM if step >= 2 and minute == 12 else SIGNAL
        cells += box(minute * 47, 0, 42, 220, colour, 8, f'opacity="{0.12 + 0.88 * value:.2f}"')
        if minute % 6 == 0:
            cells += word(minute * 47 + 2, 268, f"{minute}′", 30, GREY)
    body = svg(112, 360, 1700, 290, cells)
    body += at(112, 690, '<span class="num" style="font-size:120px">120<small>人看过</small></span>')
    body += from_step(
        step,
        2,
        at(700, 690, '<span class="num warm" style="font-size:120px">34<small>人重看第 12 分钟</small></span>')
        + at(112, 860, "那一分钟在讲什么？<b class='warm'>报价。</b>", "font-size:60px;font-weight:600"),
    )
    return page(
        head("每一格是一分钟，越深看的人越多", "A made-up replay: 36 minutes, 120 viewers") + body,
        part=SIGNALS,
        foot=step < 2,
    )


def rewatch(step: int) -> str:
    return page(
        at(112, 230, "看完一场直播，<br>说明他有空。", "font-size:96px;font-weight:600;line-height:1.34;color:#B9C3D9")
        + at(
            112,
            520,
            "把同一分钟看了两遍，<br>说明他<span class='warm'>有事</span>。",
            "font-size:124px;font-weight:800;line-height:1.34;white-space:nowrap",
        )
        + at(118, 900, "Watching twice is a question asked in silence.", "font-size:40px;color:#B9C3D9"),
        "dark",
        part=SIGNALS,
        foot=False,
    )


def levels(step: int) -> str:
    rows = (
        ("看过", "知道你", "内容继续跟着", "#AFC2FA", 420),
        ("看到一半以上", "有耐心", "发更深的资料", SIGNAL, 560),
        ("重看、又回来", "在比较", "今天就联系", WARM, 700),
    )
    body = ""
    for n, (zh, means, act, colour, height) in enumerate(rows):
        x, top = 112 + 440 * n, 990 - height
        text = INK if n == 0 else "#fff"
        stair = svg(x, top, 420, height, box(0, 0, 420, height, colour, 28))
        stair += at(x + 36, top + 32, f"{n + 1}", f"font-size:56px;font-weight:800;color:{text};opacity:.7") + at(
            x + 36, top + 116, zh, f"font-size:52px;font-weight:800;color:{text};white-space:nowrap"
        )
        stair += at(x + 36, top + 206, f"{means}<br><b>{act}</b>", f"font-size:38px;line-height:1.5;color:{text}")
        body += from_step(step, n + 1, stair)
    return page(
        head("信号三级，动作三档", "The stronger the signal, the more human the answer") + body,
        part=SIGNALS,
        foot=False,
    )


def link(step: int) -> str:
    stops = (("短片、海报", "各带各的链接"), ("从哪里来", "记一笔"), ("留下邮箱", "记一笔"), ("同意联系", "也记一笔"))
    drawing = line(60, 60, 1470, 60, LINE, 6)
    body = ""
    for n, (zh, note) in enumerate(stops):
        x = 60 + 440 * n
        drawing += f'<circle cx="{x}" cy="60" r="34" fill="{WARM if n == 3 else SIGNAL}"/>' + word(
            x, 74, str(n + 1), 40, "#fff", 800, "middle"
        )
        body += at(112 + x - 60, 456, zh, "font-size:52px;font-weight:800;white-space:nowrap") + at(
            112 + x - 60, 536, note, "font-size:36px;color:#5B6579"
        )
    body += svg(112, 330, 1600, 120, drawing)
    body += at(112, 690, "先要同意，再谈跟踪。", "font-size:104px;font-weight:800;white-space:nowrap") + at(
        116, 856, "Data without consent is not an asset. It is a liability.", "font-size:38px;color:#5B6579"
    )
    return page(head("从一次观看，到一条线索") + body, part=SIGNALS)


def funnel(step: int) -> str:
    names = ("线索", "市场认可", "销售认可", "商机", "成交")
    base, better = ("1000", "150", "75", "31", "11"), ("1000", "200", "100", "41", "15")
    rates = ("15%", "50%", "41%", "37%")
    widths = (1240, 700, 500, 330, 210)
    body = ""
    for n in range(5):
        y = 296 + 128 * n
        body += svg(112, y, widths[n], 96, box(0, 0, widths[n], 96, "#1B44C8" if n < 4 else WARM, 20))
        body += at(144, y + 22, names[n], "font-size:40px;font-weight:700;color:#fff;white-space:nowrap")
        x = 112 + widths[n] + 28
        if n:
            hot = step >= 3 and n == 1
            body += at(x, y + 26, f'<span class="chip {"w" if hot else ""}">{"20%" if hot else rates[n - 1]}</span>')
        body += from_step(
            step,
            2,
            at(
                x + (130 if n else 0),
                y + 10,
                f'<span class="num" style="font-size:68px;{"opacity:.4" if step >= 3 and n else ""}">{base[n]}</span>',
            ),
        )
        if n:
            body += from_step(
                step, 3, at(x + 310, y + 10, f'<span class="num warm" style="font-size:68px">{better[n]}</span>')
            )
    note = "业内常引用的平均值 / commonly quoted averages" if step < 3 else "只动第一步：15% → 20%，多出四单"
    return page(
        head("一千条线索，走到最后剩几单？") + body + at(112, 952, note, "font-size:34px;color:#5B6579"),
        part=SIGNALS,
        foot=False,
    )
