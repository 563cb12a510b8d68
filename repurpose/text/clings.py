"""Chinese words that belong to a neighbour: a line that begins with 的, or ends with 在, reads as a stumble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from repurpose.text.timed import Atom

STUMBLE = 1.0  # what a break there costs; one between two words of a phrase costs half of it

# Particles and words of place and time that lean on what stands before them.
_BACK = """
的 地 得 了 着 过 们 吗 呢 吧 啊 呀 嘛 啦 里 里面 里头 中 上 下 内 外 后 前 间 之间
之后 之前 之内 之外 之下 之上 以上 以下 以内 以外 以来 以后 以前 当中 等 等等 时 时候 来说
来讲 而言 一样 似的 本身 左右 起来 出来 下来 下去 上来 上去 过来 过去
"""
# Prepositions, conjunctions, adverbs, modal verbs and counted words that lean on what follows.
_ON = """
在 把 被 将 从 自 向 往 朝 对 对于 关于 给 跟 同 和 与 及 以及 或 或者 为 为了 以 由
由于 于 按 按照 根据 通过 比 让 使 叫 令 用 是 就 也 都 还 又 再 才 只 却 并 不 没 没有
别 很 更 最 太 挺 非常 特别 十分 比较 相当 越 越来越 这 那 哪 这个 那个 这些 那些 这种 那种
每 每个 各 各个 某 某个 一个 一种 两个 几个 可 可以 能 能够 会 要 想 应 应该 必须 需要 如果
因为 因此 但 但是 所以 而 而且 并且 且 则 即 虽然 只要 只有 除了 我们的 你们的 他们的 有 做
所 来 去 先 特别是 尤其 尤其是 包括 比如 例如
"""
_leans_back, _leans_on = frozenset(_BACK.split()), frozenset(_ON.split())


def clinging(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms, with the cost of a break raised where one leans on the other. Marks between them keep them apart."""
    held = [
        replace(atom, cost=max(atom.cost, STUMBLE)) if _leans(atom.text, following.text) else atom
        for atom, following in pairwise(atoms)
    ]
    return [*held, *atoms[-1:]]


def _leans(before: str, after: str) -> bool:
    return before.strip() in _leans_on or _bare(after) in _leans_back


def _bare(text: str) -> str:
    return text.strip().rstrip("，。、；：？！…")
