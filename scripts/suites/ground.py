"""What every suite stands on: the journeys' stage, a relay with services behind it, probes, and what must come back in the end."""

import argparse
import asyncio
import contextlib
import glob
import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "journeys"))

from stage import ADMIN_HOST, CERTIFICATES, ROOT, TUNNEL_HOST, Failed, Stage, accepts, certify, free_ports, run, until  # noqa: E402
from tunnel import DIALECTS, Site, Tunnel, site_context, trust  # noqa: E402

PLAIN_HOST = "app.localhost"  # http, forwarded
PASSED_HOST = "app.site.localhost"  # TLS passed through
ENDED_HOST = "app.daplie.me"  # TLS ended at the relay
HOSTS = (ADMIN_HOST, TUNNEL_HOST, PLAIN_HOST, PASSED_HOST, ENDED_HOST)
NAMES = (ADMIN_HOST, TUNNEL_HOST, "localhost.daplie.me", "*.daplie.me", "127.0.0.1")  # of the relay's certificates
ROUTES = 'routes: [{ host: "*.daplie.me", tls: terminate }]\n'
HEAP_ALLOWED = 16 << 10  # KiB: what a first crowd leaves in the heap of a relay that had none before
FILES_SECONDS = 60
REAPER_SECONDS = 34  # the relay's reaper looks every thirty, and gives back what is free


def parser(text):
    """A parser of a suite's arguments: its first paragraph, and `--build`."""
    made = argparse.ArgumentParser(description=text.splitlines()[0])
    made.add_argument("--build", default="release", choices=("debug", "release"))
    return made


def packages(name, *wanted):
    """A folder with programs from PyPI, in an environment of their own below .build; installed once."""
    folder = ROOT / ".build" / "suites" / name
    note = folder / "installed"
    if not note.exists() or note.read_text() != " ".join(wanted):
        print(f"== installing {' '.join(wanted)}", flush=True)
        for arguments in ([sys.executable, "-m", "venv", "--clear", folder],
                          [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]):
            done = run(arguments, 300)
            if done.returncode != 0:
                raise Failed(f"{arguments[0]}: {done.stderr.decode()[-2000:]}")
        note.write_text(" ".join(wanted))
    return folder / "bin"


def relay_of(stage, build, more="", **options):
    """A relay with an EC and an RSA certificate, valid for three months as those of public authorities are."""
    certificates = [stage.folder / "relay-ec", stage.folder / "relay-rsa"]
    for path, kind in zip(certificates, ("EC", "RSA")):
        certify(path, NAMES, kind=kind)
    return stage.relay(build, ROUTES + more, certificates=certificates, **options)


class PatientSite(Site):
    """Waits for the body of a request that has one, for as long as somebody sends it."""

    async def answer(self, end, head):
        if head.startswith(b"POST"):
            while await end.read():
                pass
        else:
            await super().answer(end, head)


def serve_names(pipe, relay, names):
    """In a process of its own: a tunnel of our own dialect that serves the names; says so, then stays."""

    async def work():
        site = PatientSite("suite", site_context())
        tunnel = await Tunnel.connect(relay, DIALECTS["own"], relay.token(*names), site.serve)
        pipe.send(True)
        await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
        tunnel.close()

    asyncio.run(work())


def serve(stage, relay, names=(PLAIN_HOST, PASSED_HOST, ENDED_HOST)):
    """Services for the names, behind the relay: `GET /SIZE` is answered with so many bytes."""
    pipe = stage.fork(serve_names, relay, names)
    if not pipe.poll(30) or not pipe.recv():
        raise Failed("no tunnel")
    return pipe


def names_here(stage):
    """The environment in which a program takes the names of these suites for this machine (libnss-wrapper)."""
    found = glob.glob("/usr/lib/*/libnss_wrapper.so") + glob.glob("/usr/lib*/libnss_wrapper.so")
    if not found:
        raise Failed("libnss_wrapper.so is missing (Debian: libnss-wrapper)")
    hosts = stage.folder / "hosts"
    hosts.write_text(f"127.0.0.1 localhost {' '.join(HOSTS)}\n")
    return dict(os.environ, LD_PRELOAD=found[0], NSS_WRAPPER_HOSTS=str(hosts))


class LocalConnection(http.client.HTTPConnection):
    """HTTP to the relay on this machine, whatever the name; inside TLS where there is a context."""

    def __init__(self, host, port, context=None, timeout=5):
        super().__init__(host, port, timeout=timeout)
        self._context = context

    def connect(self):
        self.sock = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        if self._context:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)


def ask(host, port, path, context=None, timeout=5):
    """One request on a connection of its own; gives status and body."""
    connection = LocalConnection(host, port, context, timeout)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.read()


def status_of(relay, context=None):
    """What the relay says of itself: tunnels, names, connections, totals. Only peers on its machine are told."""
    status, body = ask(ADMIN_HOST, relay.port, "/status.json", context or trust(), 10)
    if status != 200:
        raise Failed(f"the status is answered with {status}")
    return json.loads(body)


class Prober:
    """A visitor of every kind, several times a second, in a thread: what was not answered as it should, and how long the slowest took."""

    PROBES = (("the admin site", ADMIN_HOST, "/healthz", True, 200, None), ("the tunnel host", TUNNEL_HOST, "/", True, 426, None),
              ("a forwarded name", PLAIN_HOST, "/64", False, 200, 64), ("TLS passed through", PASSED_HOST, "/64", True, 200, 64),
              ("TLS ended here", ENDED_HOST, "/64", True, 200, 64))

    def __init__(self, relay, pace=0.2):
        self.relay = relay
        self.count = 0
        self.slowest = 0.0
        self.faults = []
        self._pace = pace
        self._is_over = threading.Event()
        self._context = trust()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        self._thread.join(30)

    def _work(self):
        while not self._is_over.wait(self._pace):
            for what, host, path, is_secure, status, size in self.PROBES:
                begin = time.monotonic()
                try:
                    answer, body = ask(host, self.relay.port, path, self._context if is_secure else None)
                    if answer != status or (size is not None and len(body) != size):
                        self.faults.append(f"{what}: {answer}, {len(body)} bytes")
                except (OSError, http.client.HTTPException) as error:
                    self.faults.append(f"{what}: {error!r}")
                self.count += 1
                self.slowest = max(self.slowest, time.monotonic() - begin)


class Belongings:
    """What the relay holds before a suite has begun; and whether it holds no more afterwards."""

    def __init__(self, stage, relay, allowed=HEAP_ALLOWED):
        self.stage = stage
        self.relay = relay
        self.allowed = allowed
        for _ in range(3):  # what first visitors make stays
            for _, host, path, is_secure, _, _ in Prober.PROBES:
                ask(host, relay.port, path, trust() if is_secure else None)
        self.files = self._settled_files()
        self.heap = relay.proportional()

    def _settled_files(self):
        time.sleep(0.5)
        return self.relay.descriptors()

    def check(self, what):
        """Waits until descriptors and memory are back, and prints a line for each."""
        files = self._wait(self.relay.descriptors, self.files, FILES_SECONDS)
        self.stage.check(f"{what}: descriptors are back", files <= self.files, f"{self.files} before, {files} after")
        time.sleep(REAPER_SECONDS)
        heap = self._wait(self.relay.proportional, self.heap + self.allowed, REAPER_SECONDS)
        self.stage.check(f"{what}: memory is back", heap <= self.heap + self.allowed,
                         f"PSS {self.heap / 1024:.1f} MiB before, {heap / 1024:.1f} after, {self.allowed >> 10} more allowed")

    @staticmethod
    def _wait(value, bound, seconds):
        deadline = time.monotonic() + seconds
        while (now := value()) > bound and time.monotonic() < deadline:
            time.sleep(0.5)
        return now


def close_of_log(stage, relay):
    """The line that every suite ends with."""
    is_running = relay.process.poll() is None
    stage.check("the relay still runs, and its log has no error", is_running and not relay.complaints(),
                "; ".join(relay.complaints()[:3]) if is_running else f"ended with {relay.process.returncode}")


def spoken(arguments, seconds, **options):
    """Runs a program that must end by itself; gives its exit status and what it printed, as text."""
    done = run(arguments, seconds, **options)
    text = (done.stdout + done.stderr).decode(errors="replace")
    if done.returncode == -1:
        raise Failed(f"{os.path.basename(str(arguments[0]))}: took longer than {seconds} s\n{text[-2000:]}")
    return done.returncode, text


def weak_server(stage, name):
    """A server that the suites must find fault with, to show that they can: static RSA with CBC, TLS 1.2 only. Gives its port."""
    certify(stage.folder / name, NAMES, kind="RSA")
    port, = free_ports(1)
    stage.start(["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", f"{stage.folder / name}.pem", "-key",
                 f"{stage.folder / name}.key", "-tls1_2", "-cipher", "AES128-SHA:AES256-SHA", "-www", "-quiet"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: accepts(port), "the weak server")
    return port
