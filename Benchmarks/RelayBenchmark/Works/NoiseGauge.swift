import EdgeOpenSSL
import Glibc

/// The same work every time, before every measurement: how its cost varies is how the machine does.
struct NoiseGauge {
    private static let size = 1 << 20
    private static let rounds = 24

    /// What was measured so far, in CPU seconds per GiB of SHA-256.
    private(set) var samples: [Double] = []

    /// Measures once.
    mutating func measure() {
        let bytes = [UInt8](repeating: 7, count: Self.size)
        let start = self.cpu
        for _ in 0..<Self.rounds { _ = MessageDigest.sha256(bytes.span.bytes) }
        self.samples.append((self.cpu - start) / Double(Self.size * Self.rounds) * Double(1 << 30))
    }

    private var cpu: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
