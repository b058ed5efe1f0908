"""Where the mails and webhooks of a local stack arrive: a mail server and an HTTP server that keep
everything as files: receivers.py SMTP_PORT MAILS HTTP_PORT WEBHOOKS."""

import asyncio
import itertools
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from aiosmtpd.controller import UnthreadedController

LARGEST_DELIVERY = 1 << 20


class Files:
    """Files of one kind, in the order in which they came. A file is whole when it has its name."""

    def __init__(self, directory, ending):
        self.directory, self.ending, self.numbers = directory, ending, itertools.count()
        os.makedirs(directory, exist_ok=True)

    def keep(self, content):
        name = f"{time.time_ns()}-{next(self.numbers)}.{self.ending}"
        path = os.path.join(self.directory, name)
        with open(path + ".part", "wb") as handle:
            handle.write(content)
        os.rename(path + ".part", path)


class Mails:
    def __init__(self, files):
        self.files = files

    async def handle_DATA(self, _server, _session, envelope):
        try:
            self.files.keep(envelope.content)
        except OSError as full:
            return f"452 {full.strerror}"  # as a mail server with a full disk: try again later
        return "250 kept"


def receiver_of(files):
    """Each file has the headers of Standard Webhooks, an empty line, and the body as it came."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            size = int(self.headers.get("content-length", 0))
            if size > LARGEST_DELIVERY:
                self.send_error(413)
                return
            named = [f"{n}: {v}" for n, v in self.headers.items() if n.startswith("webhook-")]
            try:
                files.keep("\n".join(named).encode() + b"\n\n" + self.rfile.read(size) + b"\n")
            except OSError as full:
                self.send_error(503, full.strerror)  # it comes again later
                return
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    return Receiver


def main():
    smtp_port, mails, http_port, webhooks = sys.argv[1:]
    receiver = receiver_of(Files(webhooks, "webhook"))
    server = ThreadingHTTPServer(("127.0.0.1", int(http_port)), receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    loop = asyncio.new_event_loop()
    controller = UnthreadedController(
        Mails(Files(mails, "eml")), hostname="127.0.0.1", port=int(smtp_port), loop=loop
    )
    controller.begin()
    loop.run_forever()


main()
