"""Relays between the parts of a stack that was brought up with --test-links: links.py CONFIG. Each
link (who reaches whom) has a port of its own, so that one can be cut while all others go on.

On the control port a line `cut|stall|heal|reset FROM TO` is answered with `ok` or a sentence;
`list` with JSON.
  cut    connections are reset, new ones refused
  stall  connections stay open and new ones are taken, but no byte passes
  reset  connections are reset, new ones go through
"""

import asyncio
import json
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path

PIECE = 1 << 16
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER of zero seconds


class Link:
    def __init__(self, listen, target):
        self.listen, self.target = listen, target
        self.state, self.server, self.writers = "open", None, set()
        self.flowing = asyncio.Event()
        self.flowing.set()

    async def open(self):
        if not self.server:
            self.server = await asyncio.start_server(
                self._connected, "127.0.0.1", self.listen, limit=PIECE
            )
        self.flowing.set()
        self.state = "open"

    def reset(self):
        for writer in self.writers:
            with suppress(OSError):  # it has just been closed
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE
                )
            writer.transport.abort()

    async def cut(self):
        self.state = "cut"
        if self.server:
            self.server.close()
            self.server = None
        self.reset()
        self.flowing.set()

    def stall(self):
        if self.state == "open":
            self.state = "stalled"
            self.flowing.clear()

    async def _connected(self, reader, writer):
        self.writers.add(writer)
        there = None
        try:
            await self.flowing.wait()
            back, there = await asyncio.open_connection("127.0.0.1", self.target, limit=PIECE)
            self.writers.add(there)
            if self.state == "cut":
                return
            await asyncio.wait(
                [
                    asyncio.ensure_future(self._pass(reader, there)),
                    asyncio.ensure_future(self._pass(back, writer)),
                ]
            )
        except OSError:
            pass  # the target is away: the client's connection ends as it would without us
        finally:
            for end in filter(None, (writer, there)):
                self.writers.discard(end)
                end.close()

    async def _pass(self, source, sink):
        try:
            while piece := await source.read(PIECE):
                await self.flowing.wait()
                sink.write(piece)
                await sink.drain()
        except OSError:
            pass
        finally:
            sink.close()


class Links:
    def __init__(self, links):
        self.links = {
            (link["from"], link["to"]): Link(link["listen"], link["target"]) for link in links
        }

    async def answer(self, reader, writer):
        while line := await reader.readline():
            writer.write((await self._do(line.decode().split()) + "\n").encode())
        writer.close()

    async def _do(self, words):
        if words == ["list"]:
            return json.dumps(
                [{"from": a, "to": b, "state": link.state} for (a, b), link in self.links.items()]
            )
        if len(words) != 3 or words[0] not in ("cut", "stall", "heal", "reset"):
            return "cut|stall|heal|reset FROM TO, or list"
        link = self.links.get((words[1], words[2]))
        if not link:
            return f"no link from {words[1]} to {words[2]}"
        if words[0] == "cut":
            await link.cut()
        elif words[0] == "heal":
            await link.open()
        else:
            link.stall() if words[0] == "stall" else link.reset()
        return "ok"


async def main():
    config = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    links = Links(config["links"])
    for link in links.links.values():
        await link.open()
    async with await asyncio.start_server(links.answer, "127.0.0.1", config["control"]) as control:
        await control.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
