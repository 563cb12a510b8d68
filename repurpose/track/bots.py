"""Programs that ask like a browser. Any sign of one is enough; none proves that somebody is there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_NAMES = re.compile(
    r"bot\b|bot[/;_ -]|crawl|spider|slurp|archiver|preview|prerender|headless|phantomjs|selenium|puppeteer|playwright|"
    r"lighthouse|pagespeed|gtmetrix|pingdom|uptime|monitor|scanner|validator|fetch(er)?\b|scrap(er|y)|curl/|wget/|python|"
    r"go-http|java/|okhttp|libwww|perl|ruby|axios|node-fetch|undici|httpx|aiohttp|facebookexternalhit|embedly|^whatsapp/|"
    r"skypeuri|bytespider|gptbot|claude|anthropic|perplexity|ccbot|chatgpt|oai-search|petal|yisou|"
    r"sogou.*(web|inst)|360spider|mediapartners|google-|apis-google|bingpreview|duckduckgo|safelinks|mimecast|proofpoint|"
    r"barracuda|ironport|urlscan|virustotal|zgrab|masscan|nmap|nikto",
    re.IGNORECASE,
)


def is_bot(headers: Mapping[str, str]) -> bool:
    """Do these headers (names in lower case) give a program away, or a page that is fetched before anyone asked for it?"""
    agent = headers.get("user-agent", "")
    early = headers.get("sec-purpose", "") + headers.get("purpose", "") + headers.get("x-moz", "")
    return _names_itself(agent) or "prefetch" in early or "prerender" in early


@lru_cache(maxsize=4096)
def _names_itself(agent: str) -> bool:
    return len(agent) < 20 or bool(_NAMES.search(agent))
