"""The slides of sales, the checklist, the questions and the end. One function a slide; `step` counts its builds."""

from __future__ import annotations

import segno

from .pieces import INK, MIST, at, box, from_step, head, line, page, svg

SALES = "销售接得住"
LIST = "清单"
ASK = "问答"
KIT = "https://example.com/replay-kit"


def handoff(step: int) -> str:
    return page(
        at(
            112,
            260,
            "只用内容，<br>不提<span class='warm'>行为</span>。",
            "font-size:168px;font-weight:800;line-height:1.28",
        )
        + at(118, 740, "聊他看过的题目，<br>不说你看见他看了。", "font-size:48px;line-height:1.5;color:#5B6579"),
        part=SALES,
    )


def openers(step: int) -> str:
    says = (
        "最近很多同行在问这笔账怎么算，<br>我整理了一页，要不要发给您？",
        "您那边现在，是先看价格，<br>还是先看能不能接上现有系统？",
        "如果只能解决一个问题，<br>您希望先解决哪一个？",
    )
    body = ""
    for n, text in enumerate(says):
        body += from_step(
            step,
            n + 1,
            at(
                112 + 60 * n,
                300 + 226 * n,
                text,
                f"font-size:48px;font-weight:600;line-height:1.42;padding:28px 44px;border-radius:28px 28px 28px 6px;background:{(MIST, '#DCE4FB', '#FFE3D8')[n]};white-space:nowrap",
            ),
        )
    return page(head("第一通电话，三句开场") + body, part=SALES)


def card(step: int) -> str:
    inside = at(
        0, 0, '<div style="width:800px;height:600px;background:#fff;border-radius:28px;border:2px solid #D5DBE6"></div>'
    )
    inside += at(48, 44, "何 **", "font-size:60px;font-weight:800") + at(
        52, 130, "工厂设备负责人", "font-size:34px;color:#5B6579"
    )
    rows = (("看过", "选型 · 报价 · 案例"), ("重看", "报价（第 12 分钟，2 次）"), ("上次来", "昨晚 23:04"))
    for n, (key, value) in enumerate(rows):
        y = 230 + 116 * n
        inside += at(48, y + 8, key, "font-size:34px;color:#5B6579") + at(
            210, y, value, f"font-size:44px;font-weight:700;white-space:nowrap;color:{'#E5501F' if n == 1 else INK}"
        )
        inside += svg(48, y + 84, 704, 2, line(0, 1, 704, 1)) if n < 2 else ""
    body = at(112, 310, inside)
    body += from_step(
        step,
        2,
        at(990, 330, "没有总分。", "font-size:92px;font-weight:800;white-space:nowrap")
        + at(994, 480, "一个分数，<br>要么能解释，<br>要么别展示。", "font-size:52px;line-height:1.5;color:#5B6579"),
    )
    return page(head("一个人，一张卡，三样东西") + body, "mist", part=SALES)


def sla(step: int) -> str:
    return page(
        at(
            112,
            260,
            '<span class="num warm" style="font-size:360px">24<small style="font-size:.32em">小时之内</small></span>',
        )
        + at(118, 660, "信号是机器发现的，<br>信任是人建立的。", "font-size:84px;font-weight:800;line-height:1.36")
        + at(118, 920, "A person answers, not an autoresponder.", "font-size:36px;color:#B9C3D9"),
        "dark",
        part=SALES,
        foot=False,
    )


def mistakes(step: int) -> str:
    rows = (
        ("原样发完整录像", "先剪掉试音和等人"),
        ("一条发十个平台", "竖的就做成竖的"),
        ("只看播放量", "看完率和重看才是自己的"),
    )
    body = ""
    for n, (bad, good) in enumerate(rows):
        y = 320 + 190 * n
        row = at(112, y, f'<span class="num" style="font-size:120px;color:#F0B49F">{n + 1}</span>')
        row += at(260, y - 6, bad, "font-size:68px;font-weight:800;white-space:nowrap") + at(
            262, y + 90, f"→　{good}", "font-size:40px;color:#0B7A4B;font-weight:600;white-space:nowrap"
        )
        body += from_step(step, n + 2, row)
    return page(head("最容易犯的三个错", "Three mistakes we made ourselves") + body, part=LIST)


def checklist(step: int) -> str:
    rows = (
        "四个版本各答一个问题",
        "有人记下有反应的时间",
        "二十四小时内发五分钟版",
        "每一件都有自己的链接",
        "每周看一次重看最多的一分钟",
        "第六十天：哪一段带来了对话？",
    )
    when = ("开播前", "开播时", "结束后", "发布时", "每周", "收尾")
    body = ""
    for n, text in enumerate(rows):
        y = 272 + 116 * n
        tick = (
            box(0, 0, 60, 60, "#DDF1E7", 16)
            + '<path d="M16,31 l10,11 l20,-24" fill="none" stroke="#0B7A4B" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"/>'
        )
        row = (
            svg(112, y, 60, 60, tick)
            + at(204, y + 10, when[n], "font-size:32px;color:#5B6579")
            + at(340, y - 4, text, "font-size:50px;font-weight:700;white-space:nowrap")
        )
        body += from_step(step, 2 if n < 3 else 3, row)
    return page(head("六件事，回去就能做") + body, part=LIST, foot=False)


def question(who: str, text: str, english: bool = False) -> str:
    """A question from the chat over the two who answer it; the people are put in by the video."""
    size = 52 if english else 58
    return page(
        at(112, 136, f'<span class="chip">{who}</span>')
        + at(108, 204, text, f"font-size:{size}px;font-weight:800;line-height:1.36;width:1696px"),
        "mist",
        part=ASK,
        foot=False,
    )


QUESTIONS = {
    "qa1": ("高明宇", "团队只有两个人，应该先做哪一个版本？", False),
    "qa2": ("Priya Nair", "How do you track viewers without making them uncomfortable?", True),
    "qa3": ("姚舟", "嘉宾不愿意被剪成短片，怎么办？", False),
    "qa4": ("唐蕾", "老板只看线索数量，怎么说服他看重看？", False),
    "qa5": ("何思源", "工具都能自动剪了，人还需要做什么？", False),
    "qa6": ("孙楠", "回放要不要填表才能看？", False),
    "qa7": ("Mia Torres", "Our replay is in English, but half of our buyers are in China.", True),
    "qa8": ("罗启", "旧的回放还有几十场，要不要全部补做一遍？", False),
}


def roleplay(step: int) -> str:
    if step < 2:  # the two who play it are put in by the video
        title = at(112, 180, "现场演一段：第一通电话", "font-size:76px;font-weight:800")
        return page(title, "mist", part=SALES, foot=False)
    quote = "数据是我打电话的<span class='warm'>理由</span>，<br>不是我打电话的内容。"
    return page(
        at(112, 290, quote, "font-size:128px;font-weight:800;line-height:1.36")
        + at(118, 700, "Data is why I call. It is not what I say.", "font-size:44px;color:#5B6579"),
        part=SALES,
    )


def recap(step: int) -> str:
    rows = (
        "回放不是录像，回放是资产。",
        "十五秒让人停下，一分钟让人点头，<br>五分钟让人留下，三十分钟让人来找你。",
        "一个人把同一分钟看了两遍，<br>说明他有事。",
    )
    tops = (290, 430, 680)
    body = "".join(
        from_step(
            step,
            2,
            at(112, tops[n], f'<span class="num signal" style="font-size:60px;color:#8FA8FF">{n + 1}</span>')
            + at(210, tops[n] - 14, text, "font-size:62px;font-weight:700;line-height:1.42;white-space:nowrap"),
        )
        for n, text in enumerate(rows)
    )
    return page(head("三句话收尾") + body, "dark")


def end(step: int) -> str:
    code = segno.make(KIT, error="m").svg_inline(omitsize=True, border=4, dark=INK, light="#fff")
    return page(
        at(112, 220, "先把上一场，<br>用完。", "font-size:150px;font-weight:800;line-height:1.28")
        + at(118, 660, "资料包：六件事清单 · 算账表格 · 讲稿", "font-size:42px;font-weight:600")
        + at(118, 736, "Replay kit: checklist, cost sheet, slides", "font-size:34px;color:#B9C3D9")
        + at(118, 850, "example.com/replay-kit", "font-size:40px;color:#8FA8FF;font-weight:600")
        + at(
            1480,
            190,
            f'<div class="qr" style="width:330px;height:330px;border-radius:20px;overflow:hidden;background:#fff;display:flex;align-items:center;justify-content:center">{code}</div>',
        )
        + at(1480, 540, "扫码领取资料包", "font-size:32px;width:330px;text-align:center;color:#B9C3D9"),
        "dark",
    )
