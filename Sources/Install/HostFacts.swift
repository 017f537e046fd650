import Files
import Glibc

/// What a host was when something was installed on it.
public struct HostFacts: Codable, Hashable, Sendable {
    /// Of the host in the network, as `uname -n` says.
    public var name: String
    /// Release of the kernel, as `uname -r` says.
    public var kernel: String
    /// As `uname -m` says.
    public var machine: String
    /// Version of the C library; nil where there is none of this kind.
    public var glibc: String?
    /// `PRETTY_NAME` of os-release(5), such as `Debian GNU/Linux 12 (bookworm)`.
    public var os: String?

    public init(name: String, kernel: String, machine: String, glibc: String? = nil, os: String? = nil) {
        self.name = name
        self.kernel = kernel
        self.machine = machine
        self.glibc = glibc
        self.os = os
    }

    /// - Parameter root: where the host's files lie.
    public static func current(root: String = "") -> HostFacts {
        var names = utsname()
        uname(&names)
        func text<Characters>(_ characters: Characters) -> String {
            withUnsafeBytes(of: characters) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
        }
        let places = ["\(root)/etc/os-release", "\(root)/usr/lib/os-release"]
        return HostFacts(
            name: text(names.nodename), kernel: text(names.release), machine: text(names.machine),
            glibc: HostDescription.current().glibc?.description,
            os: places.lazy.compactMap { prettyName(in: $0) }.first)
    }

    /// os-release(5): assignments of the shell, with or without quotes.
    static func prettyName(in path: String) -> String? {
        guard let bytes = try? OpenFile.read(path).bytes(at: 0, count: 65_536) else { return nil }
        let key = Array("PRETTY_NAME=".utf8)
        guard let line = bytes.split(separator: 0x0a).last(where: { $0.starts(with: key) }) else {
            return nil
        }
        var value = line.dropFirst(key.count)
        if let quote = value.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
            value.count > 1,
            value.last == quote
        {
            value = value.dropFirst().dropLast()
        }
        // A backslash stands before characters that the shell would take for its own.
        var text: [UInt8] = []
        var isEscaped = false
        for byte in value {
            if byte == UInt8(ascii: "\\"), !isEscaped {
                isEscaped = true
            } else {
                text.append(byte)
                isEscaped = false
            }
        }
        return text.isEmpty ? nil : String(validating: text, as: UTF8.self)
    }
}
