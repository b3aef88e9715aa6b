# Python 2.7, the only one that Autobahn's test suite knows. Started by the script `autobahn`.
"""Autobahn's fuzzing client as a client of a tunnel: every message of a case is packets inside, and comes back through a visitor.

    autobahn_client.py SPEC.json PACKAGES     # PACKAGES: the folder where the suite is installed

Nothing of the suite is changed. Between it and the relay stands what a tunnel needs (docs/WireProtocol.md):

* a token and a name for each case, in the dialect `telebit_go`, to which the relay says nothing by itself;
* a visitor, who asks for the name over plain http and returns every byte that reaches him: the echo;
* around the payload of each data frame a packet of that visitor's stream. Frames, masks, reserved bits, opcodes, cuts, control frames
  and the time of each are the case's own. What comes back is cut where the case cut its messages, since a stream knows no messages.
"""

import base64
import collections
import hashlib
import hmac
import json
import site
import sys

site.addsitedir(sys.argv[2])  # and not PYTHONPATH, where namespace packages are not found

from twisted.internet import protocol, reactor

from autobahntestsuite import fuzzing

HEAD = b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n"
OPEN_SECONDS = 5
CONTINUATION, TEXT, BINARY = 0, 1, 2
Case = fuzzing.FuzzingClientProtocol


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def token(secret, name):
    """A token for one name."""
    signed = b".".join(base64url(json.dumps(part)) for part in ({"alg": "HS256", "typ": "JWT"}, {"domains": [name]}))
    return signed + b"." + base64url(hmac.new(secret, signed, hashlib.sha256).digest())


class Visitor(protocol.Protocol):
    """Returns what it gets."""

    def connectionMade(self):
        self.transport.setTcpNoDelay(True)
        self.transport.write(HEAD % self.factory.name)

    def dataReceived(self, data):
        self.transport.write(data)


class EchoingProtocol(Case):
    """One case: its frames in packets, its answers out of packets."""

    def begin(self, name, port):
        """Before it connects: the name that the visitor asks for, and where."""
        self.name = name
        self.port = port
        self.key = None
        self.connector = None
        self.unread = b""
        self.echoed = b""
        self.sent = collections.deque()  # [opcode, bytes, whether it is whole] of each message that has not come back
        return self

    # The case begins when the visitor's first packet is here.

    def onOpen(self):
        factory = protocol.ClientFactory.forProtocol(Visitor)
        factory.name = self.name
        factory.noisy = False
        self.connector = reactor.connectTCP("127.0.0.1", self.port, factory)
        self.opening = reactor.callLater(OPEN_SECONDS, self.failConnection)

    def connectionLost(self, reason):
        if self.connector:
            self.connector.disconnect()
            if self.opening.active():
                self.opening.cancel()
        Case.connectionLost(self, reason)

    # Out.

    def packet(self, size):
        """What stands before a body."""
        head = b"%s,%d,http,80,%s" % (self.key, size, self.name)
        return b"\xfe" + chr(len(head)) + head

    def sendFrame(self, opcode, payload=b"", fin=True, rsv=0, mask=None, payload_len=None, chopsize=None, sync=False):
        if opcode in (CONTINUATION, TEXT, BINARY):
            if payload_len is not None:
                payload = (payload * (payload_len // len(payload) + 1))[:payload_len]
            self.note(opcode, len(payload), fin)
            payload = self.packet(len(payload)) + payload
            payload_len = None
        Case.sendFrame(self, opcode, payload, fin, rsv, mask, payload_len, chopsize, sync)

    def beginMessage(self, *arguments, **options):
        Case.beginMessage(self, *arguments, **options)
        self.streamed = TEXT

    def beginMessageFrame(self, length):
        self.note(self.streamed, length, False)
        self.streamed = CONTINUATION
        head = self.packet(length)
        Case.beginMessageFrame(self, length + len(head))
        Case.sendMessageFrameData(self, head)

    def note(self, opcode, size, is_last):
        if opcode != CONTINUATION:
            self.sent.append([opcode, size, is_last])
        elif self.sent and not self.sent[-1][2]:
            self.sent[-1][1] += size
            self.sent[-1][2] = is_last

    # In.

    def onMessage(self, payload, isBinary):
        self.unread += payload
        while len(self.unread) >= 2 and len(self.unread) >= 2 + ord(self.unread[1]):
            start = 2 + ord(self.unread[1])
            fields = self.unread[2:start].split(b",")
            end = start + int(fields[3])
            if len(self.unread) < end:
                return
            body, self.unread = self.unread[start:end], self.unread[end:]
            self.take(fields, body)

    def take(self, fields, body):
        if self.key is None:
            self.key = b",".join(fields[:3])
            self.opening.cancel()
            Case.onOpen(self)
            return
        if fields[4] in (b"end", b"error"):
            return
        self.echoed += body
        while self.sent and self.sent[0][2] and 0 < self.sent[0][1] <= len(self.echoed):
            opcode, size, _ = self.sent.popleft()
            message, self.echoed = self.echoed[:size], self.echoed[size:]
            Case.onMessage(self, message, opcode == BINARY)


class EchoingFactory(fuzzing.FuzzingClientFactory):
    """Gives every case a name and a token of its own."""

    count = 0

    def buildProtocol(self, address):
        self.count += 1
        name = b"case%d.localhost" % self.count
        self.host = self.spec["host"].encode()
        self.resource = b"/?versions=v1&access_token=" + token(self.secret, name)
        return fuzzing.FuzzingClientFactory.buildProtocol(self, address).begin(name, self.spec["port"])


def main():
    with open(sys.argv[1]) as file:
        spec = json.load(file)
    with open(spec["secret"], "rb") as file:
        EchoingFactory.secret = file.read()
    fuzzing.FuzzingClientProtocol = EchoingProtocol  # which the suite's factory makes by its name
    EchoingFactory(spec)
    reactor.run()


if __name__ == "__main__":
    main()
