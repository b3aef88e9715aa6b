"""The two sides of a soak: tunnels of every dialect that come, go and are taken over; and visitors of every kind and temper.

What stays is told apart from what comes and goes by name: NAMES of a dialect lead to a tunnel that nobody ends, and there no visitor may
lose a connection or a byte. Behind the `moving` names tunnels are cut at random, and only bytes that do arrive must be right.
"""

import asyncio
import contextlib
import hashlib
import logging
import os
import random
import socket
import ssl
import struct

from ground import DIALECTS, Tunnel, site_context, trust
from tunnel import TLSEnd

PIECE = 65536
PERIOD = 1 << 20
BLOCK = random.Random(1).randbytes(PERIOD)  # what bodies are cut from, again and again; both sides know it
BLOCK += BLOCK[:PIECE]
SMALLEST, LARGEST = 1, 4 << 20  # bytes of a body
PATIENCE = 40  # seconds in which anything must have happened
KINDS = ("http", "passed", "ended")
logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns of each write to what was just cut off; here that is the purpose
HOSTS = {"http": "{}.localhost", "passed": "{}.site.localhost", "ended": "{}.daplie.me"}


def label(dialect, is_moving):
    return ("moving-" if is_moving else "") + dialect.replace("_", "-").replace(".", "-")


def names_of(dialect, is_moving):
    """What a dialect's tunnel serves."""
    return [pattern.format(label(dialect, is_moving)) for pattern in HOSTS.values()]


def body_at(seed, start, size):
    """A part of the body that a seed stands for."""
    first = (seed + start) % PERIOD
    if first + size <= len(BLOCK):
        return BLOCK[first:first + size]
    return (BLOCK[first:PERIOD] + BLOCK[:PERIOD] * (size // PERIOD + 1))[:size]


# The devices.


class Service:
    """Behind every tunnel: `GET /SIZE/SEED` gives that body, `POST /` with a body gives its SHA-256. Connections are kept."""

    def __init__(self, context):
        self.context = context

    async def serve(self, stream):
        with contextlib.suppress(ConnectionError, ssl.SSLError, asyncio.CancelledError):
            end = stream
            if stream.service == "https":
                end = TLSEnd(stream, self.context)
                await end.handshake()
            await self._converse(end)

    async def _converse(self, end):
        rest = b""
        while True:
            while b"\r\n\r\n" not in rest:
                data = await end.read()
                if not data:
                    return
                rest += data
            head, _, rest = rest.partition(b"\r\n\r\n")
            words = head.split(b" ", 2)
            if words[0] == b"POST":
                length = int(next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")).split(b":")[1])
                digest, left = hashlib.sha256(), length
                while left:
                    data, rest = (rest, b"") if rest else (await end.read(), b"")
                    if not data:
                        return
                    digest.update(data[:left])
                    rest = data[left:]
                    left -= min(left, len(data))
                await end.write(b"HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n" + digest.hexdigest().encode())
            else:
                _, size, seed = words[1].split(b"/")
                size, seed = int(size), int(seed)
                await end.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
                for start in range(0, size, PIECE):
                    await end.write(body_at(seed, start, min(PIECE, size - start)))
            if b"connection: close" in head.lower():
                return


class Devices:
    """The tunnels, in a process of their own."""

    def __init__(self, relay):
        self.relay = relay
        self.service = Service(site_context())
        self.context = trust()
        self.faults = []
        self.steady = {}
        self.counts = {"connected": 0, "left": 0, "cut": 0, "taken over": 0}
        self.is_flood = False

    async def begin(self):
        """Connects what stays."""
        for dialect in DIALECTS.values():
            token = self.relay.token(*names_of(dialect.name, False))
            self.steady[dialect.name] = await Tunnel.connect(self.relay, dialect, token, self.service.serve, self.context)

    async def flood(self):
        """Lets the others come and go until the ebb."""
        self.is_flood = True
        await asyncio.gather(*(self._move(dialect) for dialect in DIALECTS.values()))

    async def _move(self, dialect):
        """One dialect's moving tunnel: comes, stays a while, and leaves, is cut, or is taken over by its next self."""
        token = self.relay.token(*names_of(dialect.name, True), device={"id": f"soak-{dialect.name}"})
        older = None
        while self.is_flood:
            try:
                tunnel = await Tunnel.connect(self.relay, dialect, token, self.service.serve, self.context,
                                              instance=f"soak-{dialect.name}")
            except Exception as error:
                self.faults.append(f"{dialect.name}: no tunnel: {error!r}")
                await asyncio.sleep(1)
                continue
            self.counts["connected"] += 1
            if older:
                await self._expect_end(dialect, older)
                older = None
            await self._stay(random.uniform(1, 8))
            way = random.choice(("left", "cut", "taken over")) if self.is_flood else "left"
            self.counts[way] += 1
            if way == "left":
                tunnel.close()
            elif way == "cut":
                tunnel.transport.abort()
            else:
                older = tunnel
        if older:
            older.close()

    async def _stay(self, seconds):
        for _ in range(int(seconds * 5)):
            if not self.is_flood:
                return
            await asyncio.sleep(0.2)

    async def _expect_end(self, dialect, tunnel):
        for _ in range(200):
            if tunnel.is_closed:
                return
            await asyncio.sleep(0.05)
        self.faults.append(f"{dialect.name}: a tunnel that was taken over is still open")
        tunnel.close()

    def lost(self):
        """Which of those that stay have gone."""
        return [f"{name}: the tunnel that stays was lost: {tunnel.faults}" for name, tunnel in self.steady.items() if tunnel.is_closed]


def be_devices(pipe, relay):
    """In a process of its own: obeys `flood` and `ebb`; answers each with faults and counts."""

    async def work():
        devices = Devices(relay)
        await devices.begin()
        pipe.send(len(devices.steady))
        flood = None
        while True:
            word = await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
            if word == "flood":
                flood = asyncio.ensure_future(devices.flood())
            elif word == "ebb":
                devices.is_flood = False
                await flood
                pipe.send((devices.faults + devices.lost(), devices.counts))
                devices.faults = []

    asyncio.run(work())


# The visitors.


class Lost(Exception):
    """A connection ended that should not have."""


class Visitor:
    """One connection of a kind to a name."""

    def __init__(self, relay, kind, host, context):
        self.relay, self.kind, self.host, self.context = relay, kind, host, context

    async def __aenter__(self):
        secure = {} if self.kind == "http" else {"ssl": self.context, "server_hostname": self.host}
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.relay.port, limit=1 << 17, **secure)
        return self

    async def __aexit__(self, *_):
        self.writer.close()
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.writer.wait_closed(), 5)

    def serial(self):
        """The number of the certificate that was shown."""
        return self.writer.get_extra_info("peercert")["serialNumber"]

    def ask(self, size, seed, more=""):
        self.writer.write(f"GET /{size}/{seed} HTTP/1.1\r\nHost: {self.host}\r\n{more}\r\n".encode())

    async def head(self):
        """The head of an answer: how long its body is."""
        text = await self.reader.readuntil(b"\r\n\r\n")
        if not text.startswith(b"HTTP/1.1 200"):
            raise Lost(text.split(b"\r\n")[0].decode(errors="replace"))
        return int(text.rpartition(b"Content-Length: ")[2].split(b"\r\n")[0])

    async def body(self, size, seed, stop=None, pause=0.0, piece=PIECE):
        """Reads a body and compares each byte; no further than `stop`, and no faster than `pause` after each piece."""
        if await self.head() != size:
            raise AssertionError("another answer's length")
        start = 0
        while start < (size if stop is None else min(stop, size)):
            data = await self.reader.read(min(piece, size - start))
            if not data:
                raise Lost(f"ended after {start} of {size} bytes")
            if data != body_at(seed, start, len(data)):
                raise AssertionError(f"wrong bytes between {start} and {start + len(data)} of {size}")
            start += len(data)
            if pause:
                await asyncio.sleep(pause)

    async def send(self, size, seed, stop=None, pause=0.0, piece=PIECE):
        """Sends a body, or a part of it, and compares the digest that comes back."""
        self.writer.write(f"POST / HTTP/1.1\r\nHost: {self.host}\r\nContent-Length: {size}\r\n\r\n".encode())
        digest = hashlib.sha256()
        for start in range(0, size if stop is None else min(stop, size), piece):
            data = body_at(seed, start, min(piece, size - start))
            digest.update(data)
            self.writer.write(data)
            await self.writer.drain()
            if pause:
                await asyncio.sleep(pause)
        if stop is None:
            if await self.head() != 64 or await self.reader.readexactly(64) != digest.hexdigest().encode():
                raise AssertionError(f"another digest of {size} bytes")

    def reset(self):
        """Ends with a reset, whatever is under way."""
        raw = self.writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


def some_size():
    """A size at random, as often between 10 and 100 as between 100,000 and 1,000,000."""
    return int(SMALLEST * (LARGEST / SMALLEST) ** random.random())


class Tempers:
    """What a visitor may do; each is one connection."""

    @staticmethod
    async def download(visitor):
        size, seed = some_size(), random.randrange(PERIOD)
        visitor.ask(size, seed)
        await visitor.body(size, seed)

    @staticmethod
    async def upload(visitor):
        await visitor.send(some_size(), random.randrange(PERIOD))

    @staticmethod
    async def conversation(visitor):
        for _ in range(random.randint(2, 8)):
            await random.choice((Tempers.download, Tempers.upload))(visitor)

    @staticmethod
    async def half_close(visitor):
        size, seed = some_size(), random.randrange(PERIOD)
        visitor.ask(size, seed, "Connection: close\r\n")
        if visitor.writer.can_write_eof():
            visitor.writer.write_eof()
        await visitor.body(size, seed)
        if await visitor.reader.read(1):
            raise AssertionError("more than the body")

    @staticmethod
    async def slow_reader(visitor):
        size, seed = random.randint(1 << 16, 1 << 20), random.randrange(PERIOD)
        visitor.ask(size, seed)
        await visitor.body(size, seed, pause=0.05, piece=size // 60)

    @staticmethod
    async def slow_writer(visitor):
        await visitor.send(random.randint(1 << 10, 1 << 16), random.randrange(PERIOD), pause=0.05, piece=random.randint(512, 4096))

    @staticmethod
    async def reset_download(visitor):
        size, seed = random.randint(1 << 12, LARGEST), random.randrange(PERIOD)
        visitor.ask(size, seed)
        if random.random() < 0.8:
            await visitor.body(size, seed, stop=random.randint(1, size))
        visitor.reset()

    @staticmethod
    async def reset_upload(visitor):
        size = random.randint(1 << 12, LARGEST)
        await visitor.send(size, random.randrange(PERIOD), stop=random.randint(1, size - 1))
        visitor.reset()


STRICT = [Tempers.download] * 3 + [Tempers.upload] * 3 + [Tempers.conversation] * 2 + [
    Tempers.half_close, Tempers.slow_reader, Tempers.slow_writer, Tempers.reset_download, Tempers.reset_upload]
NOISES = (b"", b"\r\n\r\n", b"\0" * 300, b"SSH-2.0-soak\r\n", b"\x16\x03\x01\xff\xff\x01", b"\x80\x2e\x01\x03\x01",
          b"GET / HTTP/9.9\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\nHost: ",
          b"GET / HTTP/1.1\r\nHost: nobody.localhost\r\n\r\n")


class Visitors:
    """Many workers, each one visitor after another, at a pace that keeps within an allowance of processor time."""

    def __init__(self, relay, workers):
        self.relay = relay
        self.workers = workers
        self.context = trust()
        self.faults = []
        self.counts = {}
        self.is_flood = False
        self.pause = 0.3  # seconds between two visitors of a worker, on average
        self._lasting = []

    async def flood(self):
        """Visits until the ebb."""
        self.is_flood = True
        await asyncio.gather(*(self._work() for _ in range(self.workers)), self._work_noise(), *(
            self._last(dialect.name) for dialect in DIALECTS.values()))
        await self._crowd()

    def _count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    async def _work(self):
        while self.is_flood:
            await asyncio.sleep(random.expovariate(1 / self.pause))
            dialect, kind, is_moving = random.choice(list(DIALECTS)), random.choice(KINDS), random.random() < 0.25
            temper, host = random.choice(STRICT), HOSTS[kind].format(label(dialect, is_moving))
            try:
                await asyncio.wait_for(self._visit(temper, kind, host), PATIENCE)
                self._count(temper.__name__)
            except AssertionError as error:
                self.faults.append(f"{host}, {temper.__name__}: {error}")
            except (Lost, OSError, EOFError, asyncio.TimeoutError, asyncio.LimitOverrunError) as error:
                if is_moving:
                    self._count("cut with its tunnel")
                else:
                    self.faults.append(f"{host}, {temper.__name__}: {error!r}")

    async def _visit(self, temper, kind, host):
        async with Visitor(self.relay, kind, host, self.context) as visitor:
            await temper(visitor)

    async def _work_noise(self):
        """First bytes that mean nothing, greetings that stop half-way, and heads that are cut off."""
        while self.is_flood:
            await asyncio.sleep(random.expovariate(1 / (3 * self.pause)))
            with contextlib.suppress(OSError, asyncio.TimeoutError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.relay.port)
                writer.write(random.choice(NOISES + (os.urandom(random.randint(1, 2000)),)))
                with contextlib.suppress(asyncio.TimeoutError, OSError):
                    await asyncio.wait_for(reader.read(4096), random.uniform(0, 1))
                writer.transport.abort()
                self._count("noise")

    async def _last(self, dialect):
        """A visitor whose TLS ends at the relay stays for the whole flood, over every change of certificates."""
        host = HOSTS["ended"].format(label(dialect, False))
        try:
            async with Visitor(self.relay, "ended", host, self.context) as visitor:
                while self.is_flood:
                    seed = random.randrange(PERIOD)
                    visitor.ask(1000, seed)
                    await asyncio.wait_for(visitor.body(1000, seed), PATIENCE)
                    self._count("kept over changes of certificates")
                    await asyncio.sleep(1)
        except (AssertionError, Lost, OSError, EOFError, asyncio.TimeoutError) as error:
            self.faults.append(f"{host}, one that stays: {error!r}")

    async def _crowd(self, count=300):
        """So many who say half a head and leave: enough for the relay to give back memory afterwards, so that ebbs compare."""
        writers = []
        for _ in range(count):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.relay.port)
                writer.write(b"GET / HTTP/1.1\r\nHost: ")
                writers.append(writer)
        await asyncio.sleep(1)
        for writer in writers:
            writer.transport.abort()

    async def serial(self):
        """The number of the certificate that a new visitor is shown."""
        async with Visitor(self.relay, "ended", HOSTS["ended"].format(label("own", False)), self.context) as visitor:
            return visitor.serial()


def be_visitors(pipe, relay, workers):
    """In a process of its own: obeys `flood`, `ebb`, `pause SECONDS`, `leak COUNT`; answers an ebb with faults and counts."""

    async def work():
        visitors = Visitors(relay, workers)
        kept = []
        flood = None
        pipe.send(True)
        while True:
            word, *values = await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
            if word == "flood":
                flood = asyncio.ensure_future(visitors.flood())
            elif word == "pause":
                visitors.pause = values[0]
            elif word == "leak":  # what a soak must find
                for _ in range(values[0]):
                    kept.append(await asyncio.open_connection("127.0.0.1", relay.port))
                    name = HOSTS["http"].format(label("own", False))
                    kept[-1][1].write(f"GET /1/1 HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
            elif word == "ebb":
                visitors.is_flood = False
                await flood
                pipe.send((visitors.faults, visitors.counts))
                visitors.faults = []

    asyncio.run(work())
