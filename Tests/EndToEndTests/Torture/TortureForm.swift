import CLinux
import Files
import Glibc
import TestSupport

/// How thorough the sweeps are: a sample in every run of the tests, every single point for `make torture`.
enum TortureForm {
    static let isFull = getenv("AIRLIFT_TORTURE").map { String(cString: $0) } == "full"

    /// Random bits that the whole form turns round: each is an installation.
    static let flips = getenv("AIRLIFT_TORTURE_FLIPS").flatMap { Int(String(cString: $0)) } ?? 20_000

    /// A new directory, in memory where there is such a place: thousands of installations wear no disk, and wait for
    /// none.
    static func scratch() -> TemporaryDirectory {
        let memory = "/dev/shm"
        guard access(memory, W_OK) == 0, let place = try? Directory.open(memory),
            airlift_is_noexec(place.descriptor) == 0
        else { return TemporaryDirectory() }
        return TemporaryDirectory(in: memory)
    }

    /// Repeats one sweep: part of the name of its flow.
    private static let wanted = getenv("AIRLIFT_TORTURE_FLOW").map { String(cString: $0) } ?? ""

    static func wants(_ flow: String) -> Bool { wanted.isEmpty || flow.contains(wanted) }

    /// Of so many points, those that are tried: all of them, or every `stride`-th and what is asked for.
    static func points(_ count: Int, stride: Int, always: (Int) -> Bool = { _ in false }) -> [Int] {
        (0..<count).filter { isFull || $0 % stride == stride / 2 || always($0) }
    }

    /// Tells a number that belongs into docs/reliability.md.
    static func report(_ line: String) {
        guard isFull else { return }
        let bytes = Array("torture: \(line)\n".utf8)
        _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
}
