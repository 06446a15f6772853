"""The end of what serves until it is asked to end."""

import asyncio
import signal


def asked_to_end() -> "asyncio.Future[int]":
    """The number of the first signal that asks for it. What runs in the loop is not disturbed."""
    loop = asyncio.get_running_loop()
    asked: asyncio.Future[int] = loop.create_future()

    def ask(number: int) -> None:
        if not asked.done():
            asked.set_result(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask, number)
    return asked
