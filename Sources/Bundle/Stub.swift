import Digests

/// The POSIX shell text at the start of a bundle, rendered from `installers/stub.sh`.
public struct Stub: Sendable {
    private let template: String

    /// - Parameter template: holds `@NAME@`, `@VERSION@`, `@MACHINE@`, `@OFFSET@`, `@SIZE@`, `@SHA256@` and, on a
    ///   line of its own, `@PADDING@`.
    public init(template: String) { self.template = template }

    public struct Installer: Hashable, Sendable {
        /// Offset of its first byte in the bundle and its length, both whole pages, in bytes.
        public var offset: UInt64
        public var size: UInt64
        public var sha256: SHA256Digest

        public init(offset: UInt64, size: UInt64, sha256: SHA256Digest) {
            self.offset = offset
            self.size = size
            self.sha256 = sha256
        }
    }

    /// The text, padded to whole pages before its last line. Its length does not depend on the installer.
    public func render(name: String, version: String, platform: String, installer: Installer) -> [UInt8] {
        var text = template
        let values = [
            ("@NAME@", name), ("@VERSION@", version), ("@MACHINE@", Self.machine(of: platform)),
            ("@OFFSET@", Self.fixedWidth(installer.offset)), ("@SIZE@", Self.fixedWidth(installer.size)),
            ("@SHA256@", installer.sha256.hex),
        ]
        for (placeholder, value) in values {
            text = text.split(separator: placeholder, omittingEmptySubsequences: false).joined(
                separator: value)
        }
        let parts = text.split(separator: "@PADDING@", maxSplits: 1, omittingEmptySubsequences: false)
        precondition(parts.count == 2, "the stub's template has one place for padding")
        let page = Int(BundleLayout.page)
        let bare = parts[0].utf8.count + parts[1].utf8.count
        let padding = (page - bare % page) % page
        return Array(parts[0].utf8) + repeatElement(UInt8(ascii: "#"), count: padding) + Array(parts[1].utf8)
    }

    /// Twenty digits, as many as the largest 64-bit number has.
    public static func fixedWidth(_ value: UInt64) -> String {
        let digits = String(value)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }

    /// What `uname -m` says on a machine of a conda subdir.
    public static func machine(of platform: String) -> String {
        switch platform.split(separator: "-").last {
        case "64": "x86_64"
        case "32": "i686"
        case "arm64": "arm64"
        case .some(let name): String(name)
        case nil: platform
        }
    }
}
