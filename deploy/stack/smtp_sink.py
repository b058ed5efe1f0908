"""A mail server that keeps every mail as a file: smtp_sink.py PORT DIRECTORY."""

import asyncio
import itertools
import os
import sys
import time

from aiosmtpd.controller import UnthreadedController


class Sink:
    def __init__(self, directory):
        self.directory, self.numbers = directory, itertools.count()

    async def handle_DATA(self, _server, _session, envelope):
        name = os.path.join(self.directory, f"{time.time_ns()}-{next(self.numbers)}.eml")
        try:
            with open(name + ".part", "wb") as handle:
                handle.write(envelope.content)
            os.rename(name + ".part", name)
        except OSError as full:
            return f"452 {full.strerror}"  # as a mail server with a full disk: try again later
        return "250 kept"


def main():
    port, directory = int(sys.argv[1]), sys.argv[2]
    os.makedirs(directory, exist_ok=True)
    loop = asyncio.new_event_loop()
    controller = UnthreadedController(Sink(directory), hostname="127.0.0.1", port=port, loop=loop)
    controller.begin()
    loop.run_forever()


main()
