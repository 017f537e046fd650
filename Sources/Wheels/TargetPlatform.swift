/// The operating system and processor that a conda subdir name such as `linux-64` stands for.
public struct TargetPlatform: Hashable, Sendable, CustomStringConvertible {
    public enum System: String, Sendable {
        case linux, macOS, windows
    }

    /// The conda name, for instance `osx-arm64`.
    public let subdir: String
    public let system: System
    /// As `platform.machine()` says it there: `x86_64`, `aarch64`, `arm64`, `AMD64`, …
    public let machine: String

    public init(subdir: some StringProtocol) throws(WheelError) {
        guard let (system, machine) = Self.known[String(subdir)] else {
            throw WheelError(
                .platform, subdir, "known are \(Self.known.keys.sorted().joined(separator: ", "))")
        }
        self.subdir = String(subdir)
        self.system = system
        self.machine = machine
    }

    public var description: String { subdir }

    private static let known: [String: (System, String)] = [
        "linux-32": (.linux, "i686"), "linux-64": (.linux, "x86_64"), "linux-aarch64": (.linux, "aarch64"),
        "linux-armv6l": (.linux, "armv6l"), "linux-armv7l": (.linux, "armv7l"),
        "linux-ppc64": (.linux, "ppc64"), "linux-ppc64le": (.linux, "ppc64le"),
        "linux-riscv64": (.linux, "riscv64"), "linux-s390x": (.linux, "s390x"),
        "linux-loongarch64": (.linux, "loongarch64"),
        "osx-64": (.macOS, "x86_64"), "osx-arm64": (.macOS, "arm64"),
        "win-32": (.windows, "x86"), "win-64": (.windows, "AMD64"), "win-arm64": (.windows, "ARM64"),
    ]
}
