/// Where a `noarch: python` package goes in an environment with a certain Python (CEP 17, CEP 20).
public struct NoarchPython: Hashable, Sendable {
    /// Such as `3.10`.
    public let minorVersion: String
    /// Relative to the prefix, such as `lib/python3.10/site-packages`.
    public let sitePackages: String
    /// Relative to the prefix, such as `bin/python3.10`.
    public let executable: String

    /// - Parameter python: the record of the environment's Python. Where it does not state its site-packages,
    ///   they are those of the minor version, free-threaded ones by the `t` of its build's ABI.
    /// - Throws: for a version without minor version, and for site-packages that lie outside of the prefix.
    public init(python: PackageRecord) throws(CondaError) {
        try self.init(
            version: python.version, isFreeThreaded: Self.isFreeThreaded(build: python.build),
            sitePackages: python.pythonSitePackagesPath)
    }

    public init(version: String, isFreeThreaded: Bool = false, sitePackages: String? = nil) throws(CondaError)
    {
        let parts = version.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count > 1,
            parts[..<2].allSatisfy({
                !$0.isEmpty && $0.utf8.count < 4 && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 }
            })
        else {
            throw CondaError(.version, version, "Python's is needed to at least its second number, as 3.12")
        }
        minorVersion = "\(parts[0]).\(parts[1])"
        executable = "bin/python\(minorVersion)"
        self.sitePackages =
            sitePackages ?? "lib/python\(minorVersion)\(isFreeThreaded ? "t" : "")/site-packages"
        if let fault = PackagePath.fault(self.sitePackages) {
            throw CondaError(
                .record, "python-\(version)", "its python_site_packages_path is refused: \(fault)")
        }
    }

    /// Whether a build of Python is free-threaded, such as `h4724d56_1_cp313t`.
    public static func isFreeThreaded(build: String) -> Bool {
        guard let abi = build.split(separator: "_").last, abi.hasPrefix("cp"), abi.hasSuffix("t") else {
            return false
        }
        return abi.count > 3 && abi.utf8.dropFirst(2).dropLast().allSatisfy { 0x30...0x39 ~= $0 }
    }

    /// Where a path of the archive is installed, relative to the prefix.
    public func destination(of path: String) -> String {
        if path.utf8.starts(with: Self.sitePackagesPrefix) {
            return sitePackages + path.dropFirst(Self.sitePackagesPrefix.count - 1)
        }
        if path.utf8.starts(with: Self.scriptsPrefix) {
            return "bin" + path.dropFirst(Self.scriptsPrefix.count - 1)
        }
        return path
    }

    /// Whether conda compiles a path of the archive after it was installed.
    public static func isCompiled(_ path: String) -> Bool {
        path.utf8.starts(with: sitePackagesPrefix) && path.utf8.suffix(3).elementsEqual(".py".utf8)
    }

    /// The `.pyc` that Python looks for beside an installed source (PEP 3147).
    /// - Parameter source: ends in `.py`.
    public func bytecode(of source: String) -> String {
        let slash = source.utf8.lastIndex(of: UInt8(ascii: "/"))
        let directory = slash.map { source[...$0] } ?? ""
        let stem = source[(slash.map { source.utf8.index(after: $0) } ?? source.startIndex)...].dropLast(3)
        let tag = minorVersion.utf8.filter { $0 != UInt8(ascii: ".") }
        return "\(directory)__pycache__/\(stem).cpython-\(String(decoding: tag, as: UTF8.self)).pyc"
    }

    private static let sitePackagesPrefix = Array("site-packages/".utf8)
    private static let scriptsPrefix = Array("python-scripts/".utf8)
}
