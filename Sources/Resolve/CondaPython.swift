import Conda
import Lock

/// The Python of a conda environment: what follows from its package for wheels and for the prefix.
public struct CondaPython: Hashable, Sendable {
    /// Full, such as "3.10.13".
    public let version: String
    /// "3.10".
    public let minor: String
    /// "cp310", or free-threaded "cp313t".
    public let abi: String
    /// Of `.pyc` files, "cpython-310"; the free-threaded build has the same.
    public let cacheTag: String
    /// Relative to the prefix.
    public let executable: String
    /// Relative to the prefix (CEP 17).
    public let sitePackages: String

    public var isFreeThreaded: Bool { abi.hasSuffix("t") }

    /// - Parameters:
    ///   - record: of the package `python`.
    ///   - others: of the packages beside it; `python_abi` tells the ABI best.
    /// - Throws: for what is no CPython 3, or whose version cannot be read.
    public init(_ record: PackageRecord, among others: [PackageRecord] = []) throws(ResolveError) {
        func failure(_ reason: String) -> ResolveError {
            ResolveError("python \(record.version) \(record.build)", [], reason)
        }
        let abi = others.first { $0.name == "python_abi" }
        if record.build.contains("pypy") || abi?.build.contains("pypy") == true {
            throw failure("it is PyPy, and only CPython is supported; pin a build that ends in _cpython")
        }
        let numbers = record.version.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count >= 2, numbers[0] == "3", let minor = Int(numbers[1]), minor >= 0 else {
            throw failure("only CPython 3 is supported; pin a version such as 3.12.7")
        }
        version = record.version
        self.minor = "3.\(minor)"
        let plain = "cp3\(minor)"
        self.abi = Self.isFreeThreaded(record, abi, plain) ? plain + "t" : plain
        cacheTag = "cpython-3\(minor)"
        let isWindows = record.subdir.hasPrefix("win-")
        executable = isWindows ? "python.exe" : "bin/python3.\(minor)"
        let suffix = self.abi.hasSuffix("t") ? "t" : ""
        sitePackages =
            record.pythonSitePackagesPath
            ?? (isWindows ? "Lib/site-packages" : "lib/python3.\(minor)\(suffix)/site-packages")
        guard Self.isPlain(sitePackages) else {
            throw failure(
                "its python_site_packages_path is '\(sitePackages)', which is no path inside the prefix")
        }
    }

    /// `python_abi` says it in its build, `python` in its own or in what it asks of `python_abi`.
    private static func isFreeThreaded(_ python: PackageRecord, _ abi: PackageRecord?, _ plain: String)
        -> Bool
    {
        let ending = "_\(plain)t"
        if let abi { return abi.build.hasSuffix(ending) }
        return python.build == plain + "t" || python.build.hasSuffix(ending)
            || (python.depends + python.constrains).contains {
                $0.hasPrefix("python_abi ") && $0.hasSuffix(ending)
            }
            || python.pythonSitePackagesPath?.contains("/python3.\(plain.dropFirst(3))t/") == true
    }

    private static func isPlain(_ path: String) -> Bool {
        !path.isEmpty
            && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
                !["", ".", ".."].contains($0) && !$0.utf8.contains { $0 < 32 || $0 == 127 || $0 == 92 }
            }
    }

    /// What wheels beside it are chosen for.
    public func target(platform: String, glibc: GlibcVersion) -> TargetDescription {
        TargetDescription(platform: platform, python: version, abi: abi, glibc: glibc)
    }
}
