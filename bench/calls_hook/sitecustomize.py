"""Writes a line for every call of a function of the product, in every process of Python that imports this.

Python imports `sitecustomize` when it starts, if the folder is on PYTHONPATH. The fields of a line, separated
by tabs: process id; time.monotonic_ns(); module; function; and, for a view that Flask calls, how many of the
product's functions are on the stack. `sys.monitoring` (https://docs.python.org/3/library/sys.monitoring.html)
has the events that `sys.setprofile` is made of, but of all threads, those that are not started by Python
included. As there, a generator or coroutine that goes on is a call.
"""

import os
import sys
from time import monotonic_ns
from types import CodeType, FrameType

_ROOT = os.environ["CALLS_PRODUCT"] + os.sep
_ROOMS = tuple(f"{_ROOT}{room}{os.sep}" for room in ("graph", "web"))
_LOG = os.open(os.environ["CALLS_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def _is_product(code: CodeType) -> bool:
    return code.co_filename.startswith(_ROOMS) and code.co_filename.endswith(".py")


def _called(code: CodeType, _offset: int) -> object:
    """Write a call of the product; have Python disable the event for all other code."""
    if not _is_product(code):
        return sys.monitoring.DISABLE
    module = code.co_filename.removeprefix(_ROOT).removesuffix(".py").replace(os.sep, ".")
    function = f"{code.co_qualname}:{code.co_firstlineno}"
    fields = os.getpid(), monotonic_ns(), module, function, _depth_of_view(sys._getframe(1).f_back)
    os.write(_LOG, ("\t".join(map(str, fields)) + "\n").encode())
    return None


def _depth_of_view(caller: FrameType | None) -> int | str:
    """Return how many functions of the product are on the stack of a `caller` that is Flask's."""
    if not caller or caller.f_code.co_name != "dispatch_request" or "flask" not in caller.f_code.co_filename:
        return ""
    count = 0
    while caller := caller.f_back:
        count += _is_product(caller.f_code)
    return count


sys.monitoring.use_tool_id(sys.monitoring.PROFILER_ID, "bench.calls")
for event in (sys.monitoring.events.PY_START, sys.monitoring.events.PY_RESUME):
    sys.monitoring.register_callback(sys.monitoring.PROFILER_ID, event, _called)
sys.monitoring.set_events(
    sys.monitoring.PROFILER_ID, sys.monitoring.events.PY_START | sys.monitoring.events.PY_RESUME
)
