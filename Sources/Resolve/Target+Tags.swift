import Lock
import Wheels

extension Target {
    /// - Parameter glibc: nil takes the description's.
    static func tags(
        _ description: TargetDescription, _ platform: TargetPlatform, _ python: PythonVersion,
        glibc: GlibcVersion? = nil
    ) throws(WheelError) -> TargetTags {
        let plain = "cp\(python.major)\(python.minor)"
        guard description.abi == plain || description.abi == plain + "t" else {
            throw WheelError(
                .tag, description.abi,
                "the ABI of CPython \(python) must be \(plain) or, free-threaded, \(plain)t")
        }
        return try TargetTags(
            cpython: python, freeThreaded: description.abi != plain, platform: platform,
            baseline: baseline(platform, glibc ?? description.glibc))
    }

    /// For macOS the oldest release that conda-forge's own packages run on.
    private static func baseline(_ platform: TargetPlatform, _ glibc: GlibcVersion) -> TargetTags.Baseline {
        switch platform.system {
        case .linux: .glibc(glibc.major, glibc.minor)
        case .macOS: platform.machine == "arm64" ? .macOS(11, 0) : .macOS(10, 13)
        case .windows: .windows
        }
    }

    /// The same target with a newer C library or another interpreter, to see what would fit then.
    func tags(glibc: GlibcVersion) -> TargetTags? {
        guard let platform = try? TargetPlatform(subdir: description.platform) else { return nil }
        return try? Self.tags(description, platform, python, glibc: glibc)
    }

    func tags(pythonMinor: Int) -> TargetTags? {
        guard let platform = try? TargetPlatform(subdir: description.platform) else { return nil }
        let other = TargetDescription(
            platform: description.platform, python: "3.\(pythonMinor)", abi: "cp3\(pythonMinor)",
            glibc: description.glibc)
        return try? Self.tags(other, platform, PythonVersion(3, pythonMinor))
    }
}
