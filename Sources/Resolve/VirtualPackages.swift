import Conda
import Lock

/// What the hosts of a target bring, as packages that others can depend on (CEP 30): names with `__`.
public struct VirtualPackages: Sendable {
    /// By name.
    public let records: [String: PackageRecord]

    /// - Parameters:
    ///   - platform: conda's name of it.
    ///   - glibc: the oldest C library that must do; it counts on Linux alone.
    ///   - overrides: what `CONDA_OVERRIDE_CUDA`, `…_LINUX`, `…_OSX`, `…_WIN` and `…_ARCHSPEC` say, by their last
    ///     word in capitals; an empty value takes the package away. A GPU driver is there only if it is said.
    public init(platform: String, glibc: GlibcVersion, overrides: [String: String] = [:]) {
        var versions = Self.defaults(platform: platform, glibc: glibc)
        for (word, version) in overrides where Self.overridable.contains(word) {
            let name = "__" + word.lowercased()
            guard word == "CUDA" || versions[name] != nil else { continue }
            versions[name] =
                version.isEmpty ? nil : word == "ARCHSPEC" ? ("1", version) : (version, "0")
        }
        records = Dictionary(
            uniqueKeysWithValues: versions.map { name, stated in
                (
                    name,
                    PackageRecord(
                        name: name, version: stated.version, build: stated.build, buildNumber: 0,
                        subdir: platform, filename: name)
                )
            })
    }

    /// The last words of the variables that are looked at; `[target] glibc` says that of `__glibc`.
    public static let overridable = ["ARCHSPEC", "CUDA", "LINUX", "OSX", "WIN"]

    /// Where the spec says nothing, the oldest that packages of today are made for: Linux 4.18, as glibc 2.28 came
    /// with, and the macOS that wheels are chosen for.
    private static func defaults(platform: String, glibc: GlibcVersion) -> [String: (
        version: String, build: String
    )] {
        var versions: [String: (version: String, build: String)] = [:]
        let parts = platform.split(separator: "-")
        switch parts.first {
        case "linux":
            versions["__linux"] = ("4.18", "0")
            versions["__glibc"] = (glibc.description, "0")
        case "osx": versions["__osx"] = (parts.last == "arm64" ? "11.0" : "10.13", "0")
        case "win": versions["__win"] = ("0", "0")
        default: break
        }
        if ["linux", "osx", "freebsd", "emscripten"].contains(parts.first) {
            versions["__unix"] = ("0", "0")
        }
        if let processor = processor(platform, parts.last) { versions["__archspec"] = ("1", processor) }
        return versions
    }

    /// archspec's name of the oldest processor of the platform.
    private static func processor(_ platform: String, _ machine: Substring?) -> String? {
        switch machine {
        case "64": "x86_64"
        case "32": "x86"
        case "arm64": platform == "osx-arm64" ? "m1" : "aarch64"
        case "aarch64", "ppc64le", "ppc64", "s390x", "riscv64": machine.map(String.init)
        default: nil
        }
    }
}
