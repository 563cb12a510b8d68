"""What the server says to people when it cannot do what was asked: in English and in Chinese, by kind of problem."""

from __future__ import annotations

from typing import NamedTuple

from repurpose.models import Language


class Kind(NamedTuple):
    """One kind of problem: its HTTP status, its title, and what the reader is told."""

    status: int
    title: str
    en: str
    zh: str


KINDS = {
    "bad-request": Kind(400, "Bad request", "The request cannot be read: {why}.", "请求无法读取：{why}。"),
    "sign-in": Kind(
        401,
        "Sign in first",
        "An API key or a session is needed. Send the key as `Authorization: Bearer rp_live_...`.",
        "需要 API 密钥或登录。请在请求头中写明 `Authorization: Bearer rp_live_...`。",
    ),
    "wrong-password": Kind(
        401,
        "Wrong address or password",
        "The address or the password is not right. Check both and try again.",
        "邮箱或密码不正确，请检查后重试。",
    ),
    "not-allowed": Kind(
        403, "Not allowed", "This takes the scope `{scope}`, which you do not have.", "此操作需要 `{scope}` 权限。"
    ),
    "cross-site": Kind(
        403,
        "From another site",
        "The request came from another site, or without the token of your session. Open the page anew and try again.",
        "请求来自其他网站，或缺少会话令牌。请重新打开页面再试。",
    ),
    "link-ended": Kind(
        403,
        "The link has ended",
        "This link was changed or has ended. Open the page anew to get another.",
        "链接已失效或被改动，请重新打开页面获取。",
    ),
    "not-found": Kind(404, "Not found", "There is no {what} here.", "这里没有所请求的内容（{what}）。"),
    "no-method": Kind(405, "Method not allowed", "This address does not take {method}.", "此地址不支持 {method}。"),
    "not-acceptable": Kind(406, "Not acceptable", "This is not there in the form asked for.", "没有所要求的格式。"),
    "conflict": Kind(409, "Conflict", "{why}", "{why}"),
    "compare-running": Kind(
        409,
        "Being compared",
        "An experiment of this film and channel runs already. Stop it first.",
        "该视频在此渠道已有对比正在进行，请先停止。",
    ),
    "compare-many": Kind(
        409,
        "Enough is compared",
        "{most} experiments run in this event. Stop one first.",
        "该活动已有 {most} 组对比正在进行，请先停止一组。",
    ),
    "compare-same": Kind(
        422,
        "Nothing to compare",
        "Title and cover are those that are shown. Give another title, or choose another picture.",
        "标题和封面与当前相同。请填写新标题，或选择另一张图片。",
    ),
    "in-flight": Kind(
        409,
        "Still at it",
        "A request with this Idempotency-Key is being worked on. Ask again in a moment.",
        "相同 Idempotency-Key 的请求正在处理，请稍后再试。",
    ),
    "gone": Kind(410, "Withdrawn", "This was withdrawn by who published it.", "内容已被发布者撤回。"),
    "changed": Kind(
        412,
        "It has changed",
        "It is no longer what your If-Match names. Read it again, then change it.",
        "内容已被他人修改，请重新读取后再改。",
    ),
    "tus-version": Kind(412, "Other version of tus", "Send `Tus-Resumable: 1.0.0`.", "请使用 `Tus-Resumable: 1.0.0`。"),
    "too-large": Kind(
        413, "Too large", "At most {limit} bytes are taken here.", "内容过大，此处最多接收 {limit} 字节。"
    ),
    "media-type": Kind(415, "Not a type that is read here", "Send it as {type}.", "请以 {type} 格式发送。"),
    "range": Kind(416, "No such range", "The file has {size} bytes.", "文件共有 {size} 字节。"),
    "invalid": Kind(
        422,
        "Something in it is not right",
        "Look at `errors`: each names a field and what is wrong with it.",
        "请查看 `errors` 中列出的字段和原因。",
    ),
    "refused": Kind(422, "That cannot be done", "{why}", "{why}"),
    "key-reused": Kind(
        422,
        "Idempotency-Key used for something else",
        "This Idempotency-Key came before with another request. Use a new one.",
        "该 Idempotency-Key 已用于另一请求，请换一个新的。",
    ),
    "too-many": Kind(
        429, "Too many requests", "Too many requests. Try again in {seconds} s.", "请求过多，请在 {seconds} 秒后重试。"
    ),
    "checksum": Kind(
        460,
        "Checksum mismatch",
        "What arrived is not what was sent. Send this part again.",
        "收到的数据与校验值不符，请重发这一段。",
    ),
    "broken": Kind(
        500,
        "Something broke here",
        "The fault is ours. When you report it, name the request {request}.",
        "服务器出错。反馈时请附上请求编号 {request}。",
    ),
    "busy": Kind(503, "Busy", "Too much is going on. Try again in a moment.", "系统繁忙，请稍后再试。"),
    "no-room": Kind(507, "No room", "The disk is full. Nothing was kept.", "磁盘已满，内容未保存。"),
}


def said(kind: str, language: Language, about: dict[str, object]) -> str:
    """What a reader of `language` is told of a problem."""
    text = KINDS[kind].zh if language == "zh" else KINDS[kind].en
    return text.format(**about)


def language_of(accepts: str) -> Language:
    """The one of our two languages that an Accept-Language header likes best; English when it names neither."""
    for code in liked(accepts):
        short = code.lower().partition("-")[0]
        if short in ("zh", "en"):
            return "zh" if short == "zh" else "en"
    return "en"


def liked(accepts: str) -> list[str]:
    """The codes of an Accept-Language header, the best first (RFC 9110, 12.5.4)."""
    rated: list[tuple[float, int, str]] = []
    for place, item in enumerate(accepts[:400].split(",")):
        code, _, weight = item.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if code.strip() and quality > 0:
            rated.append((-quality, place, code.strip()))
    return [code for _, _, code in sorted(rated)]
