import Lock
import Wheels

/// A target with the rules that follow from it.
public struct Target: Sendable {
    public let description: TargetDescription
    public let python: PythonVersion
    public let environment: MarkerEnvironment
    public let tags: TargetTags

    /// - Throws: where the platform is unknown to wheels, or version or ABI cannot be read.
    public init(_ description: TargetDescription) throws(WheelError) {
        self.description = description
        let platform = try TargetPlatform(subdir: description.platform)
        python = try PythonVersion(description.python)
        environment = .cpython(python, platform: platform)
        tags = try Self.tags(description, platform, python)
    }

    /// "CPython 3.11.2 (cp311) on linux-64 with glibc 2.28".
    public var words: String {
        let glibc = description.platform.hasPrefix("linux") ? " with glibc \(description.glibc)" : ""
        return "\(description.abi) on \(description.platform)\(glibc)"
    }
}
