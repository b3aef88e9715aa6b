"""What every journey stands on: a folder that goes away, programs that end with the script, a relay, checks and their lines."""

import base64
import contextlib
import ctypes
import hashlib
import hmac
import json
import multiprocessing
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CERTIFICATES = ROOT / "certs"
ADMIN_HOST = "rvpn.localhost"
TUNNEL_HOST = "tunnel.localhost"
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG in <linux/prctl.h>


class Failed(Exception):
    """A journey cannot go on."""


def program(name):
    """The path of a program of Debian's, some of which are not on everybody's PATH."""
    path = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    found = shutil.which(name, path=path)
    if found is None:
        raise Failed(f"the program {name} is missing")
    return found


def rvpn(build):
    """The path of the built product: `debug` or `release`."""
    path = ROOT / ".build" / build / "rvpn"
    if not path.exists():
        raise Failed(f"{path} is missing; build it: swift build -c {build} --product rvpn")
    return str(path)


def free_ports(count):
    """Ports of this machine that nobody listens at, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def until(condition, what, seconds=20):
    """Waits until the condition holds, and gives what it said; fails when it does not in time."""
    deadline = time.monotonic() + seconds
    while True:
        if answer := condition():
            return answer
        if time.monotonic() > deadline:
            raise Failed(f"after {seconds} s there is no sign of: {what}")
        time.sleep(0.02)


def accepts(port, host="127.0.0.1"):
    """Whether somebody listens at the port."""
    with contextlib.suppress(OSError), socket.create_connection((host, port), 1):
        return True
    return False


def base64url(data):
    """Base64 as tokens have it: two other letters, no padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def mint(secret, **claims):
    """A token with the claims, signed with HS256."""
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    signed = ".".join(base64url(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    return signed + "." + base64url(hmac.new(secret, signed.encode(), hashlib.sha256).digest())


def development_certificates():
    """Makes the certificates of `certs/` where there are none."""
    if not (CERTIFICATES / "relay-ec.pem").exists():
        subprocess.run([CERTIFICATES / "make"], check=True)


KEY_KINDS = {"EC": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "RSA": ["-algorithm", "RSA"]}


def certify(path, names, days=90, kind="EC"):
    """Makes a key and a certificate of the development authority for the names: PATH.key and PATH.pem, each complete at any moment.

    Gives the certificate's serial number, in hexadecimal digits as OpenSSL prints them.
    """
    development_certificates()
    serial = "%032X" % (int.from_bytes(os.urandom(16), "big") >> 1 | 1 << 126)
    part = {what: f"{path}.{what}.part" for what in ("key", "csr", "ext", "pem")}
    pathlib.Path(part["ext"]).write_text(
        "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"
        "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
        f"subjectAltName={','.join(('IP:' if name[0].isdigit() else 'DNS:') + name for name in names)}\n")
    for arguments in (
            ["genpkey", *KEY_KINDS[kind], "-quiet", "-out", part["key"]],
            ["req", "-new", "-key", part["key"], "-subj", f"/O=RVPN development/CN={names[0]}", "-out", part["csr"]],
            ["x509", "-req", "-in", part["csr"], "-CA", CERTIFICATES / "ca.pem", "-CAkey", CERTIFICATES / "ca.key", "-sha256",
             "-set_serial", f"0x{serial}", "-days", str(days), "-extfile", part["ext"], "-out", part["pem"]]):
        done = run(["openssl", *arguments])
        if done.returncode != 0:
            raise Failed(f"openssl {arguments[0]}: {done.stderr.decode()}")
    for what in ("key", "pem"):
        os.replace(part[what], f"{path}.{what}")
    for what in ("csr", "ext"):
        os.unlink(part[what])
    return serial


def allow_many_files(count):
    """Raises the limit of open descriptors of this process and its children; fails where the system does not allow it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= count:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, max(hard, count)))
    except (ValueError, PermissionError) as error:
        raise Failed(f"{count} open files are needed, {hard} are allowed: ulimit -n {count}") from error


def die_with_parent():
    """Runs in a child before its program: a script that is killed outright leaves nothing behind either."""
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)


class Relay:
    """A running relay: where it listens, its secret, what it uses and what it said."""

    def __init__(self, process, ports, secret, log, address="127.0.0.1"):
        self.process = process
        self.ports = ports
        self.secret = secret
        self.log = log
        self.address = address

    @property
    def port(self):
        """The port of the first listener."""
        return self.ports[0]

    @property
    def url(self):
        """Where clients connect."""
        return f"wss://{TUNNEL_HOST}:{self.port}"

    def token(self, *names, **claims):
        """A token for the names, which this relay accepts."""
        return mint(self.secret, domains=list(names), **claims)

    def resident(self):
        """Resident memory in KiB."""
        return self._number(f"/proc/{self.process.pid}/status", "VmRSS:")

    def proportional(self):
        """Resident memory in KiB; what is shared with other processes is counted in part."""
        return self._number(f"/proc/{self.process.pid}/smaps_rollup", "Pss:")

    def descriptors(self):
        """How many files and sockets are open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def processor(self):
        """Seconds of processor time so far."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def lines(self, *parts, since=0):
        """The lines of the log that have all of the parts, from a line on."""
        return [line for line in self.log.read_text().splitlines()[since:] if all(part in line for part in parts)]

    def complaints(self):
        """The lines of the log that are errors."""
        return [line for line in self.lines() if "level=error" in line or "level=critical" in line]

    @staticmethod
    def _number(path, word):
        with open(path, encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(word))


class Stage:
    """A journey's folder, programs and checks. Leaving it ends the programs and removes the folder, whatever happened."""

    def __init__(self, name):
        self.name = name
        self.failures = 0
        self.relays = 0
        self.forked = []  # identities of the processes of `fork`
        self._exits = contextlib.ExitStack()

    def __enter__(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _: sys.exit(128 + number))
        self.folder = pathlib.Path(self._exits.enter_context(tempfile.TemporaryDirectory(prefix=f"rvpn-{self.name}-")))
        return self

    def __exit__(self, kind, error, trace):
        self._exits.close()
        if kind is KeyboardInterrupt:
            sys.exit(130)
        if isinstance(error, Failed):
            print(f"{self.name}: {error}", file=sys.stderr)
            sys.exit(1)
        if kind is None and self.failures:
            sys.exit(1)

    def at_exit(self, action, *arguments):
        """Does something when the stage is left, before what was noted earlier."""
        self._exits.callback(action, *arguments)

    def start(self, arguments, **options):
        """Starts a program that ends with the stage. What it prints goes to a file named for it, in the folder."""
        name = os.path.basename(arguments[0])
        if "stdout" not in options:
            log = open(self.folder / f"{name}.log", "ab")
            self._exits.callback(log.close)
            options.update(stdout=log, stderr=log)
        process = subprocess.Popen(arguments, stdin=options.pop("stdin", subprocess.DEVNULL), preexec_fn=die_with_parent,
                                   start_new_session=True, **options)
        self._exits.callback(self.stop, process)
        return process

    @staticmethod
    def stop(process, seconds=5):
        """Ends a program that was started here, with all that it started; by force if it takes too long."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def fork(self, work, *arguments):
        """Runs a function in a process of its own, with a core of its own where there is one; gives our end of a pipe to it.

        The function gets its end of the pipe before the arguments.
        """
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("fork").Process(target=self._work, args=(work, theirs, arguments), daemon=True)
        process.start()
        self.forked.append(process.pid)
        theirs.close()
        self._exits.callback(process.join, 5)
        self._exits.callback(process.kill)
        return ours

    @staticmethod
    def _work(work, pipe, arguments):
        die_with_parent()
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        with contextlib.suppress(KeyboardInterrupt, EOFError, BrokenPipeError):
            work(pipe, *arguments)

    def relay(self, build, more="", listeners=None, level="info", address="127.0.0.1", wrapper=(),
              certificates=(CERTIFICATES / "relay-ec",), default=None, **options):
        """Starts a relay.

        - build: `debug` or `release`.
        - more: further lines of the configuration.
        - listeners: further keys for each listener, in YAML, as `fallback: tunnel ssh.localhost`; one listener without any if absent.
        - address: where it listens.
        - wrapper: words of a program that becomes the relay.
        - options: of the process, as its environment.
        - certificates: where chains and keys are, without `.pem` and `.key`.
        - default: the name whose certificate is served where none fits.
        """
        development_certificates()
        listeners = listeners or [""]
        ports = free_ports(len(listeners))
        secret = os.urandom(32).hex().encode()
        (self.folder / "secret").write_bytes(secret)
        (self.folder / "secret").chmod(0o600)
        addresses = "".join(f"  - {{ address: {address}:{port}{', ' if keys else ''}{keys} }}\n"
                            for port, keys in zip(ports, listeners))
        entries = ", ".join(f"{{ chain: {path}.pem, key: {path}.key }}" for path in certificates)
        (self.folder / "rvpn.yaml").write_text(
            f"admin_host: {ADMIN_HOST}\ntunnel_host: {TUNNEL_HOST}\nlisteners:\n{addresses}"
            f"certificates: {{ entries: [{entries}]{f', default: {default}' if default else ''} }}\n"
            f"secrets: [{{ file: secret }}]\nlog: {{ level: {level} }}\n{more}")
        self.relays += 1
        log = self.folder / f"relay-{self.relays}.log"
        words = [*wrapper, rvpn(build), "serve", "--config", str(self.folder / "rvpn.yaml")]
        with open(log, "ab") as file:
            process = self.start(words, stdout=file, stderr=file, **options)
        relay = Relay(process, ports, secret, log, address)
        until(lambda: process.poll() is not None or all(accepts(port, address) for port in ports), "the relay's listeners")
        if process.poll() is not None:
            raise Failed(f"the relay ended with {process.returncode}:\n{log.read_text()}")
        return relay

    def check(self, what, is_well, detail=""):
        """Prints a line for what was checked; a failure makes the script fail in the end."""
        self.failures += not is_well
        print(f"{'ok    ' if is_well else 'FAILED'}  {what}{f'  ({detail})' if detail else ''}", flush=True)
        return is_well


def run(arguments, seconds=60, **options):
    """Runs a program to its end and gives what it printed, as bytes; fails when it takes too long."""
    try:
        return subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=seconds, **options)
    except subprocess.TimeoutExpired as error:
        return subprocess.CompletedProcess(arguments, -1, error.stdout or b"", b"took longer than %d s" % seconds)


def told(pipe, *words, seconds=300):
    """Says something to a process of ours and gives what it answers."""
    if words:
        pipe.send(words)
    if not pipe.poll(seconds):
        raise Failed(f"no answer to {words}")
    return pipe.recv()
