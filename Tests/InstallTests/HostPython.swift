import Bundle
import TestSupport

/// The machine's own interpreter, on which the environments of these tests stand.
enum HostPython {
    static let path = "/usr/bin/python3"

    /// Such as `3.11.2`; nil where there is no such interpreter.
    static let version: String? = {
        let question = "import sys; print('%d.%d.%d' % sys.version_info[:3], end='')"
        guard let ran = try? run([path, "-I", "-S", "-c", question], in: "/"), ran.code == 0 else {
            return nil
        }
        return ran.output
    }()

    static var isThere: Bool { version != nil }
    /// Such as `3.11`.
    static var minor: String { (version ?? "").split(separator: ".").prefix(2).joined(separator: ".") }
    private static var digits: String { minor.split(separator: ".").joined() }
    static var cacheTag: String { "cpython-\(digits)" }
    static var site: String { "lib/python\(minor)/site-packages" }

    static var manifest: Manifest.Python {
        Manifest.Python(
            source: .host, implementation: "cpython", version: minor, abi: "cp\(digits)", cacheTag: cacheTag,
            executable: nil, sitePackages: site)
    }
}
