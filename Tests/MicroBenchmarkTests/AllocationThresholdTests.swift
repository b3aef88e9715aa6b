import EdgeTestKit
import Foundation
import Testing

/// Allocations of the parts that every byte, packet, request or tunnel passes, against Benchmarks/thresholds.json.
///
/// They are counted in a process of its own: nothing else allocates there, and the tests keep the system's allocator.
@Suite(.enabled(if: MicroBenchmarkProgram.counts, "a sanitizer's allocator cannot be counted"))
struct AllocationThresholdTests {
    @Test
    func noOperationAllocatesMoreThanItsThreshold() throws {
        let process = try MicroBenchmarkProgram.run(["--check", MicroBenchmarkProgram.thresholds])
        #expect(process.status == .exited(0), "\(process.text)")
        #expect(process.text.contains("sniffer.hello.browser"))
    }

    @Test
    func oneAllocationMoreIsFoundInEveryOperation() throws {
        let process = try MicroBenchmarkProgram.run(["--check", MicroBenchmarkProgram.thresholds, "--extra", "1"])
        #expect(process.status == .exited(1))
        let lines = process.text.components(separatedBy: "\n")
        let operations = lines.filter { $0.contains(".") && !$0.hasPrefix("too many") }.count
        let breaches = lines.filter { $0.hasPrefix("too many: ") }.count
        #expect(breaches > 0)
        #expect(breaches == operations, "\(process.text)")
    }

    @Test
    func countingIsExact() throws {
        let process = try FinishedProcess(try MicroBenchmarkProgram.path(), ["--self-check"])
        #expect(process.text == "counting is exact\n")
        #expect(process.status == .exited(0))
    }

    @Test
    func anOperationWithoutAThresholdIsABreach() throws {
        let folder = try TemporaryFolder()
        let empty = try folder.write("none.json", "{\"debug\":{},\"release\":{}}")
        let process = try MicroBenchmarkProgram.run(["--check", empty])
        #expect(process.text.contains("has no threshold"))
        #expect(process.status == .exited(1))
    }
}
