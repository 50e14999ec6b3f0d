"""What forms hold."""

from urllib.parse import parse_qsl, quote_plus, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.forms import read

PIECES = (
    b"%41",
    b"%3d",
    b"%",
    b"%4",
    b"%zz",
    b"%0D%0A",
    b"=",
    b"=41",
    b"=\n",
    b"\r\n",
    b" ",
    b"a",
    b"_",
    b"\t",
)


@given(st.dictionaries(st.text(), st.text()))
def test_what_was_put_into_a_form_comes_out(parameters: dict[str, str]) -> None:
    encoded = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in parameters.items())
    assert read(encoded.encode()) == [*parameters.items()]


@given(st.lists(st.sampled_from(PIECES)).map(b"".join))
def test_what_is_no_escape_stays(text: bytes) -> None:
    try:
        expected = unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            read(b"a=" + text)
    else:
        assert read(b"a=" + text) == [("a", expected)]


@given(st.lists(st.sampled_from(("a", "=", "&", "%26", "%3D", "+", "å", "%C3%A5"))).map("".join))
def test_a_form_is_read_as_the_standard_library_does(text: str) -> None:
    assert read(text.encode()) == parse_qsl(text, keep_blank_values=True)


@pytest.mark.parametrize("encoded", [b"q=%C3", b"%ff=1", b"q=\xc3"])
def test_what_is_not_utf_8_is_no_text(encoded: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        read(encoded)
