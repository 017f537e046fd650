/// What is linked into an installer, as the text that `CComponents` put there says.
public struct InstallerComponents: Hashable, Sendable {
    public struct Part: Hashable, Sendable {
        /// A package URL without version: `pkg:generic/zlib`.
        public let package: String
        /// nil where nothing tells it.
        public let version: String?
        /// An SPDX expression; nil where none is stated.
        public let license: String?

        /// The last component of the package URL.
        public var name: String { String(package.split(separator: "/").last ?? "") }
    }

    /// The installer itself.
    public let program: Part
    /// The libraries, sorted by package URL.
    public let parts: [Part]

    private static let start = "airlift-components 1\n"
    private static let end = "airlift-components end\n"
    /// Bytes between the two, at most.
    private static let longest = 16 << 10

    /// Looks for the text in an executable, which is not run and may be for any platform.
    /// - Returns: nil where there is none, as in an installer that was made otherwise.
    public static func find(in executable: [UInt8]) -> InstallerComponents? {
        guard let first = place(of: start, in: executable, from: 0) else { return nil }
        let lines = first + start.utf8.count
        guard let last = place(of: end, in: executable, from: lines), last - lines <= longest else {
            return nil
        }
        let text = String(decoding: executable[lines..<last], as: UTF8.self)
        let gcc = compiler(in: executable)
        var parts: [Part] = []
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3, fields[0].hasPrefix("pkg:"), fields.allSatisfy(isPlain) else {
                return nil
            }
            let version = fields[1] == "@gcc" ? gcc : fields[1].isEmpty ? nil : fields[1]
            parts.append(
                Part(package: fields[0], version: version, license: fields[2].isEmpty ? nil : fields[2]))
        }
        guard let program = parts.first else { return nil }
        return InstallerComponents(
            program: program, parts: parts.dropFirst().sorted { $0.package < $1.package })
    }

    /// The version of GCC that the executable's objects name: `GCC: (Debian 12.2.0-14) 12.2.0`, which is that of
    /// its run-time libraries. nil where they name several, so that it is open which one these are of.
    private static func compiler(in executable: [UInt8]) -> String? {
        let mark = "GCC: ("
        var versions: Set<String> = []
        var position = 0
        while let found = place(of: mark, in: executable, from: position) {
            position = found + mark.utf8.count
            let text = executable[found...].prefix(200).prefix { $0 != 0 }
            guard let space = text.lastIndex(of: UInt8(ascii: " ")) else { continue }
            let version = String(decoding: text[(space + 1)...], as: UTF8.self)
            if version.utf8.allSatisfy({ $0 &- 0x30 < 10 || $0 == UInt8(ascii: ".") }), !version.isEmpty {
                versions.insert(version)
            }
        }
        return versions.count == 1 ? versions.first : nil
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.count <= 200 && text.utf8.allSatisfy { (0x20..<0x7f).contains($0) }
    }

    /// Horspool's search: most bytes of an executable are never looked at.
    private static func place(of needle: String, in bytes: [UInt8], from start: Int) -> Int? {
        let needle = Array(needle.utf8)
        let count = needle.count
        var steps = [Int](repeating: count, count: 256)
        for (index, byte) in needle.dropLast().enumerated() { steps[Int(byte)] = count - 1 - index }
        return bytes.withUnsafeBufferPointer { bytes in
            var position = start
            while position <= bytes.count - count {
                let last = bytes[position + count - 1]
                if last == needle[count - 1], bytes[position..<(position + count)].elementsEqual(needle) {
                    return position
                }
                position += steps[Int(last)]
            }
            return nil
        }
    }
}
