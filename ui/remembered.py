"""What was drawn before is not drawn again: most reruns change little of a page."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import wraps
from typing import ParamSpec, TypeVar, cast

import streamlit as st

from ui.language import language
from ui.look import palette
from ui.work import Kept

KEPT = 512

_Asked = ParamSpec("_Asked")
_Made = TypeVar("_Made")
_made: Kept[tuple[object, object, object]] = Kept(KEPT)


def remembered(make: Callable[_Asked, _Made]) -> Callable[_Asked, _Made]:
    """What the function made before of the same arguments, in the same language, colours and size of type.

    For what is pure and never changed afterwards, since readers share it. What cannot be compared (a table, an array)
    is the same when it is the same object.
    """

    @wraps(make)
    def known(*args: _Asked.args, **kwargs: _Asked.kwargs) -> _Made:
        seen = language(), palette(), bool(st.session_state.get("vergadering"))
        key = make, _comparable(args), _comparable(kwargs), seen
        found = _made.get(key)
        if found is None:
            found = make(*args, **kwargs), args, kwargs
            _made.put(key, found)
        return cast(_Made, found[0])

    return known


def _comparable(value: object) -> Hashable:
    """A key that is equal for equal values; the values themselves are kept as long as what was made of them."""
    if isinstance(value, Mapping):
        return tuple((name, _comparable(part)) for name, part in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(map(_comparable, value))
    try:
        hash(value)
    except TypeError:
        return "object", id(value)
    return value
