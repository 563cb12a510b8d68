"""One set of fonts for every test of words in the picture."""

from __future__ import annotations

import pytest

from repurpose.render.fonts import Family, fonts_for
from tests.render.lettering import EN, MIXED, TERMS, ZH


@pytest.fixture(scope="session")
def family(tmp_path_factory: pytest.TempPathFactory) -> Family:
    text = "".join(
        [
            *ZH,
            *EN,
            *MIXED,
            *TERMS,
            "内容由AI辅助剪辑首席技术官智造科技质检先上三个月回本最值得做的一件事主任总经理“”《》",
        ]
    )
    return fonts_for(text, None, tmp_path_factory.mktemp("fonts"))
