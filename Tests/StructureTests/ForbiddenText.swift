/// Text that must not stand in the repository: host names of package registries, and paths of one machine.
struct ForbiddenText {
    struct Finding: Hashable, CustomStringConvertible {
        let path: String
        let line: Int
        let what: String

        var description: String { "\(path):\(line): \(what)" }
    }

    private let hosts: [[UInt8]]
    private let machinePaths: [[UInt8]]

    /// Put together from parts, so that this file does not hold what it looks for.
    static let airlift = ForbiddenText(
        hosts: [
            ["py", "pi.org"], ["py", "pi.python.org"], ["python", "hosted.org"], ["ana", "conda.org"],
            ["ana", "conda.com"], ["pre", "fix.dev"], ["py", "pi.tuna.tsinghua.edu.cn"],
            ["mirrors.", "aliyun.com"], ["download.", "pytorch.org"], ["registry.", "npmjs.org"],
            ["crates", ".io"],
        ].map { $0.joined() },
        machinePaths: [["/wo", "rk/"], ["/ro", "ot/"], ["/tmp/", "wt/"]].map { $0.joined() })

    init(hosts: [String], machinePaths: [String]) {
        self.hosts = hosts.map { Array($0.utf8) }
        self.machinePaths = machinePaths.map { Array($0.utf8) }
    }

    /// Host names, whole or as the end of a longer one; of other words they may be a part.
    func registryHosts(in bytes: [UInt8], path: String) -> [Finding] {
        hosts.flatMap { host in
            Self.places(of: host, in: bytes).filter { place in
                let before = place > 0 ? bytes[place - 1] : 0x20
                let end = place + host.count
                let after = end < bytes.count ? bytes[end] : 0x20
                return !Self.isNamePart(before) && !Self.isNamePart(after)
            }.map { finding(path, bytes, $0, host) }
        }
    }

    /// Absolute paths that only one machine has; the same letters within a longer path are another matter.
    func machinePaths(in bytes: [UInt8], path: String) -> [Finding] {
        machinePaths.flatMap { wanted in
            Self.places(of: wanted, in: bytes).filter { place in
                guard place > 0 else { return true }
                let before = bytes[place - 1]
                return !Self.isNamePart(before) && !Array("._)}>*".utf8).contains(before)
            }.map { finding(path, bytes, $0, wanted) }
        }
    }

    private func finding(_ path: String, _ bytes: [UInt8], _ place: Int, _ found: [UInt8]) -> Finding {
        Finding(
            path: path, line: bytes[..<place].count { $0 == 0x0a } + 1,
            what: "'\(String(decoding: found, as: UTF8.self))'")
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
            || (0x61...0x7a).contains(byte)
    }

    private static func places(of needle: [UInt8], in bytes: [UInt8]) -> [Int] {
        guard bytes.count >= needle.count, let first = needle.first else { return [] }
        return bytes.withUnsafeBufferPointer { all in
            (0...(all.count - needle.count)).filter { place in
                all[place] == first && all[place..<(place + needle.count)].elementsEqual(needle)
            }
        }
    }
}
