"""The words of a text that say what it is about."""

from __future__ import annotations

from repurpose.text.phrases import words_of

_SAID_EN = (
    "a an the and or but if so as at by for from in into of on to with about than then that this these those there "
    "here it its is are was were be been being am do does did have has had can could will would shall should may might "
    "must not no yes i you he she we they me him her us them my your his our their mine what which who whom whose when "
    "where why how all any some just like well okay ok oh um uh yeah mm hmm right really very also too only really gonna "
    "got get go goes going know think mean say said one s t re ve ll d m don didn doesn isn it's that's i'm we're you're"
)
_SAID_ZH = (
    "的 了 是 在 我 你 他 她 它 我们 你们 他们 这 那 这个 那个 这些 那些 这样 那样 这种 一个 一种 一些 就 就是 也 都 还 还是 "
    "和 与 或 但 但是 所以 因为 如果 然后 那么 而 而且 并且 把 被 让 给 对 对于 从 到 去 来 上 下 里 中 有 没有 不 不是 没 很 "
    "非常 比较 可以 可能 应该 要 会 能 能够 吧 吗 呢 啊 呀 哦 嗯 呃 哎 诶 嘛 什么 怎么 为什么 多少 哪 哪个 谁 其实 觉得 说 讲 "
    "看 做 想 知道 一下 时候 现在 今天 东西 大家 之后 以后 里面 这里 那边 已经 再 又 只 只是 比如 比如说 的话 之 以 及 等 个"
)
EMPTY = frozenset(f"{_SAID_EN} {_SAID_ZH}".split())  # words that carry no topic


def content(text: str, language: str) -> tuple[str, ...]:
    """The words of a text that carry meaning, in lower case."""
    lowered = (word.lower() for word in words_of(text, language))
    return tuple(word for word in lowered if word not in EMPTY and (len(word) > 1 or word.isdigit()))
