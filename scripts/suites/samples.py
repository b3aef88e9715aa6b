"""What a soak looks at, written down every few seconds; and the judgement over its ebbs."""

import csv
import dataclasses
import math
import os
import time

from ground import status_of

TICKS = os.sysconf("SC_CLK_TCK")
LOOKS = 10  # at the descriptors, a tenth of a second apart
# A rise is a leak when the ebbs show it and it would matter; see `judge`.
CERTAINTY = 0.01  # one-sided, that ebbs without a trend would look like this
ENOUGH = 6  # ebbs for the test of a trend
RISE = 1 << 10  # KiB over all judged ebbs that the trend must come to
BOUND = 8 << 10  # KiB from the first judged ebb to the last that are too many in any case


@dataclasses.dataclass
class Sample:
    """The relay at one moment. At an ebb everything but memory must be as it was at the ebb before."""

    seconds: float
    tide: int
    phase: str  # flood, ebb: one of many; end: the one that counts, at the end of an ebb
    resident: int  # KiB
    proportional: int  # KiB
    files: int
    tunnels: int
    names: int
    connections: int
    streams: int
    processor: float  # seconds of processor time of the relay so far

    ENTRIES = ("files", "tunnels", "names", "connections", "streams")


FIELDS = [field.name for field in dataclasses.fields(Sample)]


def processor_seconds(pid):
    """Processor time of a process so far, in seconds."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Notebook:
    """Takes samples of a relay and keeps them in a file."""

    def __init__(self, relay, path, context):
        self.relay = relay
        self.samples = []
        self._context = context
        self._begin = time.monotonic()
        self._file = open(path, "w", newline="", encoding="ascii")
        self._writer = csv.writer(self._file)
        self._writer.writerow(FIELDS)

    def take(self, tide, phase):
        """One sample. The tables are read from the relay's status page.

        Descriptors are counted before that is asked for, and at the end of an ebb until the last one who asked has surely been closed:
        the one who asks is no visitor.
        """
        files = min(self._files() for _ in range(LOOKS if phase == "end" else 1))
        status = status_of(self.relay, self._context)
        sample = Sample(
            round(time.monotonic() - self._begin, 1), tide, phase,
            self.relay.resident(), self.relay.proportional(), files,
            status["tunnelCount"], status["nameCount"], status["connectionCount"],
            sum(each["streams"] for each in status["tunnels"]),
            round(processor_seconds(self.relay.process.pid), 2))
        self.samples.append(sample)
        self._writer.writerow(dataclasses.astuple(sample))
        self._file.flush()
        return sample

    def _files(self):
        time.sleep(0.1)
        return self.relay.descriptors()


def trend(values):
    """The probability that values without a trend rise as these do (Mann and Kendall, one-sided), and the median rise to the next.

    Ranks, not sizes: one ebb that a heap's whim made high or low says little, while a steady leak, however small, orders all pairs.
    The median of all slopes (Theil and Sen) then tells how much it is.
    """
    pairs = [(first, second) for second in range(len(values)) for first in range(second)]
    if not pairs:
        return 1.0, 0.0
    score = sum((values[second] > values[first]) - (values[second] < values[first]) for first, second in pairs)
    slopes = sorted((values[second] - values[first]) / (second - first) for first, second in pairs)
    middle = len(slopes) // 2
    slope = slopes[middle] if len(slopes) % 2 else (slopes[middle - 1] + slopes[middle]) / 2
    count = len(values)
    ties = [values.count(value) for value in set(values)]
    variance = (count * (count - 1) * (2 * count + 5) - sum(tie * (tie - 1) * (2 * tie + 5) for tie in ties)) / 18
    if variance == 0 or score <= 0:
        return 1.0, slope
    return math.erfc((score - 1) / math.sqrt(variance) / math.sqrt(2)) / 2, slope


def judge(samples):
    """Lines of (what is wanted, whether it is so, detail), from the samples at the end of each ebb.

    The first tide is not judged: it makes what stays (pools of buffers, tables that grow once, names last seen, the heap's first
    shape). Descriptors and entries must be the same at each ebb, not one more: then nobody is there but the tunnels that stay.
    Memory may wander with the heap: it has grown when ebbs rise with the certainty of CERTAINTY and by RISE in all, or, for runs
    too short for that, by BOUND.
    """
    ebbs = [sample for sample in samples if sample.phase == "end"][1:]
    if len(ebbs) < 2:
        yield "there are ebbs to compare", False, f"{len(ebbs)} after the first"
        return
    for name in Sample.ENTRIES:
        values = [getattr(ebb, name) for ebb in ebbs]
        yield f"{name} are the same at every ebb", all(value <= values[0] for value in values), " ".join(map(str, values))
    memory = [ebb.proportional for ebb in ebbs]
    probability, slope = trend(memory)
    rise = slope * (len(memory) - 1)
    is_trend = len(memory) >= ENOUGH and probability < CERTAINTY and rise > RISE
    is_rise = memory[-1] - memory[0] > BOUND
    yield "memory does not grow from ebb to ebb", not is_trend and not is_rise, (
        f"PSS {memory[0] / 1024:.1f} to {memory[-1] / 1024:.1f} MiB over {len(memory)} ebbs, median {slope:+.0f} KiB an ebb, "
        f"p = {probability:.2f}" + (
            "" if len(memory) >= ENOUGH else f"; fewer than {ENOUGH} ebbs, so only a rise of {BOUND >> 10} MiB would fail"))


def proofs():
    """That the judgement can fail: lines of (what, whether it was so), from made-up samples."""

    def verdict(**changed):
        samples = [Sample(40.0 * tide, tide, "end", 50_000, 40_000, 40, 6, 24, 7, 0, 1.0 * tide) for tide in range(12)]
        for name, change in changed.items():
            for sample in samples:
                setattr(sample, name, getattr(sample, name) + change(sample.tide))
        return [wanted for wanted, is_so, _ in judge(samples) if not is_so]

    wander = [0, 900, 300, 1200, -200, 700, 1000, 100, 400, 1300, -100, 600]
    yield "a relay that stays as it is passes", verdict() == []
    yield "a heap that wanders by a MiB passes", verdict(proportional=lambda tide: wander[tide]) == []
    yield "a heap that grows in the first tide only passes", verdict(proportional=lambda tide: 30_000 * (tide > 0)) == []
    leak = verdict(proportional=lambda tide: 300 * tide + wander[tide] // 2)
    yield "a leak of 300 KiB a tide fails, in a heap that wanders", len(leak) == 1
    yield "one descriptor that stays fails", verdict(files=lambda tide: tide > 6) != []
    yield "one entry that stays fails", all(verdict(**{name: lambda tide: tide > 10}) for name in ("connections", "streams"))
