"""A scripted tunnel client in the dialect of every generation, on asyncio, and what it serves.

It says what the real clients say (docs/WireProtocol.md), so that a relay cannot tell it from them: where the token stands, how many
fields a header has, how messages are cut into frames, which body an end carries, and whether a pause is understood.
"""

import asyncio
import base64
import dataclasses
import json
import os
import ssl
import struct

from stage import CERTIFICATES, TUNNEL_HOST, Failed

VERSION = 0xFE
BINARY, CONTINUATION, CLOSE, PING, PONG = 2, 0, 8, 9, 10
LAST_FRAME, MASKED = 0x80, 0x80


@dataclasses.dataclass(frozen=True)
class Dialect:
    """What one generation of clients says and understands."""

    name: str
    agent: str | None = None  # User-Agent
    path: str = "/"
    is_token_in_url: bool = True
    is_token_in_header: bool = False
    fields: int = 5  # of the headers that it sends
    end_body: bytes = b""
    answers_hello: bool = False
    adds_token: bool = False  # by command, after hello
    knows_pause: bool = False
    splits_packets: bool = False  # header and body in two messages
    names_service: bool = True  # tells the service with data; else the field is empty
    frame: int = 0  # the most bytes of a frame; 0: one frame a message
    body: int = 65536  # the most bytes of a packet's body
    halves: bool = False  # an end is the end of one direction

    @property
    def profile(self):
        """What the relay calls it."""
        return {"stunnel-0.8": "stunnel", "stunnel-0.10": "stunnel", "telebit_js-0.19": "telebit_js"}.get(self.name, self.name)


DIALECTS = {dialect.name: dialect for dialect in (
    Dialect("stunnel-0.8", end_body=b"\0"),
    Dialect("stunnel-0.10", end_body=b" ", answers_hello=True, adds_token=True, knows_pause=True),
    Dialect("telebit_js", is_token_in_url=False, fields=7, answers_hello=True, adds_token=True, knows_pause=True,
            splits_packets=True),
    # An older packer, whose ends are never empty.
    Dialect("telebit_js-0.19", is_token_in_url=False, fields=7, end_body=b" ", answers_hello=True, adds_token=True, knows_pause=True,
            splits_packets=True),
    Dialect("telebit_go", agent="Go-http-client/1.1", path="/ws?versions=v1", is_token_in_header=True, fields=8,
            names_service=False, frame=4096, body=8192),
    Dialect("rvpn_go", agent="Go-http-client/1.1", frame=4096, body=4096),
    Dialect("own", agent="rvpn/1.0", is_token_in_url=False, is_token_in_header=True, fields=7, answers_hello=True,
            knows_pause=True, halves=True),
)}


def trust(certificate="ca.pem"):
    """What a client of the relay needs to know its certificate."""
    return ssl.create_default_context(cafile=str(CERTIFICATES / certificate))


def masked(payload):
    """A key and the payload under it (RFC 6455 §5.3). As one large number, which Python masks fastest."""
    key = os.urandom(4)
    size = len(payload)
    mask = int.from_bytes((key * (size // 4 + 1))[:size], "little")
    return key + (int.from_bytes(payload, "little") ^ mask).to_bytes(size, "little")


def frame(opcode, payload, is_last=True):
    """A WebSocket frame of a client."""
    size = len(payload)
    first = opcode | (LAST_FRAME if is_last else 0)
    if size < 126:
        head = bytes((first, MASKED | size))
    elif size < 65536:
        head = struct.pack(">BBH", first, MASKED | 126, size)
    else:
        head = struct.pack(">BBQ", first, MASKED | 127, size)
    return head + masked(payload)


class Room:
    """Whether there is room to write; whoever writes waits until there is."""

    def __init__(self):
        self._waiting = []
        self.is_open = True

    def set(self, is_open):
        self.is_open = is_open
        if is_open:
            waiting, self._waiting = self._waiting, []
            for each in waiting:
                if not each.done():
                    each.set_result(None)

    async def wait(self):
        while not self.is_open:
            future = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            await future


class Stream:
    """One visitor's connection, as its service sees it."""

    def __init__(self, tunnel, fields):
        self.tunnel = tunnel
        self.family, self.address, self.port, self.service = fields[0], fields[1], fields[2], fields[4]
        self.service_port = fields[5] if len(fields) > 5 else ""
        self.name = fields[6] if len(fields) > 6 else ""
        self.room = Room()
        self.is_over = False
        self.has_ended = False  # we have said all
        self.visitor_ended = False
        self.bytes_sent = 0
        self._input = bytearray()
        self._arrival = None

    def received(self, body):
        self._input += body
        self._wake()

    def closed(self, is_whole):
        """The visitor says no more; or the stream is over, both directions."""
        self.visitor_ended = True
        if is_whole:
            self.is_over = True
            self.room.set(True)
        self._wake()

    def _wake(self):
        if self._arrival and not self._arrival.done():
            self._arrival.set_result(None)

    async def read(self):
        """What has come, at least a byte; nothing at the end."""
        while not self._input and not self.visitor_ended:
            self._arrival = asyncio.get_running_loop().create_future()
            await self._arrival
        data, self._input = bytes(self._input), bytearray()
        return data

    async def write(self, data):
        """Sends bytes, each packet when the tunnel has room, and the visitor, where the dialect knows of it."""
        size = self.tunnel.dialect.body
        for start in range(0, len(data), size):
            await self.room.wait()
            await self.tunnel.room.wait()
            if self.is_over or self.tunnel.is_closed:
                return
            body = data[start:start + size]
            self.tunnel.send(self, self.service if self.tunnel.dialect.names_service else "", body)
            self.bytes_sent += len(body)
            await asyncio.sleep(0)  # what came meanwhile is read first, a pause above all; a real client has an event for each

    def end(self):
        """All is said. Where the dialect has no halves the stream is over."""
        if self.is_over or self.has_ended or self.tunnel.is_closed:
            return
        self.has_ended = True
        self.tunnel.send(self, "end", self.tunnel.dialect.end_body)
        if not self.tunnel.dialect.halves or self.visitor_ended:
            self.is_over = True
            self.tunnel.streams.pop((self.address, self.port), None)


class Tunnel(asyncio.Protocol):
    """A tunnel: TLS, WebSocket, packets, streams. `serve` is a coroutine function that is given each stream."""

    def __init__(self, dialect, token, serve, instance=None):
        self.dialect = dialect
        self.token = token
        self.serve = serve
        self.streams = {}
        self.room = Room()
        self.is_closed = False
        self.opened = 0  # streams so far
        self.pauses = 0
        self.grants = []
        self.faults = []
        self.ready = asyncio.get_running_loop().create_future()
        self._is_upgraded = False
        self._frames = bytearray()
        self._packets = bytearray()
        self._tasks = set()
        self._instance = instance or base64.b16encode(os.urandom(16)).decode().lower()

    @classmethod
    async def connect(cls, relay, dialect, token, serve, context=None, instance=None):
        """Dials and waits until the relay serves the token's names; raises what refused it."""
        loop = asyncio.get_running_loop()
        _, tunnel = await loop.create_connection(lambda: cls(dialect, token, serve, instance), relay.address, relay.port,
                                                 ssl=context or trust(), server_hostname=TUNNEL_HOST)
        await asyncio.wait_for(tunnel.ready, 30)
        return tunnel

    def close(self):
        """Hangs up."""
        self.transport.close()

    # What asyncio calls.

    def connection_made(self, transport):
        self.transport = transport
        transport.set_write_buffer_limits(1 << 20)
        transport.write(self._request())

    def connection_lost(self, error):
        self.is_closed = True
        self.room.set(True)
        for stream in list(self.streams.values()):
            stream.closed(True)
        if not self.ready.done():
            self.ready.set_exception(Failed(f"{self.dialect.name}: the tunnel was closed: {self.faults or error}"))

    def pause_writing(self):
        self.room.set(False)

    def resume_writing(self):
        self.room.set(True)

    def data_received(self, data):
        self._frames += data
        if not self._is_upgraded and not self._take_answer():
            return
        self._take_frames()

    # The upgrade.

    def _request(self):
        dialect, path = self.dialect, self.dialect.path
        if dialect.is_token_in_url:
            path += ("&" if "?" in path else "?") + f"access_token={self.token}"
        lines = [f"GET {path} HTTP/1.1", f"Host: {TUNNEL_HOST}", "Connection: Upgrade", "Upgrade: websocket",
                 "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}"]
        if dialect.agent:
            lines.append(f"User-Agent: {dialect.agent}")
        if dialect.is_token_in_header:
            lines.append(f"Authorization: Bearer {self.token}")
        if dialect.halves:
            lines.append(f"RVPN-Instance: {self._instance}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _take_answer(self):
        end = self._frames.find(b"\r\n\r\n")
        if end < 0:
            return False
        status = bytes(self._frames[:end]).split(b"\r\n")[0].decode()
        if " 101 " not in status:
            self.faults.append(status)
            self.transport.close()
            return False
        del self._frames[:end + 4]
        self._is_upgraded = True
        if not self.dialect.answers_hello:
            self._is_ready()
        return True

    def _is_ready(self):
        if not self.ready.done():
            self.ready.set_result(None)

    # Frames and packets in.

    def _take_frames(self):
        data, position = self._frames, 0
        while len(data) - position >= 2:
            size, start = data[position + 1] & 0x7F, position + 2
            if size == 126:
                start += 2
            elif size == 127:
                start += 8
            if len(data) < start:
                break
            if size > 125:
                size = int.from_bytes(data[position + 2:start], "big")
            if len(data) < start + size:
                break
            self._take_frame(data[position] & 0x0F, bytes(data[start:start + size]))
            position = start + size
        del data[:position]

    def _take_frame(self, opcode, payload):
        if opcode == PING:
            self.transport.write(frame(PONG, payload))
        elif opcode == CLOSE:
            self.faults.append(f"close {int.from_bytes(payload[:2], 'big')} {payload[2:].decode()}")
            self.transport.write(frame(CLOSE, payload))
            self.transport.close()
        elif opcode in (BINARY, CONTINUATION):
            self._packets += payload
            self._take_packets()

    def _take_packets(self):
        data, position = self._packets, 0
        while len(data) - position >= 2:
            if data[position] != VERSION:
                raise Failed(f"not a packet: {bytes(data[position:position + 40])}")
            start = position + 2 + data[position + 1]
            if len(data) < start:
                break
            fields = data[position + 2:start].decode().split(",")
            size = int(fields[3])
            if len(data) < start + size:
                break
            self._take_packet(fields, bytes(data[start:start + size]))
            position = start + size
        del data[:position]

    def _take_packet(self, fields, body):
        service = fields[4]
        if service == "control":
            self._take_control(json.loads(body))
            return
        key = (fields[1], fields[2])
        stream = self.streams.get(key)
        if service == "connection":
            fields[4] = fields[7]
            self._open(key, fields)
        elif service in ("end", "error"):
            if stream:
                self._visitor_ended(key, stream, service == "error")
        elif service == "pause" and self.dialect.knows_pause:
            self.pauses += 1
            if stream:
                stream.room.set(False)
        elif service == "resume" and self.dialect.knows_pause:
            if stream:
                stream.room.set(True)
        else:
            (stream or self._open(key, fields)).received(body)

    def _open(self, key, fields):
        stream = self.streams[key] = Stream(self, fields)
        self.opened += 1
        task = asyncio.ensure_future(self._run(stream))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return stream

    async def _run(self, stream):
        await self.serve(stream)
        stream.end()

    def _visitor_ended(self, key, stream, is_reset):
        is_whole = is_reset or not self.dialect.halves or stream.has_ended
        stream.closed(is_whole)
        if is_whole:
            del self.streams[key]

    def _take_control(self, message):
        number, word = message[0], message[1]
        if number == 0 or (number < 0 and word):
            self.faults.append(word)
        elif number > 0 and word == "hello" and self.dialect.answers_hello:
            if self.dialect.adds_token:
                self._command([2, "add_token", self.token])
            self._command([-number, None])
            if not self.dialect.adds_token:
                self._is_ready()
        elif number > 0 and word == "hello":
            self._write(self._packet(",,", "error", b"\0", ""))  # what 0.8 takes hello for
        elif number > 0 and word == "grant":
            self.grants = message[2]
            self._command([-number, None])
        elif number == -2:
            self._is_ready()

    # Packets and frames out.

    def _command(self, values):
        self._write(self._packet(",,", "control", json.dumps(values).encode(), ""))

    def send(self, stream, service, body):
        """A packet of a stream."""
        rest = {5: "", 7: f",{stream.service_port},{stream.name}", 8: f",{stream.service_port},{stream.name},\n"}
        self._write(self._packet(f"{stream.family},{stream.address},{stream.port}", service, body, rest[self.dialect.fields]))

    @staticmethod
    def _packet(key, service, body, rest):
        header = f"{key},{len(body)},{service}{rest}".encode()
        return bytes((VERSION, len(header))) + header, body

    def _write(self, packet):
        if self.is_closed or self.transport.is_closing():
            return
        header, body = packet
        messages = [header, body] if self.dialect.splits_packets and body else [header + body]
        self.transport.write(b"".join(part for message in messages for part in self._frames_of(message)))

    def _frames_of(self, message):
        size = self.dialect.frame or len(message)
        for start in range(0, len(message), size):
            yield frame(CONTINUATION if start else BINARY, message[start:start + size], start + size >= len(message))


class TLSEnd:
    """The service's end of TLS that passed through: looks like a stream, with the plaintext inside."""

    def __init__(self, stream, context):
        self.stream = stream
        self.name = stream.name
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)

    async def _step(self, call, *arguments):
        """Does the call as often as it wants more bytes; gives nothing when there are no more."""
        while True:
            try:
                answer = call(*arguments)
                await self._flush()
                return answer
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self.stream.read()
                if not data:
                    return b""
                self._in.write(data)
            except ssl.SSLError:
                await self._flush()
                return b""

    async def _flush(self):
        if self._out.pending:
            await self.stream.write(self._out.read())

    async def handshake(self):
        await self._step(self._tls.do_handshake)

    async def read(self):
        return await self._step(self._tls.read, 65536)

    async def write(self, data):
        self._tls.write(data)
        await self._flush()


def site_context():
    """The certificate of a service that ends its own TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "site.pem", CERTIFICATES / "site.key")
    return context


def page(label, size):
    """A body that tells who made it."""
    text = f"{label}\n".encode()
    return text + b"." * max(0, size - len(text))


class Site:
    """Serves HTTP: `GET /SIZE` is answered with so many bytes that begin with the site's label. Connections are kept."""

    def __init__(self, label, context=None):
        self.label = label
        self.context = context
        self.requests = 0

    async def serve(self, stream):
        end = stream
        if self.context and stream.service == "https":
            end = TLSEnd(stream, self.context)
            await end.handshake()
        rest = b""
        while True:
            while b"\r\n\r\n" not in rest:
                data = await end.read()
                if not data:
                    return
                rest += data
            head, _, rest = rest.partition(b"\r\n\r\n")
            self.requests += 1
            await self.answer(end, head)
            if b"connection: close" in head.lower():
                return

    async def answer(self, end, head):
        """The answer to one request."""
        size = int(head.split(b" ", 2)[1].lstrip(b"/") or 0)
        body = page(self.label, size)
        await end.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def serve_names(pipe, relay, label, *names):
    """In a process of its own: a tunnel of our own dialect with the names. Whatever comes over the pipe is answered with whether it was
    lost."""

    async def work():
        tunnel = await Tunnel.connect(relay, DIALECTS["own"], relay.token(*names), Site(label, site_context()).serve)
        pipe.send("ready")
        while True:
            await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
            pipe.send(tunnel.is_closed)

    asyncio.run(work())
